export ZOOKEEPER_SERVER_ID=$((${HOSTNAME##*-} + 1))
exec /etc/confluent/docker/run
