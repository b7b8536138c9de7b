#!/bin/sh
# Starts a Sentinel with what it knew before, and with the passwords and settings of today.
set -eu

state=/state/sentinel.conf

hash() {
    printf %s "$1" | sha256sum | cut -d ' ' -f 1
}

# Itself, the primary and how often it has changed, and the others, without those that are no more.
known() {
    awk -v group="$GROUP" -v quorum="$QUORUM" -v sentinels="$SENTINELS" -v servers="$SERVERS" '
        $1 != "sentinel" { next }
        $2 == "myid" || $2 ~ /-epoch$/ { print }
        $2 == "monitor" && $3 == group { $6 = quorum; print }
        $2 ~ /^known-/ {
            split($4, name, ".")
            sub(/.*-/, "", name[1])
            if (name[1] + 0 < ($2 == "known-sentinel" ? sentinels : servers)) print
        }
    ' "$state"
}

{
    cat /configuration/sentinel.conf
    echo "bind $POD_IP"
    echo "sentinel announce-ip $POD_NAME.$SENTINELS_DOMAIN"
    if [ -s "$state" ] && grep -q "^sentinel monitor $GROUP " "$state"; then
        known
    else
        echo "sentinel monitor $GROUP redis-0.$SERVERS_DOMAIN $SERVER_PORT $QUORUM"
    fi
    echo "sentinel auth-user $GROUP platform"
    echo "sentinel auth-pass $GROUP $PLATFORM_PASSWORD"
    echo "sentinel sentinel-user platform"
    echo "sentinel sentinel-pass $PLATFORM_PASSWORD"
    echo "user default on #$(hash "$REDIS_PASSWORD") &* $CALLER_RIGHTS"
    echo "user platform on #$(hash "$PLATFORM_PASSWORD") ~* &* +@all"
} >"$state.new"
mv "$state.new" "$state"
exec redis-sentinel "$state" --dir /state "--${TLS_OPTIONS:+tls-}port" "$SENTINEL_PORT"
