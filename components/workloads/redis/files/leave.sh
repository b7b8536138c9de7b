#!/bin/sh
# Before the primary's pod ends another server takes over: a second, instead of the time until it is missed.
set -eu

ask() {
    REDISCLI_AUTH="$PLATFORM_PASSWORD" timeout 3 redis-cli ${TLS_OPTIONS:-} --user platform "$@" 2>/dev/null || true
}

is_primary() {
    ask -h "$POD_IP" -p "$SERVER_PORT" role | head -n 1 | grep -qx master
}

number=0
while is_primary && [ "$number" -lt "$SENTINELS" ]; do
    told=$(ask -h "redis-sentinel-$number.$SENTINELS_DOMAIN" -p "$SENTINEL_PORT" sentinel failover "$GROUP")
    number=$((number + 1))
    [ "$told" = OK ] || continue
    waited=0
    while is_primary && [ "$waited" -lt "$LEAVE_SECONDS" ]; do
        sleep 1
        waited=$((waited + 1))
    done
    break
done
