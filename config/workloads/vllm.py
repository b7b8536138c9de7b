"""Language models, served by vLLM behind the API of OpenAI."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from catalog.models import Figures
from catalog.reading.model import Model
from catalog.versions import VLLM_IMAGE
from config.nodes import Nodes
from config.overrides import SECRETS, Argument, Override, Refused
from config.secrets import SecretKey
from config.types.names import DnsName, Name
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import Quantity
from config.types.references import BucketRef, FileSystemRef, NodesRef, ScheduleRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Host, Need, Served, Workload

APP = "vllm"
"""Of labels. No Service has this name."""

NAMESPACE = "vllm"
PORT = 8000
API = "/v1"
"""The path of a host that leads to a model."""

API_KEY = "apiKey"
"""The property of a model's secret that holds its API key."""

ModelName = Annotated[
    str,
    matching(
        r"(?!secrets$)(?!.*-(?:server|worker)$)[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?",
        "is not a usable name of a model; write 1-30 lower-case letters, digits and hyphens, beginning with a letter "
        "and not ending in -server or -worker",
    ),
]
"""What the model is called in names of Kubernetes objects, and by those who ask it."""

ModelId = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}",
        "is not a model of the Hugging Face Hub; write owner and name, like Qwen/Qwen3-8B",
    ),
]

Revision = Annotated[
    str,
    matching(
        r"(?!main$|master$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
        "is no revision that stays what it is; write the commit's hash, or a tag",
    ),
]

ServedName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}",
        "is no name of a model in requests; write letters, digits and ._/:-, like qwen3-8b",
    ),
]

_FOLLOWS = "it follows from the other settings"

Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        (
            Refused(
                ("--model", "--revision", "--served-model-name", "--download-dir", "--load-format", "--dtype"), _FOLLOWS
            ),
            Refused(
                ("--quantization", "--kv-cache-dtype", "--max-model-len", "--max-num-seqs", "--max-num-batched-tokens"),
                _FOLLOWS,
            ),
            Refused(("--gpu-memory-utilization", "--tensor-parallel-size", "--pipeline-parallel-size"), _FOLLOWS),
            Refused(
                ("--nnodes", "--node-rank", "--master-addr", "--master-port", "--headless", "--shutdown-timeout"),
                _FOLLOWS,
            ),
            Refused(
                ("--distributed-executor-backend", "--host", "--port", "--uds", "--root-path", "--ssl-*"), _FOLLOWS
            ),
            Refused(("--api-key",), "keys come from Secrets Manager"),
        ),
    ),
]

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(("vllm_api_key", "hf_token", "aws_*"), "keys come from Secrets Manager and the pod's IAM role"),
            Refused(
                ("home", "user", "hf_home", "vllm_host_ip", "vllm_port", "lws_*"),
                "the pod's volumes and ports rely on it",
            ),
            Refused(("cuda_visible_devices", "nvidia_visible_devices"), "the device plugin sets it"),
            SECRETS,
        ),
    ),
]

Folder = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_=.-]+(?:/[A-Za-z0-9_=.-]+)*", "is no folder of a bucket; write it without a slash at the ends"
    ),
]

Quantization = Literal["fp8", "awq", "gptq"]
Precision = Literal["bfloat16", "float16", "float32"]


class FileSystemFolder(Model):
    """A folder that all pods of a model share."""

    file_system: FileSystemRef
    """A key of `fileSystems`."""

    access_point: Name
    """One of its access points."""


class BucketFolder(Model):
    """Weights in S3, from where vLLM streams them into the GPU."""

    bucket: BucketRef
    """A key of `buckets`."""

    path: Folder
    """The folder with config.json, the tokenizer and the weights."""


class Weights(Model):
    """Where weights lie between two starts: one of these."""

    node_disk: Quantity | None = None
    """On the node's own disk: loaded from the Hub at each start. So much of it is asked for."""

    instance_store: Quantity | None = None
    """On the NVMe disks of nodes with `instanceStore`: loaded from the Hub at each start, and faster from there into
    the GPU than from `nodeDisk`. So much of it is asked for."""

    volume: Quantity | None = None
    """On an EBS volume of this size: of one replica, and in one zone."""

    shared: FileSystemFolder | None = None
    """On a file system: loaded once for all replicas, in every zone."""

    streamed: BucketFolder | None = None
    """In a bucket, put there by a person: nothing is loaded from the Hub."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        ways = (self.node_disk, self.instance_store, self.volume, self.shared, self.streamed)
        if sum(way is not None for way in ways) != 1:
            raise ValueError(
                "says none or several places; write one of nodeDisk, instanceStore, volume, shared and streamed"
            )
        return self

    def on_node(self) -> Quantity | None:
        """What the pod asks for of the disk on which its node keeps the files of pods."""
        return self.node_disk or self.instance_store


class ModelScaling(Model):
    """KEDA moves the replicas by the requests that wait."""

    min: int = Field(default=1, ge=0, le=50)
    """The fewest replicas. Zero needs something that wakes the model: one that is off has no requests to count."""

    max: int = Field(ge=1, le=50)
    """The most replicas."""

    waiting_requests: int = Field(default=5, ge=1, le=10000)
    """Requests that wait for a place in a batch, of each replica, above which one is added."""

    schedule: ScheduleRef | None = None
    """The schedule (a key of `schedules`) by which it is on with one replica or more, and off otherwise."""

    wake_query: str | None = Field(default=None, min_length=1, max_length=1000)
    """A question to Prometheus; above zero it wakes the model, for instance by what LiteLLM is asked for."""

    cooldown_minutes: int = Field(default=10, ge=1, le=1440)
    """How long nothing may wait before replicas go."""


class VllmModel(Model):
    """Named in `workloads.vllm.models`: a model, on GPUs of one node group or pool."""

    model: ModelId
    """The model on the Hugging Face Hub."""

    revision: Revision | None = None
    """The commit or tag; the newest when left out, which may be another at each start."""

    served_name: ServedName | None = None
    """What requests call it; its name here when left out."""

    image: Image = VLLM_IMAGE
    """vLLM's own image, or one made from it."""

    precision: Precision = "bfloat16"
    """Of what is computed, and of the weights where they are not quantized; float16 on a T4, which has no bfloat16."""

    quantization: Quantization | None = None
    """Of the weights; as the model was published when left out. vLLM makes fp8 itself, from any model at its start."""

    kv_cache: Literal["auto", "fp8"] = "auto"
    """The precision of the KV cache: that of `precision`, or half of it."""

    context_length: int = Field(ge=128, le=10_485_760)
    """The most tokens of a request and its answer."""

    concurrency: int = Field(default=1, ge=1, le=4096)
    """How many requests of the whole context length must find room at once."""

    batch_requests: int = Field(default=256, ge=1, le=4096)
    """The most requests of any length that are worked on at once; the others wait."""

    batch_tokens: int = Field(default=2048, ge=64, le=131072)
    """The most tokens of one step: more answers sooner to long questions, and later to all others."""

    gpu_memory_utilization: float = Field(default=0.9, ge=0.1, le=0.98, allow_inf_nan=False)
    """The part of each GPU's memory that vLLM takes."""

    tensor_parallel: int = Field(default=1, ge=1, le=64)
    """GPUs that share each layer: of one node, as they talk all the time."""

    pipeline_parallel: int = Field(default=1, ge=1, le=64)
    """Groups of GPUs that each have some of the layers; over several nodes where one has too few GPUs."""

    node_group: NodesRef
    """A key of `nodeGroups` or `nodePools`, with GPUs."""

    replicas: int | None = Field(default=None, ge=0, le=50)
    """How many; one when left out, unless `autoscaling` says between what."""

    autoscaling: ModelScaling | None = None
    """Moves the replicas by the requests that wait."""

    weights: Weights = Weights(node_disk="60Gi")
    """Where the weights lie."""

    token_secret: SecretKey | None = None
    """The Hub's token, for models whose licence a person has to accept."""

    host: DnsName | None = None
    """The public name, within the ingress domain. Without one it is reached inside the cluster alone."""

    startup_minutes: int = Field(default=30, ge=2, le=240)
    """How long loading and compiling may take before the pod counts as failed."""

    resources: Resources = Resources(
        requests=Amounts(cpu="2", memory="10Gi"),
        limits=Amounts(memory="12Gi"),
    )
    """CPU and memory of one pod, shared memory within."""

    shared_memory: Quantity = "2Gi"
    """Where the processes of one model pass each other data; it counts against the memory limit."""

    arguments: Arguments = ()
    """More of `vllm serve`, each with its value after an equals sign."""

    environment: Variables = {}
    """Plain environment variables."""

    figures: Figures | None = None
    """Of a model that the platform does not know, or knows otherwise."""

    def gpus(self) -> int:
        """The GPUs of one replica."""
        return self.tensor_parallel * self.pipeline_parallel

    def least(self) -> int:
        """The fewest replicas."""
        if self.autoscaling is not None:
            return self.autoscaling.min
        return 1 if self.replicas is None else self.replicas

    def most(self) -> int:
        """The most replicas."""
        return self.autoscaling.max if self.autoscaling is not None else self.least()


class Pods(NamedTuple):
    """How a replica is laid out."""

    nodes: int
    """One pod each."""

    gpus: int
    """Of each pod."""


def layout(model: VllmModel, gpus_per_node: int) -> Pods | None:
    """Pods of one replica: as few as can be, each with whole stages; None where a layer would span nodes."""
    if model.gpus() <= gpus_per_node:
        return Pods(1, model.gpus())
    if model.tensor_parallel > gpus_per_node:
        return None
    stages = max(
        stages
        for stages in range(1, gpus_per_node // model.tensor_parallel + 1)
        if model.pipeline_parallel % stages == 0
    )
    return Pods(model.pipeline_parallel // stages, model.tensor_parallel * stages)


def pods_of(model: VllmModel, gpus_per_node: int) -> Pods:
    """The pods of one replica, of a model that the rules have let through.

    Raises:
        ValueError: its layers would span nodes.
    """
    found = layout(model, gpus_per_node)
    if found is None:
        raise ValueError(f"{model.tensor_parallel} GPUs share a layer, and a node has {gpus_per_node}")
    return found


class Vllm(Workload):
    """Setting `workloads.vllm`."""

    TITLE: ClassVar[str] = "vLLM"

    models: dict[ModelName, VllmModel] = Field(min_length=1)
    """Models by name."""

    port: Port = PORT
    """Where every model's server listens."""

    tenants: bool = False
    """Whether pods of tenants reach the models. Each model asks for its API key all the same."""

    def own_namespace(self) -> str:
        """Return the namespace, which nobody chooses."""
        return NAMESPACE

    def hosts(self) -> Iterator[Host]:
        """Yield those of the models: the paths beside the API ask for no key."""
        for name, model in self.models.items():
            if model.host is not None:
                yield Host(("models", name, "host"), model.host, API)

    def serves(self) -> Iterator[Served]:
        """Yield the API of each model."""
        for name in self.models:
            yield Served((self.port,), (APP, name), connection="models", name=name, tenants=self.tenants)

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the API."""
        return (self.port,)

    def has_volumes(self) -> bool:
        """Return whether weights are on volumes."""
        return any(model.weights.volume is not None for model in self.models.values())

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield what scales models, runs them over several nodes and offers GPUs to them."""
        yield from super().needs(nodes)
        models = self.models.values()
        placed = [(model, nodes[model.node_group]) for model in models if model.node_group in nodes]
        pods = [layout(model, group.gpus_per_node()) for model, group in placed if group.has_gpus()]
        if any(model.autoscaling is not None for model in models):
            yield Need("keda", "scales models")
        if any(one is not None and one.nodes > 1 for one in pods):
            yield Need("leaderWorkerSet", "runs models over several nodes")
        if any(group.needs_device_plugin() for _, group in placed):
            yield Need("nvidiaDevicePlugin", "offers GPUs to pods")

    def served_name(self, name: str) -> str:
        """What requests call a model."""
        return self.models[name].served_name or name


def service_name(model: str) -> str:
    """The Service of a model. Never `vllm`: Kubernetes would tell pods a VLLM_PORT, which vLLM takes for its own."""
    return f"{model}-server"


def internal_url(model: str, port: int = PORT) -> str:
    """Where the API of a model answers inside the cluster."""
    return f"http://{service_name(model)}.{NAMESPACE}.svc.cluster.local:{port}/v1"


def api_key_secret_name(project: str, model: str) -> str:
    """The secret in Secrets Manager with a model's API key."""
    return f"{project}/vllm/{model}/api-key"
