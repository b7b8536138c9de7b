-- Drops the schema, in a database that is the user's own: the one that environments share is the master user's.
\set ON_ERROR_STOP on
\getenv schema DB_SCHEMA
SET client_min_messages = warning;
SELECT pg_get_userbyid(datdba) = current_user AS own FROM pg_database WHERE datname = current_database() \gset
\if :own
DROP SCHEMA IF EXISTS :"schema" CASCADE;
\else
\warn :DBNAME 'is no scratch database of' :USER
DO $$ BEGIN RAISE EXCEPTION 'nothing is dropped here'; END $$;
\endif
