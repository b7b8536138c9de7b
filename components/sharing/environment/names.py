"""Names that the parts of an environment and its applications share."""

DATABASE_SECRET = "db-credentials"
CACHE_SECRET = "redis-credentials"
CACHE_CONFIGURATION = "redis-config"
CONNECTIONS = "connections"
MODELS_SECRET = "model-keys"


def labels(environment: str) -> dict[str, str]:
    """Return the labels of an environment's objects."""
    return {
        "app.kubernetes.io/name": environment,
        "app.kubernetes.io/component": "environment",
        "app.kubernetes.io/part-of": "ai-platform",
        "app.kubernetes.io/managed-by": "pulumi",
    }
