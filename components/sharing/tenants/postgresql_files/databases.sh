set -eu
. /databases/password.sh
psql --no-psqlrc --quiet --file /databases/server.sql
while read -r tenant APP_USER; do
  APP_DATABASE="${APP_USER}"
  export APP_USER APP_DATABASE
  psql --no-psqlrc --quiet --file /databases/database_user.sql </dev/null
  psql --no-psqlrc --quiet --file /databases/tenant.sql </dev/null
  set_password /databases/password.sql "$(cat "/passwords/${tenant}")"
  echo "${tenant}: database ${APP_DATABASE} is ready"
done </databases/tenants
