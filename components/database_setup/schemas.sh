set -eu
. /schemas/password.sh
while read -r environment APP_USER APP_SCHEMA RESTORE_DATABASE; do
  export APP_USER APP_SCHEMA RESTORE_DATABASE
  psql --no-psqlrc --quiet --file /schemas/schemas.sql </dev/null
  set_password /schemas/password.sql "$(cat "/passwords/${environment}")"
  echo "${environment}: schema ${APP_SCHEMA} of ${PGDATABASE} is ready for ${APP_USER}"
done </schemas/owners
