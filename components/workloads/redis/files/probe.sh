#!/bin/sh
# Whether it is `alive`: it answers, be it that it loads. Or `ready`: it serves, a replica with its primary's data.
set -eu

ask() {
    REDISCLI_AUTH="$PLATFORM_PASSWORD" timeout 4 redis-cli ${TLS_OPTIONS:-} --user platform -h "$POD_IP" -p "$OWN_PORT" "$@" 2>/dev/null
}

answer=$(ask ping)
case "$1 $answer" in
    "alive PONG" | "alive LOADING"* | "alive MASTERDOWN"* | "alive BUSY"*) ;;
    "ready PONG") ask info replication | grep -Eq '^(role:master|master_link_status:up)' ;;
    *) exit 1 ;;
esac
