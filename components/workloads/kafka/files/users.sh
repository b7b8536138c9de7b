# Gives each user the password of its secret, and takes the login of all others. It may run again.
login=$(mktemp)
number=0
for user in $USERS; do
  variable=PASSWORD_$number
  printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "${!variable}" >"$login"
  kafka-configs --bootstrap-server "$SERVERS" --alter --entity-type users --entity-name "$user" \
    --add-config-file "$login" >/dev/null
  echo "$user: password set"
  number=$((number + 1))
done
rm "$login"
kafka-configs --bootstrap-server "$SERVERS" --describe --entity-type users |
  sed -n "s/^SCRAM credential configs for user-principal '\(.*\)' are .*/\1/p" |
  while read -r user; do
    if [[ " $USERS " != *" $user "* ]]; then
      kafka-configs --bootstrap-server "$SERVERS" --alter --entity-type users --entity-name "$user" \
        --delete-config SCRAM-SHA-512 >/dev/null </dev/null
      echo "$user: login taken"
    fi
  done
