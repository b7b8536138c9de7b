export KAFKA_NODE_ID=$((FIRST_NUMBER + ${HOSTNAME##*-}))
exec /etc/confluent/docker/run
