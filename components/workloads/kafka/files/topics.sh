# Creates each topic, adds partitions, and sets what the stack file says of it. It may run again.
client=$(mktemp)
printf '%s\n' "${CLIENT:-}" >"$client"
tool() {
  "$1" --bootstrap-server "$SERVERS" --command-config "$client" "${@:2}" </dev/null
}
while read -r topic partitions replication settings; do
  tool kafka-topics --create --if-not-exists --topic "$topic" --partitions "$partitions" \
    --replication-factor "$replication" >/dev/null
  tool kafka-configs --alter --entity-type topics --entity-name "$topic" --add-config "$settings" >/dev/null
  found=$(tool kafka-topics --describe --topic "$topic" | sed -n 's/.*PartitionCount: *\([0-9]*\).*/\1/p')
  if ((found < partitions)); then
    tool kafka-topics --alter --topic "$topic" --partitions "$partitions" >/dev/null
  elif ((found > partitions)); then
    echo "$topic: keeps $found partitions, because Kafka cannot remove any"
  fi
  echo "$topic: ready"
done <<<"$TOPICS"
