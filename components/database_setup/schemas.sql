-- One environment's user and schema in a database that it shares with others. Safe to run again: it ends in the same
-- state. Names come from the environment; the password is set by schemas.sh.
\set ON_ERROR_STOP on
\getenv app_user APP_USER
\getenv app_schema APP_SCHEMA
\getenv restore_database RESTORE_DATABASE

-- Where something is as it should be already, a notice says so.
SET client_min_messages = warning;

BEGIN;

SELECT format('CREATE ROLE %I', :'app_user')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app_user') \gexec
ALTER ROLE :"app_user" WITH LOGIN;

-- A master user of RDS is no superuser: it gives a schema away only to a role that it may act as. Since PostgreSQL 16
-- having made the role is not enough.
GRANT :"app_user" TO CURRENT_USER;

-- The database: those who are named connect, and nobody makes anything outside of a schema of its own. Temporary tables
-- would fill the disk that all share.
REVOKE CONNECT, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"app_user";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The schema.
CREATE SCHEMA IF NOT EXISTS :"app_schema" AUTHORIZATION :"app_user";
ALTER SCHEMA :"app_schema" OWNER TO :"app_user";
REVOKE ALL ON SCHEMA :"app_schema" FROM PUBLIC;
GRANT ALL ON SCHEMA :"app_schema" TO :"app_user";

-- What the master user has made there by hand, and what it will make.
SELECT format(
    'GRANT ALL ON %s %s TO %I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass, :'app_user'
)
FROM pg_class
WHERE relnamespace = :'app_schema'::regnamespace
  AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND pg_get_userbyid(relowner) = current_user
ORDER BY oid \gexec
ALTER DEFAULT PRIVILEGES IN SCHEMA :"app_schema" GRANT ALL ON TABLES TO :"app_user";
ALTER DEFAULT PRIVILEGES IN SCHEMA :"app_schema" GRANT ALL ON SEQUENCES TO :"app_user";
ALTER DEFAULT PRIVILEGES IN SCHEMA :"app_schema" GRANT ALL ON FUNCTIONS TO :"app_user";
ALTER DEFAULT PRIVILEGES IN SCHEMA :"app_schema" GRANT ALL ON TYPES TO :"app_user";

-- What the user makes is nobody else's: functions and types are PUBLIC's otherwise.
ALTER DEFAULT PRIVILEGES FOR ROLE :"app_user" REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE :"app_user" REVOKE ALL ON TYPES FROM PUBLIC;

-- It finds its tables without naming the schema. That is convenience: the rights above are what keeps others out.
ALTER ROLE :"app_user" SET search_path TO :"app_schema", public;

COMMIT;

-- Where dumps are tried out. A database of another owner is not touched: restore tests empty theirs.
SELECT :'restore_database' <> '' AS restorable \gset
\if :restorable
SELECT EXISTS (
    SELECT FROM pg_database WHERE datname = :'restore_database' AND pg_get_userbyid(datdba) <> :'app_user'
) AS taken \gset
\if :taken
\warn 'database' :restore_database 'is not of' :app_user
DO $$ BEGIN RAISE EXCEPTION 'the database for restore tests belongs to another user'; END $$;
\endif
SELECT format('CREATE DATABASE %I OWNER %I', :'restore_database', :'app_user')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'restore_database') \gexec
REVOKE ALL ON DATABASE :"restore_database" FROM PUBLIC;
\endif
