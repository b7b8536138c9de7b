#!/bin/sh
# Starts a server in the role that most of the Sentinels give it: whoever was the primary once is not for ever.
set -eu

me="$POD_NAME.$SERVERS_DOMAIN"

hash() {
    printf %s "$1" | sha256sum | cut -d ' ' -f 1
}

ask() {
    REDISCLI_AUTH="$PLATFORM_PASSWORD" timeout 3 redis-cli ${TLS_OPTIONS:-} --user platform -h "redis-sentinel-$1.$SENTINELS_DOMAIN" \
        -p "$SENTINEL_PORT" sentinel "$2" "$GROUP" 2>/dev/null || true
}

ask_all() {
    number=0
    while [ "$number" -lt "$SENTINELS" ]; do
        ask "$number" "$1"
        number=$((number + 1))
    done
}

# What most of the Sentinels call the primary; nothing where they do not answer or differ.
primary() {
    ask_all get-master-addr-by-name | grep -F ".$SERVERS_DOMAIN" | sort | uniq -c |
        awk -v most="$((SENTINELS / 2 + 1))" '$1 >= most { print $2 }'
}

# Whether a Sentinel has seen a replica: then there is data somewhere.
has_replicas() {
    ask_all replicas | grep -q '^name$'
}

# Whether the volume has every write.
keeps_writes() {
    grep -qx 'appendonly yes' /configuration/redis.conf && [ -e /data/appendonlydir ]
}

while :; do
    primary=$(primary)
    if [ -z "$primary" ]; then
        echo "waits until most of the Sentinels name one primary"
    elif [ "$primary" != "$me" ] || keeps_writes || ! has_replicas; then
        break
    else
        # As the primary it would have its replicas drop all data, or what they got after its last snapshot.
        echo "lacks data that others have: waits until one of them is the primary"
    fi
    sleep 1
done
echo "starts as $me; the primary is $primary"

{
    cat /configuration/redis.conf
    echo "bind $POD_IP"
    # Names stay, addresses change with each pod.
    echo "replica-announce-ip $me"
    echo "masteruser platform"
    echo "masterauth $PLATFORM_PASSWORD"
    echo "user default on #$(hash "$REDIS_PASSWORD") ~* &* $CALLER_RIGHTS"
    echo "user platform on #$(hash "$PLATFORM_PASSWORD") ~* &* +@all"
    if [ "$primary" != "$me" ]; then
        echo "replicaof $primary $SERVER_PORT"
    fi
} >/run/redis/redis.conf
exec redis-server /run/redis/redis.conf --dir /data "--${TLS_OPTIONS:+tls-}port" "$SERVER_PORT"
