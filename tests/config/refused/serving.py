"""Settings of a model server that vLLM rejects at its start, or that reach another model."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.model_mistakes import POOL, row
from tests.config.refused.case import Case

DOCS = "https://docs.vllm.ai/en/v0.33.0"
MONITORING = "  ai-platform:secrets: {slack: {description: Webhook}}\n  ai-platform:monitoring: {receivers: {chat: {slack: {webhook: {secret: slack, property: url}, channel: '#a'}}}, defaultReceiver: chat}\n"
Q4 = "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu"


def case(model: str, *told: str, source: str, name: str = "chat") -> Case:
    """A model, what is told of it, and a public source."""
    return Case(*row(model, *told, name=name), source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "serving: a parser of tool calls with an error": case(
        f"{Q4}, toolCallParser: hermess",
        "toolCallParser: vLLM 0.33.0 has no parser 'hermess'; did you mean hermes?",
        source=f"{DOCS}/features/tool_calling/",
    ),
    "serving: a parser of reasoning that vLLM lacks": case(
        f"{Q4}, reasoningParser: deepseek-r1",
        "reasoningParser: vLLM 0.33.0 has no parser 'deepseek-r1'; did you mean deepseek_r1?",
        source=f"{DOCS}/features/reasoning_outputs/",
    ),
    "warning: serving: a parser of another image": case(
        f"{Q4}, image: 'docker.io/vllm/vllm-openai:v0.40.0', toolCallParser: qwen9",
        "toolCallParser: vLLM 0.33.0 has no parser 'qwen9'; check the documentation of the image's version",
        source=f"{DOCS}/features/tool_calling/",
    ),
    "serving: settings as arguments": case(
        f"{Q4}, arguments: [--enable-auto-tool-choice, --tool_call_parser=hermes, --reasoning-parser=qwen3, --chat-template=/x, --no-enable-log-requests, --load-format=pt, --served-model-name=x]",
        "arguments[0]: the argument --enable-auto-tool-choice cannot be overridden: set toolCallParser",
        "arguments[1]: the argument --tool_call_parser cannot be overridden: set toolCallParser",
        "arguments[2]: the argument --reasoning-parser cannot be overridden: set reasoningParser",
        "arguments[3]: the argument --chat-template cannot be overridden: set chatTemplate",
        "arguments[4]: the argument --no-enable-log-requests cannot be overridden: set requestLogging",
        "arguments[5]: the argument --load-format cannot be overridden: set loadFormat",
        "arguments[6]: the argument --served-model-name cannot be overridden: set servedName, and aliases",
        source=f"{DOCS}/cli/serve/",
    ),
    "serving: random weights": case(
        f"{Q4}, loadFormat: dummy",
        "loadFormat: 'dummy' is not one of auto, safetensors, pt, mistral, runai_streamer, runai_streamer_sharded, sharded_state",
        source=f"{DOCS}/api/vllm/config/load/",
    ),
    "serving: a bucket without a streaming loader": case(
        f"{Q4}, loadFormat: safetensors, weights: {{streamed: {{bucket: artifacts, path: qwen}}}}",
        "loadFormat: safetensors does not read weights from a bucket; set runai_streamer or runai_streamer_sharded, or remove it",
        source=f"{DOCS}/models/extensions/runai_model_streamer/",
    ),
    "serving: an alias that is the model's name": case(
        f"{Q4}, aliases: [chat]",
        "aliases[0]: requests for chat already reach the model chat; choose another name",
        source="https://docs.litellm.ai/docs/routing",
    ),
    "warning: serving: a wake query that the first request does not change": Case(
        row(
            f"{Q4}, autoscaling: {{min: 0, max: 1, wakeQuery: 'sum(increase(requests_total[5m]))'}}",
            nodes=f"{POOL}{MONITORING}",
        )[0],
        (
            "36: workloads.vllm.models.chat.autoscaling.wakeQuery: is 0 for the first request, which creates the counter at 1, without an increase; add `or count(<counter> unless <counter> offset 5m)`",
        ),
        "https://github.com/prometheus/prometheus/issues/1673",
    ),
    "serving: an alias given twice": case(
        f"{Q4}, aliases: [gpt, gpt]",
        "aliases[1]: requests for gpt already reach the model chat; choose another name",
        source="https://docs.litellm.ai/docs/routing",
    ),
    "serving: an alias that is an adapter's name": case(
        f"{Q4}, aliases: [law], adapters: {{law: acme/law}}",
        "adapters.law: requests for law already reach the model chat; choose another name",
        source=f"{DOCS}/features/lora/",
    ),
    "serving: an alias that is another model's name": case(
        f"{Q4}, aliases: [code]",
        "34: workloads.vllm.models.code: requests for code already reach the model chat; choose another name",
        name=f"code: {{{Q4}}}\n        chat",
        source="https://docs.litellm.ai/docs/routing",
    ),
}
