"""The LiteLLM gateway: one API for the stack's models and those of external providers, with virtual keys and
budgets."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from catalog.litellm_models import VERSION
from catalog.reading.model import Model
from catalog.reading.problems import Path
from catalog.versions import LITELLM_IMAGE
from config.nodes import Taint
from config.overrides import SECRETS, Argument, Override, Program, Refused
from config.types.names import DnsName, LabelKey, LabelValue, Name
from config.types.programs import EnvironmentVariable, Image
from config.types.references import CacheRef, PostgresRef
from config.types.storage import SecretName
from config.workloads.litellm_models import Provider, Route, RouteName
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Served, Spending, Workload

NAMESPACE = "litellm"
PORT = 4000
METRICS_PORT = 4001
SERVICE = "litellm"
API_KEY = "apiKey"
"""Property with the virtual key in the secret of an API client."""

CONNECTIONS = 10
"""Database connections of a gateway: `database_connection_pool_limit`."""

BUDGET_DAYS = {"day": 1, "week": 7, "month": 30}
"""Days after which LiteLLM resets a budget: https://docs.litellm.ai/docs/proxy/users"""

OF_LIBRARIES = (
    *("aws_*", "otel_*", "python*", "ssl_*", "*_proxy", "hf_*", "prisma_*", "uvicorn_*", "granian_*", "gunicorn_*"),
    *("tiktoken_*", "tz", "lang", "malloc_*", "grpc_*"),
)
"""Variables that the libraries of LiteLLM read."""

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(
                ("database_*", "redis_*", "disable_schema_update", "disable_prisma_*"),
                "database and cache are derived from other settings",
            ),
            Refused(("litellm_master_key", "litellm_salt_key", "*_api_key", "ui_*"), "keys come from Secrets Manager"),
            Refused(
                ("keepalive_timeout", "graceful_shutdown_timeout", "num_workers", "port", "host"),
                "the load balancer's timeouts depend on it",
            ),
            Refused(
                ("home", "litellm_ui_path", "litellm_assets_path", "litellm_non_root", "prometheus_multiproc_dir"),
                "the container's volumes depend on it",
            ),
            Refused(("disable_admin_ui",), "use adminUi"),
            Refused(("litellm_local_model_cost_map",), "budgets depend on the prices of the pinned version"),
            Refused(
                ("litellm_rate_limit_window_size", "litellm_tpm_token_reservation_enabled", "legacy_multi_instance_*"),
                "rate limits of API clients are per minute, over all replicas",
            ),
            Refused(("router_max_fallbacks",), "it is derived from fallbacks"),
            Refused(("aws_*",), "the pods call AWS with their IAM role; use region of a provider"),
            Refused(
                ("store_model_in_db", "use_db_config*"),
                "models and fallbacks in the database would override those of the stack file",
            ),
            Refused(("server_root_path",), "probes and clients depend on the path"),
            SECRETS,
        ),
        Program(f"LiteLLM {VERSION}", "litellm", "which ignores it", others=OF_LIBRARIES),
    ),
]

Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        (
            Refused(("--config", "--host", "--port", "--model", "--api_base"), "it is derived from other settings"),
            Refused(
                ("--num_workers", "--keepalive_timeout", "--run_gunicorn", "--run_hypercorn", "--ssl_*"),
                "the load balancer's timeouts and the metrics depend on it",
            ),
            Refused(
                ("--use_prisma_*", "--skip_server_startup"), "a Job migrates the database before the servers start"
            ),
            Refused(
                ("--test*", "--health", "--setup", "--version", "--validate_config", "--reload", "--help"),
                "the server would end, or restart",
            ),
        ),
        Program(f"LiteLLM {VERSION}", "litellm-arguments", "and the server does not start", strict=True),
    ),
]


class VirtualKey(Model):
    """An entry of `workloads.litellm.virtualKeys`: an API client. Its virtual key is generated and stored in Secrets
    Manager."""

    models: tuple[RouteName, ...] = ()
    """Allowed models. Default: all."""

    budget: float | None = Field(default=None, ge=0.01, le=10_000_000, allow_inf_nan=False)
    """Budget in USD, above which its requests are rejected."""

    per: Literal["day", "week", "month"] = "month"
    """Period after which the budget is reset; a month has 30 days."""

    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    """Rate limit in requests a minute."""

    tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000)
    """Rate limit in tokens a minute."""

    parallel_requests: int | None = Field(default=None, ge=1, le=100_000)
    """Maximum number of requests at the same time."""


class Litellm(Workload):
    """Setting `workloads.litellm`."""

    TITLE: ClassVar[str] = "LiteLLM"
    RESPONSE_SETTING: ClassVar[Path] = ("requestTimeoutSeconds",)

    database: PostgresRef
    """PostgreSQL database (a key of `databases` or `auroraClusters`) of virtual keys and spending."""

    cache: CacheRef
    """Cache (a key of `caches`) in which all replicas count budgets."""

    host: DnsName | None = None
    """Public host name in the ingress domain. Default: only reachable inside the cluster."""

    image: Image = LITELLM_IMAGE
    """LiteLLM's image for databases, or an image based on it. The compromised 1.82.7 and 1.82.8 are rejected."""

    providers: dict[Name, Provider] = {}
    """Providers of external models, by name."""

    models: dict[RouteName, Route] = {}
    """Models by the name that requests use. The models of `workloads.vllm` are included by their own names."""

    virtual_keys: dict[Name, VirtualKey] = {}
    """API clients by name."""

    admin_ui: bool = False
    """Whether the admin UI is enabled, at /ui, with the master key as password."""

    replicas: Replicas = Replicas()
    """Replicas of the gateway."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="1Gi"),
        limits=Amounts(memory="2Gi"),
    )
    """CPU and memory of a replica."""

    request_timeout_seconds: int = Field(default=600, ge=1, le=3600)
    """Timeout of a request in seconds."""

    retries: int = Field(default=2, ge=0, le=10)
    """Number of retries of a failed request, before its fallbacks."""

    environment: Variables = {}
    """Environment variables of the gateway, in addition to those that the platform sets."""

    arguments: Arguments = ()
    """Arguments of `litellm`, in addition to those that the platform sets."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user. Default: `<project>/litellm/database`."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that its pods require. Default: any node without taints."""

    tolerations: tuple[Taint, ...] = ()
    """Taints that its pods tolerate, such as those of Spot nodes."""

    def own_namespace(self) -> str:
        """Return the namespace, which is fixed."""
        return NAMESPACE

    def hosts(self) -> Iterator[Host]:
        """Yield its host, if it has one."""
        if self.host is not None:
            yield Host(("host",), self.host)

    def spends(self) -> Iterator[Spending]:
        """Yield the virtual keys that can use a model of a provider, or one that falls back to it."""
        for name, key in self.virtual_keys.items():
            if self._uses_provider(list(key.models or self.models)):
                yield Spending(name, key.budget, BUDGET_DAYS[key.per])

    def _uses_provider(self, names: list[RouteName]) -> bool:
        for name in names:
            route = self.models.get(name)
            if route is None:
                continue
            if any(server.provider is not None for server in route.servers()):
                return True
            names += [other for other in route.fallbacks if other not in names]
        return False

    def database_connections(self, surge: int) -> int:
        """Return the connections of all gateways."""
        return (self.replicas.max + surge) * CONNECTIONS

    def response_seconds(self) -> int:
        """Return the timeout of its requests."""
        return self.request_timeout_seconds

    def serves(self) -> Iterator[Served]:
        """Yield the port of its API, for environments with a virtual key."""
        yield Served((PORT,), connection="gateway")

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the container that collects the metrics of all server processes."""
        return (METRICS_PORT,)


def internal_url() -> str:
    """Return the base URL of the gateway inside the cluster, for clients of the OpenAI API."""
    return f"http://{SERVICE}.{NAMESPACE}.svc.cluster.local:{PORT}/v1"
