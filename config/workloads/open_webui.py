"""Open WebUI: pages where people talk to models."""

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
from config.types.references import BucketRef, CacheRef, CallerRef, ModelRef, PostgresRef
from config.types.storage import SecretName
from config.workloads.litellm import RouteName
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Workload

NAMESPACE = "open-webui"
PORT = 8080

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(
                ("database_*", "pgvector_*", "redis_*", "websocket_*", "s3_*", "storage_provider", "vector_db"),
                "database, cache and bucket follow from the other settings",
            ),
            Refused(("openai_*", "webui_secret_key", "webui_admin_*", "pg*"), "keys come from Secrets Manager"),
            Refused(("rag_embedding_*", "rag_openai_*"), "use embeddings"),
            Refused(("enable_signup", "default_user_role"), "use signUp and newUsers"),
            Refused(("webui_url", "cors_allow_origin", "webui_*_cookie_secure"), "it follows from host"),
            Refused(("enable_db_migrations",), "a Job migrates the database before the servers start"),
            Refused(("enable_websocket_support", "uvicorn_workers"), "replicas share connections through the cache"),
            Refused(
                ("home", "data_dir", "static_dir", "port", "host", "env", "hf_hub_offline"),
                "the container's volumes and ports rely on it",
            ),
            SECRETS,
        ),
    ),
]


class Embeddings(Model):
    """A model of the gateway that turns documents into vectors."""

    model: RouteName
    """What requests call it."""

    dimensions: int = Field(default=1536, ge=1, le=2000)
    """The length of its vectors; pgvector has no index of longer ones: https://github.com/pgvector/pgvector#hnsw."""


class OpenWebui(Workload):
    """Setting `workloads.openWebui`."""

    TITLE: ClassVar[str] = "Open WebUI"
    CACHE_CHANNELS: ClassVar[tuple[str, ...]] = ("socketio",)
    """https://python-socketio.readthedocs.io/en/stable/server.html"""

    database: PostgresRef
    """The PostgreSQL server (a key of `databases` or `auroraClusters`) of users, chats and the vectors of documents."""

    cache: CacheRef
    """The cache (a key of `caches`) by which all replicas share open connections."""

    bucket: BucketRef
    """The bucket (a key of `buckets`) that keeps uploaded files, below `open-webui/`."""

    host: DnsName
    """The public name, within the ingress domain."""

    caller: CallerRef | None = None
    """The key of `workloads.litellm.callers` by which it asks the gateway for models."""

    vllm: ModelRef | None = None
    """Or the one model of `workloads.vllm.models` that it asks itself."""

    administrator: EmailAddress
    """Who is there from the beginning; the password is generated and kept in Secrets Manager."""

    sign_up: bool = False
    """Whether anybody may make an account."""

    new_users: Literal["pending", "user"] = "pending"
    """What somebody is who has made an account: waits for an administrator, or may begin."""

    embeddings: Embeddings | None = None
    """Without it each replica computes vectors itself, by the small model in the image."""

    image: Image = OPEN_WEBUI_IMAGE
    """Open WebUI's own image, or one made from it."""

    replicas: Replicas = Replicas(max=4)
    """How many servers."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="1Gi"),
        limits=Amounts(memory="3Gi"),
    )
    """CPU and memory of one replica."""

    environment: Variables = {}
    """Environment variables of the servers, beside those that the platform sets."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user; `<project>/open-webui/database` when left out."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it may run on; any without taints when left out."""

    tolerations: tuple[Taint, ...] = ()
    """Taints of nodes that it may run on beside those without, such as Spot ones."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if (self.caller is None) == (self.vllm is None):
            raise ValueError("has to say whom it asks for models: write one of caller and vllm")
        if self.embeddings is not None and self.caller is None:
            raise ValueError("has embeddings of the gateway and no caller; write caller, or remove embeddings")
        return self

    def own_namespace(self) -> str:
        """Return the namespace, which nobody chooses."""
        return NAMESPACE

    def hosts(self) -> Iterator[Host]:
        """Yield its host."""
        yield Host(("host",), self.host)
