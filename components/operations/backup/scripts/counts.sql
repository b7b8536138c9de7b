-- The rows of every table that a dump of the schema has, as lines of name,rows in the file COUNTS.
\getenv schema DB_SCHEMA
\getenv counts COUNTS
SET statement_timeout = 0;
-- Rows that a policy hides are a mistake here, and not fewer rows.
SET row_security = off;
\pset format csv
\pset tuples_only on
\o :counts
SELECT format('SELECT %L, count(*) FROM ONLY %s', relname, oid::regclass)
FROM pg_class
WHERE relnamespace = :'schema'::regnamespace
  AND relkind = 'r'
  -- Those of an extension come with it.
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
  )
ORDER BY relname COLLATE "C" \gexec
\o
