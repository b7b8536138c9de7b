"""Language models, served by vLLM with the OpenAI API."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from catalog.models import Figures
from catalog.reading.model import Model
from catalog.versions import ROUTER_IMAGE, VLLM_IMAGE
from config.nodes import Nodes
from config.secrets import SecretKey
from config.serving.arguments import Arguments, Variables
from config.serving.names import LoadFormat, ModelId, ModelName, Parser, Revision, Routing, ServedName
from config.serving.scaling import ModelScaling
from config.serving.speculation import Speculation
from config.serving.weights import Weights
from config.types.names import DnsName
from config.types.network import Port
from config.types.programs import Image
from config.types.quantities import Quantity
from config.types.references import NodesRef
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Host, Need, Served, Workload

APP = "vllm"
"""Label `app.kubernetes.io/name` of its pods; not the name of a Service."""

NAMESPACE = "vllm"
PORT = 8000
ROUTER_METRICS_PORT = 29000
API = "/v1"
"""URL path of a host that is routed to a model."""

API_KEY = "apiKey"
"""Property with the API key in the secret of a model."""

CLIENT_SECONDS = 600
"""Default timeout of OpenAI's clients: https://github.com/openai/openai-python#timeouts"""

Quantization = Literal["fp8", "awq", "gptq"]
Precision = Literal["bfloat16", "float16", "float32"]


class VllmModel(Model):
    """An entry of `workloads.vllm.models`: a model on GPUs of a node group or pool."""

    model: ModelId
    """Name of the model on the Hugging Face Hub."""

    revision: Revision | None = None
    """Commit or tag. Default: the newest revision, which can change between starts."""

    served_name: ServedName | None = None
    """Name in requests. Default: the key."""

    aliases: tuple[ServedName, ...] = ()
    """Further names in requests; responses and metrics have `servedName`."""

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

    adapters: dict[ServedName, ModelId] = {}
    """LoRA adapters of the model on the Hugging Face Hub, by their name in requests."""

    adapter_rank: Literal[1, 8, 16, 32, 64, 128, 256, 320, 512] = 16
    """Largest rank of the adapters: `r` of their adapter_config.json. vLLM rejects an adapter with a larger one."""

    adapters_at_once: int | None = Field(default=None, ge=1, le=256)
    """Adapters in GPU memory: requests of one step use up to this number. Default: all adapters."""

    speculation: Speculation | None = None
    """Speculative decoding."""

    node_group: NodesRef
    """Node group or pool with GPUs (a key of `nodeGroups` or `nodePools`)."""

    replicas: int | None = Field(default=None, ge=0, le=50)
    """Replicas. Default: 1; not used with `autoscaling`."""

    autoscaling: ModelScaling | None = None
    """Scales the replicas by waiting requests."""

    routing: Routing | None = None
    """Keeps a conversation on the replica with its prefix cache, by a router: `prefix` by the start of the prompt, with
    one router, because two would not share what they have seen; `session` by the header X-Session-ID, with two.
    Default: none, connections go to any replica."""

    weights: Weights = Weights(node_disk="60Gi")
    """Storage of the weights."""

    token_secret: SecretKey | None = None
    """Secret with a token of the Hub, for models whose licence must be accepted."""

    host: DnsName | None = None
    """Public host name in the ingress domain. Default: only reachable inside the cluster."""

    load_format: LoadFormat | None = None
    """Format and loader of the weights. Default: auto, or runai_streamer with `weights.streamed`."""

    chat_template: str | None = Field(default=None, min_length=1, max_length=100_000)
    """Jinja template of a conversation, or the path of one in the image, such as
    `/vllm-workspace/examples/tool_chat_template_hermes.jinja`. Default: that of the model."""

    tool_call_parser: Parser | None = None
    """Parser of tool calls, such as hermes for Qwen or llama3_json for Llama 3; with it, models choose tools. Default:
    none."""

    reasoning_parser: Parser | None = None
    """Parser that separates reasoning from the answer, such as qwen3 or deepseek_r1. Default: none."""

    request_logging: bool = False
    """Whether prompts and parameters of requests are written to the log."""

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

    def adapter_slots(self) -> int:
        """Return the number of adapters in GPU memory."""
        return min(self.adapters_at_once or len(self.adapters), len(self.adapters))

    def downloads(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield what is downloaded from the Hub at a start, with its path: weights, adapters, the draft model."""
        if self.weights.streamed is None:
            yield ("model",), self.model
        for name, adapter in self.adapters.items():
            yield ("adapters", name), adapter
        if self.speculation is not None and self.speculation.model is not None:
            yield ("speculation", "model"), self.speculation.model

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

    router_image: Image = ROUTER_IMAGE
    """Image of the routers of models with `routing`."""

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
        for name, model in self.models.items():
            yield Served((self.port,), (APP, entry(name, model)), connection="models", name=name, tenants=self.tenants)

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the API, which also has the metrics, and that of routers."""
        routed = any(model.routing is not None for model in self.models.values())
        return (self.port, ROUTER_METRICS_PORT) if routed else (self.port,)

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

    def other_names(self, name: str) -> tuple[str, ...]:
        """Return further names in requests that a model answers: aliases, and adapters."""
        return (*self.models[name].aliases, *self.models[name].adapters)

    def names(self) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
        """Yield each name in requests, its model, and the path of the name in this section."""
        for key, model in self.models.items():
            here = ("models", key)
            yield self.served_name(key), key, (*here, "servedName") if model.served_name else here
            for index, alias in enumerate(model.aliases):
                yield alias, key, (*here, "aliases", index)
            for adapter in model.adapters:
                yield adapter, key, (*here, "adapters", adapter)


def service_name(model: str) -> str:
    """Return the Service name of a model. Not `vllm`: Kubernetes would set VLLM_PORT in pods, a setting of vLLM."""
    return f"{model}-server"


def replicas_service(name: str, model: VllmModel) -> str:
    """Return the Service of a model's replicas: the one of its clients, unless a router is between them."""
    return service_name(name) if model.routing is None else f"{name}-replicas"


def router(model: str) -> str:
    """Return the part label of a model's routers, and the name of their objects."""
    return f"{model}-router"


def entry(name: str, model: VllmModel) -> str:
    """Return the part label of the pods to which clients of a model connect."""
    return name if model.routing is None else router(name)


def internal_url(model: str, port: int = PORT) -> str:
    """Return the base URL of a model's API inside the cluster."""
    return f"http://{service_name(model)}.{NAMESPACE}.svc.cluster.local:{port}/v1"


def api_key_secret_name(project: str, model: str) -> str:
    """Return the name of the secret in Secrets Manager with a model's API key."""
    return f"{project}/vllm/{model}/api-key"
