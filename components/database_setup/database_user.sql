-- One user and one of its databases. Safe to run again: it ends in the same state.
-- Names come from the environment; the password is set by password.sh.
\set ON_ERROR_STOP on
\getenv app_user APP_USER
\getenv app_database APP_DATABASE

SELECT format('CREATE ROLE %I LOGIN', :'app_user')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app_user') \gexec

-- A master user of RDS is no superuser: it gives a database away only to a role that it may act as. Since PostgreSQL 16
-- having made the role is not enough. Where it is granted already, a notice says so.
SET client_min_messages = warning;
GRANT :"app_user" TO CURRENT_USER;

ALTER ROLE :"app_user" WITH LOGIN;

SELECT format('CREATE DATABASE %I OWNER %I', :'app_database', :'app_user')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'app_database') \gexec

-- Since PostgreSQL 15 the owner of a database owns its public schema too.
ALTER DATABASE :"app_database" OWNER TO :"app_user";
REVOKE ALL ON DATABASE :"app_database" FROM PUBLIC;
