"""Configuration of servers and Sentinels, and the permissions of clients."""

from pathlib import Path

from components.data.certificates import AUTHORITY, CERTIFICATE, KEY, MOUNT
from config.workloads.redis import GROUP, Redis

FOLDER = Path(__file__).parent / "files"

CLIENT_COMMANDS = "+@all -@admin -@dangerous +info +keys +flushdb +role +sort"
"""Commands of clients on a server: data, but no administration.

https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
"""

CLIENT_COMMANDS_ON_SENTINELS = (
    "-@all +@connection -@admin -@dangerous +hello +ping +role +subscribe +psubscribe +unsubscribe +punsubscribe "
    "+sentinel|get-master-addr-by-name +sentinel|master +sentinel|masters +sentinel|myid +sentinel|replicas "
    "+sentinel|slaves +sentinel|sentinels"
)
"""Commands of clients on a Sentinel: they discover the primary and subscribe to its changes.

https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#access-control-list-authentication
"""

SAVE_POINTS, EMPTY = "3600 1 300 100 60 10000", '""'
"""Redis's default of `save`: pairs of seconds and changes."""

FAILOVER_SECONDS = 30
"""Failover timeout, in seconds. A longer failover has failed, and the next one starts after the same time."""


def files(settings: Redis) -> dict[str, str]:
    """Return the ConfigMap's data: scripts, and the configuration that is the same in all pods."""
    scripts = {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.sh"))}
    return {**scripts, "redis.conf": _server(settings), "sentinel.conf": _sentinel(settings)}


def _server(settings: Redis) -> str:
    """Return the configuration of a server.

    https://raw.githubusercontent.com/redis/redis/8.2/redis.conf
    """
    return "\n".join(
        [
            *_tls(settings),
            *_persistence(settings),
            f"maxmemory {settings.memory_mib()}mb",
            f"maxmemory-policy {settings.eviction}",
            "# A primary that no replica follows any more may have been replaced: it takes no writes.",
            "min-replicas-to-write 1",
            "min-replicas-max-lag 10",
            *(f"{name} {value}" for name, value in sorted(settings.parameters.items())),
            "",
        ]
    )


def _tls(settings: Redis) -> list[str]:
    """Return the directives of servers and Sentinels that use TLS for clients, replication and each other.

    https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/
    """
    if not settings.tls:
        return []
    return [
        "port 0",
        f"tls-cert-file {MOUNT}/{CERTIFICATE}",
        f"tls-key-file {MOUNT}/{KEY}",
        f"tls-ca-cert-file {MOUNT}/{AUTHORITY}",
        "# Clients log in with a password.",
        "tls-auth-clients no",
        "tls-replication yes",
    ]


def _persistence(settings: Redis) -> list[str]:
    """Return the directives of persistence.

    https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
    """
    if settings.persistence == "appendonly":
        late = "at most a second late" if settings.synchronization == "everysec" else "before its response"
        return [
            f"# Each change is written down, {late}.",
            "appendonly yes",
            f"appendfsync {settings.synchronization}",
            'save ""',
        ]
    return ["appendonly no", f"save {SAVE_POINTS if settings.persistence == 'snapshots' else EMPTY}"]


def _sentinel(settings: Redis) -> str:
    """Return the configuration of a Sentinel.

    https://raw.githubusercontent.com/redis/redis/8.2/sentinel.conf
    """
    return "\n".join(
        [
            *_tls(settings),
            "# Pods keep their names and change their addresses.",
            "sentinel resolve-hostnames yes",
            "sentinel announce-hostnames yes",
            "sentinel deny-scripts-reconfig yes",
            f"sentinel down-after-milliseconds {GROUP} {settings.down_after_seconds * 1000}",
            f"sentinel failover-timeout {GROUP} {FAILOVER_SECONDS * 1000}",
            "# Replicas copy from a new primary one by one: the others answer meanwhile.",
            f"sentinel parallel-syncs {GROUP} 1",
            "",
        ]
    )
