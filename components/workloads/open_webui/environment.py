"""Environment variables of Open WebUI's processes, each defined once.

https://docs.openwebui.com/reference/env-configuration
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.open_webui import variables
from components.context.endpoints import Endpoint
from components.data.cache import Cache
from components.database_setup.database_user import DatabaseUser
from components.kubernetes.pods import environment
from components.workloads.open_webui.names import DATABASE, FILES_FOLDER, SCRATCH
from components.workloads.open_webui.secrets import OpenWebuiSecrets
from config.variables import references
from config.workloads.open_webui import VECTOR_CONNECTIONS, OpenWebui

DATABASE_URL = "postgresql://{0}:$(DATABASE_PASSWORD)@{1}:{2}/{3}?sslmode=require"
CACHE_URL = "rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@{0}:{1}/0"
NAMED = {
    **dict.fromkeys(("DATABASE_URL", "PGVECTOR_DB_URL"), references(DATABASE_URL)),
    **dict.fromkeys(("REDIS_URL", "WEBSOCKET_REDIS_URL"), references(CACHE_URL)),
}
"""The variables that the URLs refer to; their addresses are known after the database and the cache are created."""


def database_environment(user: DatabaseUser, secrets: OpenWebuiSecrets) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the variables of the database; TLS is required."""
    url = pulumi.Output.format(DATABASE_URL, user.user, user.database.address, user.database.port, DATABASE)
    return [
        *secrets.database_login.environment({"DATABASE_PASSWORD": "password"}),
        *environment(
            {
                "DATABASE_URL": url,
                "PGVECTOR_DB_URL": url,
                "VECTOR_DB": "pgvector",
                # The Job of the database user creates it: this user has no permission.
                "PGVECTOR_CREATE_EXTENSION": "false",
                # Without sizes each pool grows to what its library allows.
                "PGVECTOR_POOL_SIZE": str(VECTOR_CONNECTIONS - 1),
                "PGVECTOR_POOL_MAX_OVERFLOW": "1",
            }
        ),
    ]


def common_environment() -> dict[str, pulumi.Input[str]]:
    """Return the variables of all processes: they write to their own folder only, and send no telemetry."""
    return {
        "DATA_DIR": f"{SCRATCH}/data",
        "STATIC_DIR": f"{SCRATCH}/static",
        "ENV": "prod",
        "SCARF_NO_ANALYTICS": "true",
        "DO_NOT_TRACK": "true",
        "ANONYMIZED_TELEMETRY": "false",
    }


def server_environment(
    settings: OpenWebui,
    *,
    region: str,
    bucket_name: pulumi.Input[str],
    cache: Cache,
    models: Endpoint,
    database_user: DatabaseUser,
    secrets: OpenWebuiSecrets,
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return a server's variables, the same in all replicas."""
    redis = pulumi.Output.format(CACHE_URL, cache.address, cache.port)
    address = f"https://{settings.host}"
    return [
        *database_environment(database_user, secrets),
        *secrets.environment(embeddings=settings.embeddings is not None),
        *environment(
            {
                **common_environment(),
                "HOME": SCRATCH,
                "DATABASE_POOL_SIZE": str(settings.connections - 1),
                "DATABASE_POOL_MAX_OVERFLOW": "1",
                # The Job before the servers runs the migrations.
                "ENABLE_DB_MIGRATIONS": "False",
                # The settings of the web interface are in the database, for all replicas; `settings_container` writes
                # those of the stack file.
                "ENABLE_PERSISTENT_CONFIG": "True",
                "REDIS_URL": redis,
                "ENABLE_WEBSOCKET_SUPPORT": "True",
                "WEBSOCKET_MANAGER": "redis",
                "WEBSOCKET_REDIS_URL": redis,
                "STORAGE_PROVIDER": "s3",
                "S3_BUCKET_NAME": bucket_name,
                "S3_REGION_NAME": region,
                "S3_KEY_PREFIX": FILES_FOLDER,
                "S3_ADDRESSING_STYLE": "virtual",
                "WEBUI_URL": address,
                "CORS_ALLOW_ORIGIN": address,
                "WEBUI_SESSION_COOKIE_SECURE": "True",
                "WEBUI_AUTH_COOKIE_SECURE": "True",
                "ENABLE_SIGNUP": str(settings.sign_up),
                "DEFAULT_USER_ROLE": settings.new_users,
                "ENABLE_OLLAMA_API": "False",
                "OPENAI_API_BASE_URL": models.base_url,
                "ENABLE_VERSION_UPDATE_CHECK": "False",
                **_embeddings(settings, models),
                **settings.environment,
            }
        ),
    ]


def decided(env: Sequence[kubernetes.core.v1.EnvVarArgs]) -> list[str]:
    """Return the settings of the web interface that variables decide, each once."""
    names = (str(one.name) for one in env)
    return sorted({setting for name in names for setting in variables().get(name, ())})


def _embeddings(settings: OpenWebui, models: Endpoint) -> dict[str, str]:
    """Return the variables of the model that computes embeddings of documents."""
    if settings.embeddings is None:
        # The image contains the model; without these variables each start would query the Hub for it.
        return {"RAG_EMBEDDING_MODEL_AUTO_UPDATE": "False", "HF_HUB_OFFLINE": "1"}
    return {
        "RAG_EMBEDDING_ENGINE": "openai",
        "RAG_EMBEDDING_MODEL": settings.embeddings.model,
        "RAG_OPENAI_API_BASE_URL": models.base_url,
        "PGVECTOR_INITIALIZE_MAX_VECTOR_LENGTH": str(settings.embeddings.dimensions),
    }
