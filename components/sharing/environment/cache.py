"""Connection settings of an environment's part of a cache."""

import pulumi

from components.data.cache import Cache
from config.environments import EnvironmentCache


def cache_settings(settings: EnvironmentCache, cache: Cache, *, environment: str) -> dict[str, pulumi.Input[str]]:
    """Return the settings of the ConfigMap.

    The host is ElastiCache's own DNS name, which is in its TLS certificate. The database number separates keys.
    Environments are isolated by the cache user, which can only write keys with its prefix.
    """
    return {
        "REDIS_URL": pulumi.Output.format("rediss://{0}:{1}/{2}", cache.address, cache.port, settings.index),
        "REDIS_DB": str(settings.index),
        "REDIS_HOST": cache.address,
        "REDIS_PORT": str(cache.port),
        "REDIS_KEY_PREFIX": settings.key_prefix or f"{environment}:",
    }
