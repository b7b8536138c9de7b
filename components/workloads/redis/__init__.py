"""Redis with Sentinels."""

from components.workloads.redis.workload import Redis
from components.workloads.workload import Build
from config.workloads.redis import Redis as Settings

BUILD: Build[Settings] = Redis
