"""Models of the Hub that need a token: refused without one, and a warning where that is unknown."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.model_mistakes import POOL, row
from tests.config.refused.case import Case

HUB = "https://huggingface.co"
GATED_MODELS = f"{HUB}/docs/hub/models-gated"
FITS = "contextLength: 4096, nodeGroup: gpu"
LLAMA = f"model: meta-llama/Llama-3.2-3B-Instruct, {FITS}"
FIGURES = "figures: {parametersBillion: 3.2, layers: 28, hiddenSize: 3072, attentionHeads: 24, kvHeads: 8, headSize: 128, vocabulary: 128256, contextLength: 131072, tiedEmbeddings: true, intermediateSize: 8192}"
SERVER = """\
  ai-platform:instances:
    gpu:
      instanceType: g5.xlarge
      zones: [us-west-2a]
      containers:
        server: {image: docker.io/vllm/vllm-openai:v0.33.0, command: [serve, --model=google/gemma-2-2b-it], gpus: true}
"""


def gated(name: str, key: str = "model", fix: str = "tokenSecret, or weights.streamed") -> str:
    """What is told of a gated model."""
    return f"{key}: {name} is gated: the Hub answers 401 without the token of an account that has accepted its licence; set {fix}"


def unknown(*names: str) -> str:
    """What is told of models that the table does not know."""
    return f"34: workloads.vllm.models.chat: whether {' and '.join(names)} can be downloaded without a token is unknown (table of 2026-11-30); set tokenSecret if the Hub shows a licence to accept, or if it is private"


def case(model: str, *told: str, source: str = GATED_MODELS) -> Case:
    """A model and the expected lines."""
    return Case(*row(model, *told), source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "licences: Llama": case(
        LLAMA, gated("meta-llama/Llama-3.2-3B-Instruct"), source=f"{HUB}/meta-llama/Llama-3.2-3B-Instruct"
    ),
    "licences: Gemma": case(
        f"model: google/gemma-3-4b-it, {FITS}", gated("google/gemma-3-4b-it"), source=f"{HUB}/google/gemma-3-4b-it"
    ),
    "licences: a model that the table of figures lacks": case(
        f"model: meta-llama/Llama-9-3B, {FITS}, {FIGURES}", gated("meta-llama/Llama-9-3B")
    ),
    "licences: a name in other letters": case(
        f"model: Meta-Llama/llama-9-3b, {FITS}, {FIGURES}", gated("Meta-Llama/llama-9-3b")
    ),
    "licences: a volume that is empty at first": case(
        f"{LLAMA}, weights: {{volume: 50Gi}}", gated("meta-llama/Llama-3.2-3B-Instruct")
    ),
    "licences: a disk that is empty at each start": case(
        f"{LLAMA}, environment: {{HF_HUB_OFFLINE: '1'}}",
        gated("meta-llama/Llama-3.2-3B-Instruct"),
        source=f"{HUB}/docs/huggingface_hub/package_reference/environment_variables",
    ),
    "licences: a draft model": case(
        f"model: RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8, {FITS}, batchRequests: 32, speculation: {{method: draft, model: meta-llama/Llama-3.2-1B}}",
        gated("meta-llama/Llama-3.2-1B", "speculation.model"),
    ),
    "licences: a server on EC2": Case(
        (("", SERVER),),
        (f"32: instances.gpu.containers.server.{gated('google/gemma-2-2b-it', 'command[1]', 'secrets.HF_TOKEN')}",),
        f"{HUB}/google/gemma-2-2b-it",
    ),
    "warning: licences: a publisher of both kinds": case(
        f"model: mistralai/Mistral-7B-Instruct-v0.3, {FITS}, quantization: fp8",
        unknown("mistralai/Mistral-7B-Instruct-v0.3"),
    ),
    "warning: licences: a model and an adapter of one's own": case(
        f"model: acme/w, {FITS}, {FIGURES}, adapters: {{a: acme/a}}",
        unknown("acme/w", "acme/a"),
    ),
    "warning: licences: an adapter of weights in a bucket": case(
        f"{LLAMA}, weights: {{streamed: {{bucket: artifacts, path: llama}}}}, adapters: {{a: acme/a}}",
        unknown("acme/a"),
    ),
    "warning: licences: a mirror of the Hub": case(
        f"{LLAMA}, environment: {{HF_ENDPOINT: 'https://hub.example.com'}}",
        unknown("meta-llama/Llama-3.2-3B-Instruct"),
    ),
}

ALLOWED = {
    "a token": row(
        f"{LLAMA}, tokenSecret: {{secret: hub}}",
        nodes=POOL + "  ai-platform:secrets: {hub: {description: Token of the Hub}}\n",
    ),
    "weights in a bucket": row(f"{LLAMA}, weights: {{streamed: {{bucket: artifacts, path: llama}}}}"),
    "weights on a volume that was filled before": row(
        f"{LLAMA}, weights: {{volume: 50Gi}}, environment: {{HF_HUB_OFFLINE: '1'}}"
    ),
    "an open model": row(f"model: Qwen/Qwen3-4B, {FITS}"),
}
"""Rows of which nothing is told."""
