set -eu
# initdb refuses a folder that it has half filled.
if [ ! -d "${PGDATA}" ]; then
  rm -rf "${PGDATA}.new"
  # A locale of PostgreSQL's own: with the system's, another image may sort otherwise and break indexes.
  initdb --pgdata="${PGDATA}.new" --username=postgres --auth=reject --data-checksums --encoding=UTF8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C
  mv "${PGDATA}.new" "${PGDATA}"
fi
# The kubelet opens what is on a volume to the pod's group, with which PostgreSQL does not start.
chmod 700 "${PGDATA}"
# At each start, so that a rotated password is the only one. No client is there yet, and nothing is logged.
printf "ALTER ROLE postgres PASSWORD '%s'\n" "${SUPERUSER_PASSWORD}" |
  postgres --single -D "${PGDATA}" -c log_statement=none postgres >/dev/null
unset SUPERUSER_PASSWORD
# Parallel workers share memory in /dev/shm, of which a container has 64 MB.
exec postgres -D "${PGDATA}" \
  -c listen_addresses=0.0.0.0 \
  -c unix_socket_directories= \
  -c hba_file=/configuration/pg_hba.conf \
  -c ssl=on \
  -c ssl_cert_file=/certificate/server.crt \
  -c ssl_key_file=/certificate/server.key \
  -c max_connections="${MAX_CONNECTIONS}" \
  -c max_parallel_workers_per_gather=0 \
  -c max_parallel_maintenance_workers=0 \
  -c log_connections=on
