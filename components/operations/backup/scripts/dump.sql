-- The transaction lends its snapshot to pg_dump, and counts in it afterwards: rows that come meanwhile are in neither.
\set ON_ERROR_STOP on
SET idle_in_transaction_session_timeout = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --schema="${DB_SCHEMA}" --snapshot="${SNAPSHOT}" --file=/backup/dump
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'pg_dump failed'; END $$;
\endif
\setenv COUNTS /backup/counts
\ir counts.sql
COMMIT;
