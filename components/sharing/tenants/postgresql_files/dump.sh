#!/bin/sh
# Dumps the database of every tenant, and counts the rows of its tables, both as of one moment.
set -eu
cd /backup
# What an earlier attempt has left.
rm -f ./*
time="$(date -u +%Y%m%d_%H%M%S)"
while read -r tenant PGDATABASE; do
  export PGDATABASE
  psql --no-psqlrc --quiet --file /scripts/dump.sql </dev/null
  # To its last byte: the list of contents alone is at the beginning.
  pg_restore --file=/dev/null dump
  mv counts "${tenant}_backup_${time}.counts.csv"
  mv dump "${tenant}_backup_${time}.sql"
  echo "Dumped ${PGDATABASE}"
done </scripts/tenants
