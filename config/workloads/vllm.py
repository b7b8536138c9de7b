"""Language models, served by vLLM with the OpenAI API."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from catalog.models import Figures
from catalog.reading.model import Model, Ordered
from catalog.versions import VLLM_IMAGE
from config.nodes import Nodes
from config.overrides import SECRETS, Argument, Override, Refused
from config.secrets import SecretKey
from config.types.names import DnsName, Name
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import EbsSize, Quantity
from config.types.references import BucketRef, FileSystemRef, NodesRef, ScheduleRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Host, Need, Served, Workload

APP = "vllm"
"""Label `app.kubernetes.io/name` of its pods; not the name of a Service."""

NAMESPACE = "vllm"
PORT = 8000
API = "/v1"
"""URL path of a host that is routed to a model."""

API_KEY = "apiKey"
"""Property with the API key in the secret of a model."""

CLIENT_SECONDS = 600
"""Default timeout of OpenAI's clients: https://github.com/openai/openai-python#timeouts"""

ModelName = Annotated[
    str,
    matching(
        r"(?!secrets$)(?!.*-(?:server|worker)$)[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?",
        "is not a valid name of a model; write 1-30 lower-case letters, digits and hyphens, beginning with a letter "
        "and not ending with -server or -worker",
    ),
]
"""Name of a model in names of Kubernetes objects, and in requests by default."""

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
        "is not an immutable revision; write the hash of a commit, or a tag",
    ),
]

ServedName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}",
        "is not a model name of requests; write letters, digits and ._/:-, like qwen3-8b",
    ),
]

_FOLLOWS = "it is derived from other settings"

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
            Refused(
                ("vllm_api_key", "hf_token", "aws_*"), "keys come from Secrets Manager and the IAM role of the pod"
            ),
            Refused(
                ("home", "user", "hf_home", "vllm_host_ip", "vllm_port", "lws_*"),
                "the pod's volumes and ports depend on it",
            ),
            Refused(("cuda_visible_devices", "nvidia_visible_devices"), "the device plugin sets it"),
            Refused(("vllm_http_timeout_keep_alive",), "the load balancer's timeouts depend on it"),
            SECRETS,
        ),
    ),
]

Folder = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_=.-]+(?:/[A-Za-z0-9_=.-]+)*",
        "is not a prefix in a bucket; write it without a leading or trailing slash",
    ),
]

Quantization = Literal["fp8", "awq", "gptq"]
Precision = Literal["bfloat16", "float16", "float32"]


class FileSystemFolder(Model):
    """A directory that all pods of a model share."""

    file_system: FileSystemRef
    """The file system: a key of `fileSystems`."""

    access_point: Name
    """The access point: a key of its `accessPoints`."""


class BucketFolder(Model):
    """Weights in S3, which vLLM streams to the GPU."""

    bucket: BucketRef
    """The bucket: a key of `buckets`."""

    path: Folder
    """Prefix of config.json, the tokenizer and the weights."""


class Weights(Model):
    """Storage of weights between restarts: exactly one of these."""

    node_disk: Quantity | None = None
    """Size on the node's root disk, requested as ephemeral storage; weights are downloaded from the Hub at each
    start."""

    instance_store: Quantity | None = None
    """Size on the NVMe disks of nodes with `instanceStore`, requested as ephemeral storage; weights are downloaded from
    the Hub at each start, and load faster than from `nodeDisk`."""

    volume: EbsSize | None = None
    """Size of an EBS volume, for one replica in one zone."""

    shared: FileSystemFolder | None = None
    """File system; weights are downloaded once for all replicas in all zones."""

    streamed: BucketFolder | None = None
    """Bucket, to which you upload the weights; nothing is downloaded from the Hub."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        ways = (self.node_disk, self.instance_store, self.volume, self.shared, self.streamed)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("must have exactly one storage; set nodeDisk, instanceStore, volume, shared or streamed")
        return self

    def on_node(self) -> Quantity | None:
        """Return the request of ephemeral storage of the pod; None if weights are not on the node."""
        return self.node_disk or self.instance_store


class ModelScaling(Ordered):
    """Autoscaling by KEDA, based on waiting requests."""

    min: int = Field(default=1, ge=0, le=50)
    """Minimum replicas. 0 requires `schedule` or `wakeQuery`, because a model without replicas has no waiting
    requests."""

    max: int = Field(ge=1, le=50)
    """Maximum replicas."""

    waiting_requests: int = Field(default=5, ge=1, le=10000)
    """Waiting requests of each replica above which a replica is added."""

    schedule: ScheduleRef | None = None
    """Schedule (a key of `schedules`) of start and stop: at least one replica from start to stop, none otherwise."""

    wake_query: str | None = Field(default=None, min_length=1, max_length=1000)
    """Prometheus query that starts the model when its value is above zero, for example on requests to LiteLLM."""

    cooldown_minutes: int = Field(default=10, ge=1, le=1440)
    """Minutes without waiting requests after which replicas are removed."""


class VllmModel(Model):
    """An entry of `workloads.vllm.models`: a model on GPUs of a node group or pool."""

    model: ModelId
    """Name of the model on the Hugging Face Hub."""

    revision: Revision | None = None
    """Commit or tag. Default: the newest revision, which can change between starts."""

    served_name: ServedName | None = None
    """Name in requests. Default: the key."""

    image: Image = VLLM_IMAGE
    """vLLM's image, or an image based on it."""

    precision: Precision = "bfloat16"
    """Data type of computations, and of weights without quantization; use float16 on a T4, which has no bfloat16."""

    quantization: Quantization | None = None
    """Quantization of the weights. Default: as published. vLLM can quantize any model to fp8 at start."""

    kv_cache: Literal["auto", "fp8"] = "auto"
    """Data type of the KV cache: that of `precision`, or fp8."""

    context_length: int = Field(ge=128, le=10_485_760)
    """Maximum tokens of a request and its response."""

    concurrency: int = Field(default=1, ge=1, le=4096)
    """Number of concurrent requests of the full context length that must fit into GPU memory."""

    batch_requests: int = Field(default=256, ge=1, le=4096)
    """Maximum number of concurrent requests of any length; others wait."""

    batch_tokens: int = Field(default=2048, ge=64, le=131072)
    """Maximum tokens of a step: a higher value answers long prompts faster, and delays other requests. Default: 2048,
    or `batchRequests` if it is more."""

    gpu_memory_utilization: float = Field(default=0.9, ge=0.1, le=0.98, allow_inf_nan=False)
    """Share of each GPU's memory that vLLM uses."""

    tensor_parallel: int = Field(default=1, ge=1, le=64)
    """Tensor parallelism: GPUs of one node that share each layer."""

    pipeline_parallel: int = Field(default=1, ge=1, le=64)
    """Pipeline parallelism: groups of GPUs, each with some of the layers; on several nodes if one has too few GPUs."""

    node_group: NodesRef
    """Node group or pool with GPUs (a key of `nodeGroups` or `nodePools`)."""

    replicas: int | None = Field(default=None, ge=0, le=50)
    """Replicas. Default: 1; not used with `autoscaling`."""

    autoscaling: ModelScaling | None = None
    """Scales the replicas by waiting requests."""

    weights: Weights = Weights(node_disk="60Gi")
    """Storage of the weights."""

    token_secret: SecretKey | None = None
    """Secret with a token of the Hub, for models whose licence must be accepted."""

    host: DnsName | None = None
    """Public host name in the ingress domain. Default: only reachable inside the cluster."""

    startup_minutes: int = Field(default=30, ge=2, le=240)
    """Minutes for loading and compiling, after which the pod fails."""

    resources: Resources = Resources(
        requests=Amounts(cpu="2", memory="10Gi"),
        limits=Amounts(memory="12Gi"),
    )
    """CPU and memory of a pod, shared memory included."""

    shared_memory: Quantity = "2Gi"
    """Size of the shared memory (/dev/shm) of a pod; it counts against the memory limit."""

    arguments: Arguments = ()
    """Additional arguments of `vllm serve`, as `--option=value`."""

    environment: Variables = {}
    """Plain environment variables."""

    figures: Figures | None = None
    """Figures of the model, for a model that is not in the platform's table, or has other figures there."""

    @model_validator(mode="after")
    def _tokens_for_each_request(self) -> Self:
        if "batch_tokens" not in self.model_fields_set:
            self.follow(batch_tokens=max(self.batch_tokens, self.batch_requests, self.concurrency))
        return self

    def gpus(self) -> int:
        """Return the GPUs of a replica."""
        return self.tensor_parallel * self.pipeline_parallel

    def least(self) -> int:
        """Return the minimum replicas."""
        if self.autoscaling is not None:
            return self.autoscaling.min
        return 1 if self.replicas is None else self.replicas

    def most(self) -> int:
        """Return the maximum replicas."""
        return self.autoscaling.max if self.autoscaling is not None else self.least()


class Pods(NamedTuple):
    """The pods of a replica."""

    nodes: int
    """Number of nodes, with one pod each."""

    gpus: int
    """GPUs of each pod."""


def layout(model: VllmModel, gpus_per_node: int) -> Pods | None:
    """Return the pods of a replica: as few as possible, each with whole stages; None if a layer would span nodes."""
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
    """Return the pods of a replica of a model that the rules have accepted.

    Raises:
        ValueError: its layers would span nodes.
    """
    found = layout(model, gpus_per_node)
    if found is None:
        raise ValueError(f"{model.tensor_parallel} GPUs share a layer, but a node has {gpus_per_node}")
    return found


class Vllm(Workload):
    """Setting `workloads.vllm`."""

    TITLE: ClassVar[str] = "vLLM"

    models: dict[ModelName, VllmModel] = Field(min_length=1)
    """Models by name."""

    port: Port = PORT
    """Port of the servers of all models."""

    tenants: bool = False
    """Whether pods of tenants can connect to the models; each model still requires its API key."""

    def own_namespace(self) -> str:
        """Return the namespace, which is fixed."""
        return NAMESPACE

    def hosts(self) -> Iterator[Host]:
        """Yield the hosts of models, limited to the API's path: other paths require no key."""
        for name, model in self.models.items():
            if model.host is not None:
                yield Host(("models", name, "host"), model.host, API)

    def response_seconds(self) -> int:
        """Return the seconds for which clients of OpenAI's API wait: vLLM itself has no limit."""
        return CLIENT_SECONDS

    def serves(self) -> Iterator[Served]:
        """Yield the port of each model's API."""
        for name in self.models:
            yield Served((self.port,), (APP, name), connection="models", name=name, tenants=self.tenants)

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the API, which also has the metrics."""
        return (self.port,)

    def has_volumes(self) -> bool:
        """Return whether weights are on volumes."""
        return any(model.weights.volume is not None for model in self.models.values())

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield required add-ons, with those for autoscaling, several nodes and GPUs."""
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
        """Return the name of a model in requests."""
        return self.models[name].served_name or name


def service_name(model: str) -> str:
    """Return the Service name of a model. Not `vllm`: Kubernetes would set VLLM_PORT in pods, a setting of vLLM."""
    return f"{model}-server"


def internal_url(model: str, port: int = PORT) -> str:
    """Return the base URL of a model's API inside the cluster."""
    return f"http://{service_name(model)}.{NAMESPACE}.svc.cluster.local:{port}/v1"


def api_key_secret_name(project: str, model: str) -> str:
    """Return the name of the secret in Secrets Manager with a model's API key."""
    return f"{project}/vllm/{model}/api-key"
