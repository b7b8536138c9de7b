"""The LiteLLM gateway: one API for the stack's own models and those of outside providers, with keys and budgets."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.versions import LITELLM_IMAGE
from config.nodes import Taint
from config.overrides import SECRETS, Argument, Override, Refused
from config.secrets import SecretKey
from config.types.names import DnsName, LabelKey, LabelValue, Name
from config.types.programs import EnvironmentVariable, Image
from config.types.references import CacheRef, ModelRef, PostgresRef, ProviderRef
from config.types.storage import SecretName
from config.types.text import matching
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Served, Workload

NAMESPACE = "litellm"
PORT = 4000
METRICS_PORT = 4001
SERVICE = "litellm"
API_KEY = "apiKey"
"""The property of a caller's secret that holds its key."""

BUDGET_DAYS = {"day": 1, "week": 7, "month": 30}
"""After so many days LiteLLM begins a budget anew: https://docs.litellm.ai/docs/proxy/users"""

URL_KINDS = ("azure", "openaiCompatible")
"""Providers without one address for all."""

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(
                ("database_*", "redis_*", "disable_schema_update", "disable_prisma_*"),
                "database and cache follow from the other settings",
            ),
            Refused(("litellm_master_key", "litellm_salt_key", "*_api_key", "ui_*"), "keys come from Secrets Manager"),
            Refused(("keepalive_timeout", "num_workers", "port", "host"), "the load balancer's timeouts rely on it"),
            Refused(
                ("home", "litellm_ui_path", "litellm_assets_path", "litellm_non_root", "prometheus_multiproc_dir"),
                "the container's volumes rely on it",
            ),
            Refused(("disable_admin_ui",), "use adminUi"),
            Refused(("litellm_local_model_cost_map",), "budgets rely on the prices of the pinned version"),
            SECRETS,
        ),
    ),
]

Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        (
            Refused(("--config", "--host", "--port", "--model", "--api_base"), "it follows from the other settings"),
            Refused(
                ("--num_workers", "--keepalive_timeout", "--run_gunicorn", "--run_hypercorn", "--ssl_*"),
                "the load balancer's timeouts and the metrics rely on it",
            ),
            Refused(
                ("--use_prisma_*", "--skip_server_startup"), "a Job migrates the database before the servers start"
            ),
        ),
    ),
]

RouteName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}",
        "is no name of a model in requests; write letters, digits and ._/:-, like gpt-5-mini",
    ),
]

HttpsUrl = Annotated[
    str,
    matching(
        r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?",
        "is no HTTPS address; write it like https://models.example.com/v1",
    ),
]


class Price(Model):
    """What a million tokens cost in US dollars; of a model of one's own, what they are reckoned at."""

    input: float = Field(ge=0, le=10_000, allow_inf_nan=False)
    """Of a request."""

    output: float = Field(ge=0, le=10_000, allow_inf_nan=False)
    """Of an answer."""

    def per_token(self) -> tuple[float, float]:
        """Of one token, as LiteLLM wants it."""
        return self.input / 1_000_000, self.output / 1_000_000


class Provider(Model):
    """Named in `workloads.litellm.providers`: who answers for models outside."""

    kind: Literal["openai", "anthropic", "gemini", "mistral", "groq", "openrouter", "azure", "openaiCompatible"]
    """Whose API it is."""

    key: SecretKey
    """The API key, in a secret that a person fills."""

    url: HttpsUrl | None = None
    """Where it answers; azure and openaiCompatible have to say it."""

    api_version: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}(?:-preview)?$")
    """Of azure, such as 2025-04-01-preview."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.kind in URL_KINDS and self.url is None:
            raise ValueError(f"is {self.kind}, which has no address of its own; add url")
        if self.kind != "azure" and self.api_version is not None:
            raise ValueError(f"is {self.kind}, which has no apiVersion; remove it")
        return self

    def prefix(self) -> str:
        """How LiteLLM names it in front of a model: https://docs.litellm.ai/docs/providers"""
        return "openai" if self.kind == "openaiCompatible" else self.kind


class Route(Model):
    """Named in `workloads.litellm.models`: what requests call a model, and who answers."""

    vllm: ModelRef | None = None
    """A model of this stack, a key of `workloads.vllm.models`."""

    provider: ProviderRef | None = None
    """Or a key of `providers`."""

    model: RouteName | None = None
    """What the provider calls the model; of azure the deployment."""

    price: Price | None = None
    """LiteLLM knows the prices of well-known models. One that it does not know costs nothing, and no budget ends."""

    fallbacks: tuple[RouteName, ...] = ()
    """Other models that are asked, in this order, when this one fails."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.vllm is None) == (self.provider is None):
            raise ValueError("has to say who answers: write one of vllm and provider")
        if self.provider is not None and self.model is None:
            raise ValueError(f"does not say which model of {self.provider}; add model")
        if self.vllm is not None and self.model is not None:
            raise ValueError("is a model of this stack, which has its name there; remove model")
        return self


class Caller(Model):
    """Named in `workloads.litellm.callers`: who has a key. It is generated and kept in Secrets Manager."""

    models: tuple[RouteName, ...] = ()
    """What it may ask; every model when left out."""

    budget: float | None = Field(default=None, ge=0.01, le=10_000_000, allow_inf_nan=False)
    """US dollars, above which its requests are refused."""

    per: Literal["day", "week", "month"] = "month"
    """When the budget begins anew; a month has 30 days."""

    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    """Above which its requests are refused."""

    tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000)
    """Above which its requests are refused."""


class Litellm(Workload):
    """Setting `workloads.litellm`."""

    TITLE: ClassVar[str] = "LiteLLM"

    database: PostgresRef
    """The PostgreSQL server (a key of `databases` or `auroraClusters`) that keeps keys and spending."""

    cache: CacheRef
    """The cache (a key of `caches`) by which all replicas count a budget together."""

    host: DnsName | None = None
    """The public name, within the ingress domain. Without one it is reached inside the cluster alone."""

    image: Image = LITELLM_IMAGE
    """LiteLLM's image for databases, or one made from it. 1.82.7 and 1.82.8 were malicious and are refused."""

    providers: dict[Name, Provider] = {}
    """Who answers for models outside, by name."""

    models: dict[RouteName, Route] = {}
    """By what requests call them. The models of `workloads.vllm` are there by their own names."""

    callers: dict[Name, Caller] = {}
    """Who has a key, by name."""

    admin_ui: bool = False
    """LiteLLM's pages for administrators, at /ui, with the master key as password."""

    replicas: Replicas = Replicas()
    """How many gateways."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="1Gi"),
        limits=Amounts(memory="2Gi"),
    )
    """CPU and memory of one replica."""

    request_timeout_seconds: int = Field(default=600, ge=1, le=3600)
    """How long an answer may take."""

    retries: int = Field(default=2, ge=0, le=10)
    """How often a failed request is tried again before its fallbacks."""

    environment: Variables = {}
    """Environment variables of the gateway, beside those that the platform sets."""

    arguments: Arguments = ()
    """Arguments of `litellm`, beside those that the platform sets."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user; `<project>/litellm/database` when left out."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it may run on; any without taints when left out."""

    tolerations: tuple[Taint, ...] = ()
    """Taints of nodes that it may run on beside those without, such as Spot ones."""

    def own_namespace(self) -> str:
        """Return the namespace, which nobody chooses."""
        return NAMESPACE

    def hosts(self) -> Iterator[Host]:
        """Yield its host, where it has one."""
        if self.host is not None:
            yield Host(("host",), self.host)

    def serves(self) -> Iterator[Served]:
        """Yield its API, for environments with a key."""
        yield Served((PORT,), connection="gateway")

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the container that counts for all server processes."""
        return (METRICS_PORT,)


def internal_url() -> str:
    """Where the gateway answers inside the cluster, as clients of OpenAI's API want it."""
    return f"http://{SERVICE}.{NAMESPACE}.svc.cluster.local:{PORT}/v1"
