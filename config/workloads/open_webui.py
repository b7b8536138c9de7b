"""Open WebUI: a chat front end for models."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.versions import OPEN_WEBUI_IMAGE
from config.nodes import Taint
from config.overrides import SECRETS, Override, Refused
from config.types.contacts import EmailAddress
from config.types.names import DnsName, LabelKey, LabelValue
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import Quantity
from config.types.references import BucketRef, CacheRef, ModelRef, PostgresRef, VirtualKeyRef
from config.types.storage import SecretName
from config.workloads.litellm_models import RouteName
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Workload

NAMESPACE = "open-webui"
PORT = 8080
VECTOR_CONNECTIONS = 5
"""Database connections of a replica for vectors of documents."""

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(("database_pool_*",), "use connections"),
            Refused(
                ("database_*", "pgvector_*", "redis_*", "websocket_*", "s3_*", "storage_provider", "vector_db"),
                "database, cache and bucket are derived from other settings",
            ),
            Refused(("openai_*", "webui_secret_key", "webui_admin_*", "pg*"), "keys come from Secrets Manager"),
            Refused(("rag_embedding_*", "rag_openai_*"), "use embeddings"),
            Refused(("enable_signup", "default_user_role"), "use signUp and newUsers"),
            Refused(("webui_url", "cors_allow_origin", "webui_*_cookie_secure"), "it is derived from host"),
            Refused(("enable_db_migrations",), "a Job migrates the database before the servers start"),
            Refused(("enable_websocket_support", "uvicorn_workers"), "replicas share connections through the cache"),
            Refused(
                ("home", "data_dir", "static_dir", "port", "host", "env", "hf_hub_offline"),
                "the container's volumes and ports depend on it",
            ),
            Refused(
                ("enable_persistent_config", "reset_config_on_start"),
                "the database keeps what administrators change, and the stack file decides what it sets",
            ),
            Refused(("webui_auth", "webui_auth_trusted_*"), "users sign in with a password or OAuth"),
            SECRETS,
            Refused(("*_key", "*_credentials_json", "*_dsn"), "secrets do not belong in a stack file"),
        ),
    ),
]


class Embeddings(Model):
    """The embedding model for documents, a model of LiteLLM."""

    model: RouteName
    """Name of the model in requests."""

    dimensions: int = Field(default=1536, ge=1, le=2000)
    """Dimensions of its vectors; pgvector cannot index longer vectors: https://github.com/pgvector/pgvector#hnsw."""


class OpenWebui(Workload):
    """Setting `workloads.openWebui`."""

    TITLE: ClassVar[str] = "Open WebUI"
    CACHE_CHANNELS: ClassVar[tuple[str, ...]] = ("socketio",)
    """https://python-socketio.readthedocs.io/en/stable/server.html"""

    database: PostgresRef
    """PostgreSQL database (a key of `databases` or `auroraClusters`) of users, chats and vectors of documents."""

    cache: CacheRef
    """Cache (a key of `caches`) through which replicas share open connections."""

    bucket: BucketRef
    """Bucket (a key of `buckets`) of uploaded files, with prefix `open-webui/`."""

    host: DnsName
    """Public host name in the ingress domain."""

    virtual_key: VirtualKeyRef | None = None
    """API client of LiteLLM (a key of `workloads.litellm.virtualKeys`) whose virtual key it uses."""

    vllm: ModelRef | None = None
    """Model (a key of `workloads.vllm.models`) that it uses directly, instead of `virtualKey`."""

    administrator: EmailAddress
    """E-mail address of the initial administrator; the password is generated and stored in Secrets Manager."""

    sign_up: bool = False
    """Whether new users can sign up."""

    new_users: Literal["pending", "user"] = "pending"
    """Role after sign-up: pending until an administrator approves, or user."""

    embeddings: Embeddings | None = None
    """Embedding model. Default: each replica computes vectors with the small model in the image."""

    image: Image = OPEN_WEBUI_IMAGE
    """Open WebUI's image, or an image based on it."""

    replicas: Replicas = Replicas(max=4)
    """Replicas of the server."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="1Gi"),
        limits=Amounts(memory="3Gi"),
    )
    """CPU and memory of a replica."""

    scratch: Quantity = "5Gi"
    """Disk of the node that a replica requests and may use: uploads are stored there until they are in the bucket."""

    connections: int = Field(default=10, ge=2, le=100)
    """Maximum database connections of each of a replica's two pools; a third pool, of vectors, has 5."""

    environment: Variables = {}
    """Environment variables of the servers, in addition to those that the platform sets. A variable that sets a setting
    of the web interface sets it at each start of a pod. All other settings are those of the web interface, which all
    replicas share."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user. Default: `<project>/open-webui/database`."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that its pods require. Default: any node without taints."""

    tolerations: tuple[Taint, ...] = ()
    """Taints that its pods tolerate, such as those of Spot nodes."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if (self.virtual_key is None) == (self.vllm is None):
            raise ValueError("must have exactly one of virtualKey and vllm; set one of them")
        if self.embeddings is not None and self.virtual_key is None:
            raise ValueError("embeddings require virtualKey; set virtualKey, or remove embeddings")
        return self

    def own_namespace(self) -> str:
        """Return the namespace, which is fixed."""
        return NAMESPACE

    def database_connections(self, surge: int) -> int:
        """Return the connections of all servers: their two engines, and the one of vectors."""
        return (self.replicas.max + surge) * (2 * self.connections + VECTOR_CONNECTIONS)

    def asks(self) -> tuple[str, ...]:
        """Return the workload that answers its users' questions."""
        return ("litellm",) if self.virtual_key is not None else ("vllm",)

    def hosts(self) -> Iterator[Host]:
        """Yield its host."""
        yield Host(("host",), self.host)
