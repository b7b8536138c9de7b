#!/bin/sh
# Restores the dump into the scratch database, and compares the rows of every table with those of the moment of the dump.
set -eu
cd /backup
psql --no-psqlrc --quiet --file /scripts/empty.sql
pg_restore --exit-on-error --no-owner --no-privileges --dbname="${PGDATABASE}" dump
COUNTS=/backup/restored psql --no-psqlrc --quiet --set ON_ERROR_STOP=on --file /scripts/counts.sql
psql --no-psqlrc --quiet --file /scripts/compare.sql
echo "Restore test passed: $(cat name)"
