# What no two brokers share: their number, and where clients reach each of them.
number=${HOSTNAME##*-}
advertised="INTERNAL://$HOSTNAME.$PEERS:9092"
if [[ -n ${OUTSIDE:-} ]]; then
  advertised+=",EXTERNAL://$OUTSIDE:$((FIRST_PORT + number))"
fi
if [[ -n ${KAFKA_PROCESS_ROLES:-} ]]; then
  export KAFKA_NODE_ID=$number
else
  export KAFKA_BROKER_ID=$number
fi
export KAFKA_ADVERTISED_LISTENERS=$advertised
exec /etc/confluent/docker/run
