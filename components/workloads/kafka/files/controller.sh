export KAFKA_NODE_ID=$((FIRST_NUMBER + ${HOSTNAME##*-}))
if [[ -n ${PEERS:-} ]]; then
  # The name that brokers get to know it by is in its certificate.
  export KAFKA_LISTENERS=CONTROLLER://$HOSTNAME.$PEERS:9093
fi
exec /etc/confluent/docker/run
