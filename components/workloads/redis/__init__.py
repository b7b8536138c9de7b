"""Redis, watched by Sentinels."""

from components.workloads.redis.workload import Redis

__all__ = ["Redis"]
