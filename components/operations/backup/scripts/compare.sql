\set ON_ERROR_STOP on
CREATE TEMPORARY TABLE recorded (name text, rows bigint);
CREATE TEMPORARY TABLE restored (name text, rows bigint);
\copy recorded FROM '/backup/recorded' CSV
\copy restored FROM '/backup/restored' CSV
CREATE TEMPORARY VIEW compared AS
SELECT name, recorded.rows AS recorded, restored.rows AS restored, recorded.rows IS NOT DISTINCT FROM restored.rows AS same
FROM recorded FULL JOIN restored USING (name);
SELECT name AS "table", recorded, restored, CASE WHEN same THEN '' ELSE 'differs' END AS " " FROM compared ORDER BY name;
SELECT count(*) > 0 AS differs FROM compared WHERE NOT same \gset
\if :differs
DO $$ BEGIN RAISE EXCEPTION 'the restored tables differ from those that were dumped'; END $$;
\endif
