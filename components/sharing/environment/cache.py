"""Where an environment finds its part of a cache."""

import pulumi

from components.data.cache import Cache
from config.environments import EnvironmentCache


def cache_settings(settings: EnvironmentCache, cache: Cache, *, environment: str) -> dict[str, pulumi.Input[str]]:
    """What the ConfigMap says.

    The host is ElastiCache's own name, which is in the certificate of its TLS. The database's number keeps keys apart;
    what keeps environments apart is the user, who has to write keys that begin with the prefix.
    """
    return {
        "REDIS_URL": pulumi.Output.format("rediss://{0}:{1}/{2}", cache.address, cache.port, settings.index),
        "REDIS_DB": str(settings.index),
        "REDIS_HOST": cache.address,
        "REDIS_PORT": str(cache.port),
        "REDIS_KEY_PREFIX": settings.key_prefix or f"{environment}:",
    }
