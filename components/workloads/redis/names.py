"""What the parts of Redis call each other."""

from config.workloads.redis import NAMESPACE

APP = "redis"
SERVERS_SERVICE = "redis-servers"
SENTINELS_SERVICE = "redis-sentinels"
CONFIGURATION = "redis"
USER_ID = 999
"""Of the image's user redis: https://github.com/redis/docker-library-redis"""

LEAVE_SECONDS = 20
"""How long a primary that ends waits for another one."""

GRACE_SECONDS = 60
"""With `LEAVE_SECONDS` in it, and the ten that Redis gives its replicas:
https://redis.io/docs/latest/commands/shutdown/"""


def domain(service: str) -> str:
    """Below which the pods of a StatefulSet have their names."""
    return f"{service}.{NAMESPACE}.svc.cluster.local"
