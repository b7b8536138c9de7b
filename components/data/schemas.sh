set -eu
while read -r environment APP_USER APP_SCHEMA RESTORE_DATABASE; do
  export APP_USER APP_SCHEMA RESTORE_DATABASE
  psql --no-psqlrc --quiet --file /schemas/schemas.sql </dev/null
  # psql works out the verifier here and sends that: the server logs the statement where `log_statement` is `ddl`.
  password="$(cat "/passwords/${environment}")"
  printf '%s\n%s\n' "${password}" "${password}" |
    psql --no-psqlrc --quiet \
      --command "SET password_encryption = 'scram-sha-256'" --command "\\password ${APP_USER}" 2>/tmp/prompts ||
    { cat /tmp/prompts >&2; exit 1; }
  echo "${environment}: schema ${APP_SCHEMA} of ${PGDATABASE} is ready for ${APP_USER}"
done </schemas/owners
