#!/bin/sh
# Dumps one schema and counts the rows of its tables, both as of one moment. The upload finds files only of a dump that
# is whole.
set -eu
cd /backup
# What an earlier attempt has left.
rm -f ./*
name="${ENVIRONMENT}_backup_$(date -u +%Y%m%d_%H%M%S)"

echo "Dumping schema ${DB_SCHEMA} of ${PGDATABASE}"
psql --no-psqlrc --quiet --file /scripts/dump.sql

# To its last byte: the list of contents alone is at the beginning.
pg_restore --file=/dev/null dump
pg_restore --list dump >list
dumped="$(grep -c '^[0-9]*; [0-9]* [0-9]* TABLE DATA ' list || true)"
counted="$(wc -l <counts)"
if [ "${dumped}" -ne "${counted}" ]; then
  echo "The dump has data of ${dumped} tables, and the schema has ${counted}" >&2
  exit 1
fi
if [ "${counted}" -eq 0 ]; then
  echo "The schema has no tables"
fi
rm list
mv counts "${name}.counts.csv"
mv dump "${name}.sql"
echo "Dumped ${counted} tables into ${name}.sql"
