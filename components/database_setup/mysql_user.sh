# A user of one MySQL database. Safe to run again: it ends in the same state. The password is letters and digits, as
# AWS makes it, and goes through a pipe; the master user's is as RDS keeps it at this time.
set -eu
case "${APP_PASSWORD}" in
  "" | *[!A-Za-z0-9]*)
    echo "the password of ${APP_USER} is not one that AWS has made" >&2
    exit 1
    ;;
esac
# An underscore in a grant stands for any character: prod_db would be prodXdb too.
granted="$(printf %s "${APP_DATABASE}" | sed 's/_/\\_/g')"
mysql --no-defaults --host="${MYSQL_HOST}" --port="${MYSQL_PORT}" --user="${MYSQL_MASTER}" --ssl-mode=REQUIRED --batch <<SQL
CREATE DATABASE IF NOT EXISTS \`${APP_DATABASE}\`;
CREATE USER IF NOT EXISTS '${APP_USER}'@'%' IDENTIFIED BY '${APP_PASSWORD}' REQUIRE SSL;
ALTER USER '${APP_USER}'@'%' IDENTIFIED BY '${APP_PASSWORD}' REQUIRE SSL ACCOUNT UNLOCK;
GRANT ALL PRIVILEGES ON \`${granted}\`.* TO '${APP_USER}'@'%';
SQL
