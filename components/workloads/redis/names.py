"""Names that the parts of Redis share."""

from config.workloads.redis import NAMESPACE

APP = "redis"
SERVERS_SERVICE = "redis-servers"
SENTINELS_SERVICE = "redis-sentinels"
CONFIGURATION = "redis"
USER_ID = 999
"""ID of the image's user redis: https://github.com/redis/docker-library-redis"""

LEAVE_SECONDS = 20
"""Seconds that a terminating primary waits for a new one."""

GRACE_SECONDS = 60
"""In seconds. It includes `LEAVE_SECONDS`, and ten seconds in which Redis waits for its replicas:
https://redis.io/docs/latest/commands/shutdown/
"""


def domain(service: str) -> str:
    """Return the domain of a StatefulSet's pods."""
    return f"{service}.{NAMESPACE}.svc.cluster.local"
