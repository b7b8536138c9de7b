"""Applications that environments run, with overrides of each environment."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model, Ordered
from config.secrets import SecretKey
from config.timeouts import LONGEST_RESPONSE, RESPONSE_SECONDS
from config.types.names import DnsName, LabelKey, LabelValue, Name
from config.types.network import Port, UrlPath
from config.types.programs import AbsolutePath, EnvironmentVariable, Image, MetricName
from config.types.quantities import Quantity
from config.types.text import matching
from config.workloads.resources import Amounts, Resources

PATH_CHARACTERS = 126
"""A path pattern of a load balancer has at most 128 characters, of which two stand for what is below the path.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rule-conditions.html"""

TOO_LONG = f"is longer than the {PATH_CHARACTERS} characters that a load balancer supports; shorten it"


class Probes(Model):
    """Health probes."""

    path: UrlPath = "/health"
    """URL path that returns 200 when the application is healthy; the load balancer's health check uses it, too."""

    startup_seconds: int = Field(default=60, ge=10, le=3600)
    """Seconds until the first successful probe is required: loading a model takes minutes."""


class Metrics(Model):
    """Where Prometheus scrapes the application, and the names of its metrics."""

    path: UrlPath = "/metrics"
    """URL path of the metrics, on the application's port."""

    requests: MetricName = "http_requests_total"
    """Counter of requests; its label `status` has the HTTP status code."""

    latency: MetricName = "http_request_duration_seconds"
    """Histogram of request durations in seconds, without `_bucket`."""

    queue: MetricName | None = None
    """Gauge of the queue length, for alerts and dashboards."""


class Scaling(Ordered):
    """The HorizontalPodAutoscaler: by CPU utilization, or by a Prometheus query such as the length of a queue."""

    min: int = Field(default=2, ge=1, le=200)
    """Minimum replicas."""

    max: int = Field(ge=1, le=200)
    """Maximum replicas."""

    cpu_percent: int = Field(default=70, ge=10, le=100)
    """Target CPU utilization in percent of the request; not used with `query`."""

    query: str | None = Field(default=None, min_length=1, max_length=1000)
    """Prometheus query that replicas follow, through KEDA. `$(NAMESPACE)` is the namespace of the environment:
    `max(jobs_waiting{namespace="$(NAMESPACE)"})`."""

    per_replica: float | None = Field(default=None, gt=0, le=1e9, allow_inf_nan=False)
    """Value of the query for each replica: replicas are the value divided by it, rounded up. Required with `query`."""

    @model_validator(mode="after")
    def _query_has_a_target(self) -> Self:
        if (self.query is None) != (self.per_replica is None):
            raise ValueError("query and perReplica require each other; set both, or neither")
        return self


class Application(Model):
    """An entry of section `ai-platform:applications`; environments run the applications in their `services`."""

    image: Image
    """Image with registry and tag."""

    port: Port
    """Port of the container and of its Service."""

    command: tuple[str, ...] = ()
    """Command. Default: the entrypoint of the image."""

    arguments: tuple[str, ...] = ()
    """Arguments of the command."""

    replicas: int = Field(default=1, ge=0, le=200)
    """Replicas; not used with `scaling`."""

    scaling: Scaling | None = None
    """Scales the replicas by CPU utilization."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="256Mi"),
        limits=Amounts(memory="512Mi"),
    )
    """CPU and memory of a replica."""

    gpus: int = Field(default=0, ge=0, le=8)
    """NVIDIA GPUs of a replica."""

    user_id: int = Field(default=1000, ge=1, le=65535)
    """User ID of the process; root is not allowed."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables."""

    secrets: dict[EnvironmentVariable, SecretKey] = {}
    """Environment variables from secrets."""

    volumes: dict[Name, AbsolutePath] = {}
    """Mount paths of the environment's volumes, by name of the volume."""

    probes: Probes = Probes()
    """Startup, readiness and liveness probes."""

    metrics: Metrics | None = None
    """Metrics for Prometheus; none by default."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that its pods require."""

    scratch: Quantity = "2Gi"
    """Disk of the node that a replica requests and may use for temporary files, at /tmp and below HOME."""

    database_connections: int = Field(default=10, ge=0, le=1000)
    """Maximum connections of a replica to each database of its environment: the size of its pool with its overflow. The
    sum over all clients of a database may not exceed what it accepts."""

    response_seconds: int = Field(default=RESPONSE_SECONDS, ge=1, le=LONGEST_RESPONSE)
    """Longest response in seconds, streams included. A pod that ends completes its responses first, and the load
    balancer waits for them. A server with a host must keep idle connections for KEEP_ALIVE_SECONDS, a variable of its
    pods; uvicorn and gunicorn do without further settings."""


class Service(Model):
    """An application in an environment; what is not set has the value of the application."""

    image: Image | None = None
    """Image of this environment."""

    replicas: int | None = Field(default=None, ge=0, le=200)
    """Replicas; 0 keeps all resources except pods."""

    scaling: Scaling | None = None
    """Scales the replicas by CPU utilization."""

    resources: Resources | None = None
    """CPU and memory of a replica."""

    gpus: int | None = Field(default=None, ge=0, le=8)
    """NVIDIA GPUs of a replica."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables, in addition to the application's."""

    priority_class: Name | None = None
    """A key of `priorityClasses`. Default: the first of the environment."""

    host: DnsName | None = None
    """Public host name in the ingress domain. Default: only reachable inside the cluster."""

    path: Annotated[UrlPath, matching(rf".{{1,{PATH_CHARACTERS}}}", TOO_LONG)] = "/"
    """URL path of the host that is routed to it."""

    def of(self, application: Application) -> Application:
        """Return the application with the overrides of this service."""
        own = {
            name: value
            for name in ("image", "replicas", "scaling", "resources", "gpus")
            if (value := getattr(self, name)) is not None
        }
        # A number of replicas said here is meant, whatever the application scales between.
        fixed = {"scaling": None} if self.replicas is not None and self.scaling is None else {}
        environment = {**application.environment, **self.environment}
        return application.model_copy(update={**fixed, **own, "environment": environment})
