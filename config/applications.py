"""Applications that environments run: what they are, once; how many and where, in each environment."""

from pydantic import Field

from catalog.reading.model import Model
from config.secrets import SecretKey
from config.types.names import DnsName, LabelKey, LabelValue, Name
from config.types.network import Port, UrlPath
from config.types.programs import AbsolutePath, EnvironmentVariable, Image, MetricName
from config.workloads.resources import Amounts, Resources


class Probes(Model):
    """How Kubernetes knows that it works."""

    path: UrlPath = "/health"
    """Answers 200 when it does; the load balancer asks it too."""

    startup_seconds: int = Field(default=60, ge=10, le=3600)
    """How long the first answer may take: loading a model takes minutes."""


class Metrics(Model):
    """Where Prometheus reads it, and what its metrics are called."""

    path: UrlPath = "/metrics"
    """At the application's port."""

    requests: MetricName = "http_requests_total"
    """Counts requests; label `status` holds the code."""

    latency: MetricName = "http_request_duration_seconds"
    """The histogram of their durations in seconds, without `_bucket`."""

    queue: MetricName | None = None
    """A gauge of what waits to be worked on; alerts and dashboards follow it."""


class Scaling(Model):
    """The HorizontalPodAutoscaler."""

    min: int = Field(default=2, ge=1, le=200)
    """The fewest replicas."""

    max: int = Field(ge=1, le=200)
    """The most replicas."""

    cpu_percent: int = Field(default=70, ge=10, le=100)
    """Average CPU, in per cent of the request, above which it adds a replica."""


class Application(Model):
    """Named in section `ai-platform:applications`; an environment runs those it names under `services`."""

    image: Image
    """Registry, name and tag."""

    port: Port
    """Where it listens, and the port of its Service."""

    command: tuple[str, ...] = ()
    """Instead of the image's own."""

    arguments: tuple[str, ...] = ()
    """After the command."""

    replicas: int = Field(default=1, ge=0, le=200)
    """How many, unless `scaling` says between what."""

    scaling: Scaling | None = None
    """Moves the replicas by their CPU."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="256Mi"),
        limits=Amounts(memory="512Mi"),
    )
    """CPU and memory of one replica."""

    gpus: int = Field(default=0, ge=0, le=8)
    """NVIDIA GPUs of one replica."""

    user_id: int = Field(default=1000, ge=1, le=65535)
    """The user that it runs as; never root."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables."""

    secrets: dict[EnvironmentVariable, SecretKey] = {}
    """Environment variables from secrets."""

    volumes: dict[Name, AbsolutePath] = {}
    """Where it sees the environment's volumes, by their name there."""

    probes: Probes = Probes()
    """What it is asked for, to know that it works."""

    metrics: Metrics | None = None
    """Not read by Prometheus when left out."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it may run on."""


class Service(Model):
    """An application in one environment; what is left out is as the application says."""

    image: Image | None = None
    """A version of its own."""

    replicas: int | None = Field(default=None, ge=0, le=200)
    """How many; 0 keeps all but the pods."""

    scaling: Scaling | None = None
    """Moves the replicas by their CPU."""

    resources: Resources | None = None
    """CPU and memory of one replica."""

    gpus: int | None = Field(default=None, ge=0, le=8)
    """NVIDIA GPUs of one replica."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables, beside the application's."""

    priority_class: Name | None = None
    """A key of `priorityClasses`; the environment's when left out."""

    host: DnsName | None = None
    """The public name, within the ingress domain. Without one it is reached inside the cluster alone."""

    path: UrlPath = "/"
    """What of the host leads to it."""

    def of(self, application: Application) -> Application:
        """The application as this environment runs it."""
        own = {
            name: value
            for name in ("image", "replicas", "scaling", "resources", "gpus")
            if (value := getattr(self, name)) is not None
        }
        # A number of replicas said here is meant, whatever the application scales between.
        fixed = {"scaling": None} if self.replicas is not None and self.scaling is None else {}
        environment = {**application.environment, **self.environment}
        return application.model_copy(update={**fixed, **own, "environment": environment})
