# Gives each user the password of its secret, and takes the login of all others. It may run again.
login=$(mktemp)
client=$(mktemp)
printf '%s\n' "${CLIENT:-}" >"$client"
configure() {
  kafka-configs --bootstrap-server "$SERVERS" --command-config "$client" --entity-type users "$@" </dev/null
}
number=0
for user in $USERS; do
  variable=PASSWORD_$number
  printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "${!variable}" >"$login"
  configure --alter --entity-name "$user" --add-config-file "$login" >/dev/null
  echo "$user: password set"
  number=$((number + 1))
done
rm "$login"
configure --describe |
  sed -n "s/^SCRAM credential configs for user-principal '\(.*\)' are .*/\1/p" |
  while read -r user; do
    if [[ " $USERS " != *" $user "* ]]; then
      configure --alter --entity-name "$user" --delete-config SCRAM-SHA-512 >/dev/null
      echo "$user: login taken"
    fi
  done
