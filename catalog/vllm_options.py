"""The options of `vllm serve` at the pinned version, by what each does to GPU memory.

From vLLM's own parser and the fields of its configuration: https://docs.vllm.ai/en/v0.33.0/cli/serve/ and
https://github.com/vllm-project/vllm/tree/v0.33.0/vllm/config. Every option is in exactly one of these tables, so that
an option of a newer version is known to be unknown.
"""
# ruff: noqa: SIM905, tables of one word an option

from typing import NamedTuple

VERSION = "0.33.0"


class TakenOptions(NamedTuple):
    """Options that a stack file cannot set as arguments."""

    options: tuple[str, ...]
    why: str
    """The reason, and the setting to use instead."""


def _set(setting: str, options: str) -> TakenOptions:
    return TakenOptions(tuple(options.split()), f"set {setting}, from which GPU memory is calculated")


def _taken(why: str, options: str) -> TakenOptions:
    return TakenOptions(tuple(options.split()), why)


SETTINGS: tuple[TakenOptions, ...] = (
    _set("contextLength", "max-model-len"),
    _set("precision", "dtype"),
    _set("quantization", "quantization quantization-config"),
    _set("kvCache", "kv-cache-dtype kv-cache-dtype-skip-layers"),
    _set("batchRequests", "max-num-seqs"),
    _set("batchTokens", "max-num-batched-tokens enable-chunked-prefill disable-chunked-prefill"),
    _set(
        "gpuMemoryUtilization",
        "gpu-memory-utilization device-memory-utilization kv-cache-memory-bytes num-gpu-blocks-override",
    ),
    _set("tensorParallel", "tensor-parallel-size prefill-context-parallel-size"),
    _set("pipelineParallel", "pipeline-parallel-size"),
    _set(
        "replicas",
        "data-parallel-size data-parallel-size-local data-parallel-rank data-parallel-start-rank data-parallel-address "
        "data-parallel-rpc-port data-parallel-backend data-parallel-hybrid-lb no-data-parallel-hybrid-lb "
        "data-parallel-external-lb no-data-parallel-external-lb data-parallel-multi-port-external-lb "
        "data-parallel-supervisor-port enable-elastic-ep disable-elastic-ep elastic-ep-max-dp-size",
    ),
    _set("adapters", "enable-lora disable-lora lora-modules default-mm-loras"),
    _set("adaptersAtOnce", "max-loras"),
    _set("adapterRank", "max-lora-rank"),
    _set("speculation", "speculative-config spec-method spec-model spec-tokens"),
)
"""Options that decide GPU memory, by the setting that sets them."""

MEMORY: tuple[TakenOptions, ...] = (
    _taken(
        "more CUDA graphs take GPU memory that is not calculated; leave vLLM's own sizes",
        "compilation-config cudagraph-capture-sizes max-cudagraph-capture-size performance-mode "
        "specialize-active-lora no-specialize-active-lora",
    ),
    _taken(
        "the KV cache is calculated in blocks of 16 tokens, with the window alone for layers that have one; increase "
        "gpuMemoryUtilization for a larger cache",
        "block-size enable-hybrid-kv-cache-manager disable-hybrid-kv-cache-manager watermark",
    ),
    _taken(
        "the state of Mamba layers takes GPU memory that is not calculated; leave vLLM's default",
        "mamba-block-size mamba-cache-dtype mamba-cache-mode mamba-ssm-cache-dtype replayssm-buffer-len use-replayssm "
        "no-use-replayssm enable-mamba-shared-prefix-checkpoint disable-mamba-shared-prefix-checkpoint",
    ),
    _taken(
        "its buffers take GPU memory that is not calculated; use replicas, each with its own KV cache",
        "kv-transfer-config ec-transfer-config ec-manager-config weight-transfer-config",
    ),
    _taken(
        "redundant experts, and buffers between ranks, take GPU memory that is not calculated; increase tensorParallel",
        "enable-eplb disable-eplb eplb-config all2all-backend enable-dbo disable-dbo dbo-decode-token-threshold "
        "dbo-prefill-token-threshold ubatch-size",
    ),
    _taken(
        "all weights are calculated as GPU memory; use quantization: fp8, or GPUs with more memory",
        "cpu-offload-gb cpu-offload-params offload-backend offload-group-size offload-num-in-group offload-params "
        "offload-prefetch-step pt-load-map-location engram-config",
    ),
    _taken(
        "images and their encoder take GPU memory that is not calculated; limit them with --limit-mm-per-prompt",
        "mm-encoder-tp-mode mm-ipc-gpu-memory-gb mm-processor-device mm-processor-kwargs skip-mm-profiling "
        "no-skip-mm-profiling trust-request-mm-kwargs no-trust-request-mm-kwargs enable-tower-connector-lora "
        "disable-tower-connector-lora",
    ),
    _taken(
        "its buffers take GPU memory that is not calculated; remove it",
        "attention-config aux-output-config diffusion-config enable-return-routed-experts "
        "disable-return-routed-experts "
        "enable-trace-replay disable-trace-replay max-lora-cls-labels return-sampling-mask no-return-sampling-mask "
        "use-fp64-gumbel no-use-fp64-gumbel",
    ),
    _taken(
        "code of its own can take any GPU memory; use an image of your own",
        "logits-processors model-class-overrides scheduler-cls worker-cls worker-extension-cls",
    ),
)
"""Options that take GPU memory which no setting describes."""

PLATFORM: tuple[TakenOptions, ...] = (
    _taken(
        "it is derived from other settings",
        "model revision download-dir nnodes node-rank master-addr master-port headless "
        "distributed-executor-backend shutdown-timeout host port uds root-path ssl-ca-certs ssl-cert-reqs ssl-certfile "
        "ssl-ciphers ssl-keyfile enable-ssl-refresh disable-ssl-refresh grpc grpc-port config help",
    ),
    _taken("set toolCallParser", "tool-call-parser enable-auto-tool-choice disable-auto-tool-choice"),
    _taken("set reasoningParser", "reasoning-parser"),
    _taken("set chatTemplate", "chat-template"),
    _taken("set requestLogging", "enable-log-requests disable-log-requests enable-log-outputs disable-log-outputs"),
    _taken("set loadFormat", "load-format"),
    _taken("set servedName, and aliases", "served-model-name"),
    _taken("keys come from Secrets Manager", "api-key hf-token"),
    _taken("the device plugin sets it", "device-ids"),
)
"""Options that the platform decides for other reasons than memory."""

FIGURES = ("hf-overrides", "hf-config-path")
"""Options that change the figures of a model: allowed where `figures` are set."""

REPEATABLE = ("middleware",)
"""Options whose values are added to each other; of others, the parser keeps the last."""

WORKSPACE_BACKENDS = ("flashinfer",)
"""Attention backends with a workspace: VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE of vLLM, 394 MiB."""

VALUES = frozenset(
    """
additional-config allowed-headers allowed-local-media-path allowed-media-domains allowed-methods allowed-origins
anthropic-disabled-thinking-effort api-server-count attention-backend chat-template-content-format code-revision
cohere-format collect-detailed-traces config-format convert cp-kv-cache-interleave-size
cpu-distributed-timeout-seconds custom-histogram-buckets dcp-comm-backend dcp-kv-cache-interleave-size
decode-context-parallel-size default-chat-template-kwargs disable-access-log-for-endpoints distributed-timeout-seconds
dp-supervisor-probe-failure-threshold dp-supervisor-probe-interval-s dp-supervisor-probe-timeout-s dp-sync-interval
expert-placement-strategy fault-tolerance-config fingerprint-mode fingerprint-value gdn-prefill-backend
generation-config h11-max-header-count h11-max-incomplete-event-size ignore-patterns io-processor-plugin
ir-op-priority jit-monitor-mode kda-decode-backend kda-prefill-backend kernel-config kv-cache-metrics-sample
kv-events-config kv-offloading-backend kv-offloading-size limit-mm-per-prompt linear-backend log-config-file log-level
logging-config logprobs-mode long-prefill-token-threshold lora-dtype lora-target-modules mamba-backend
mamba-cache-philox-rounds mamba-ssu-algorithm max-cpu-loras max-log-len max-logprobs max-num-active-seqs
max-num-queued-reqs max-num-queued-tokens max-num-scheduled-tokens max-parallel-loading-workers media-io-kwargs
middleware mm-encoder-attn-backend mm-encoder-attn-dtype mm-encoder-fp8-scale-path mm-encoder-fp8-scale-save-margin
mm-encoder-fp8-scale-save-path mm-hasher-algorithm mm-processor-cache-gb mm-processor-cache-type
mm-shm-cache-max-object-size-mb mm-tensor-ipc model-impl model-loader-extra-config moe-backend numa-bind-cpus
numa-bind-nodes optimization-level otlp-traces-endpoint override-generation-config per-request-spec-decode-metrics
pooler-config prefill-schedule-interval prefix-cache-retention-interval prefix-caching-hash-algo prefix-match-unit
profiler-config reasoning-config reasoning-effort-map reasoning-parser-plugin renderer-num-workers response-role
runner safetensors-load-strategy safetensors-prefetch-block-size safetensors-prefetch-num-threads scheduling-policy
seed show-hidden-metrics-for-version sleep-mode-backend sleep-preserve-parameter-names sparse-indexer-topk-backend
sse-keep-alive-interval stream-interval structured-outputs-config tokenizer tokenizer-mode tokenizer-revision
tool-parser-plugin tool-server tool-strict-level uvicorn-log-level video-pruning-method video-pruning-rate
watchdog-config watermark-config
""".split()
)
"""Options with a value that take no GPU memory, or that of the batch and the KV cache, which is calculated."""

FLAGS = frozenset(
    """
aggregate-engine-logging allow-credentials allow-deprecated-quantization async-scheduling cohere-is-reasoning-model
cudagraph-metrics dcp-q-replicate disable-batch-sharded-sampling disable-cascade-attn disable-chunked-mm-input
disable-cumem-allocator disable-custom-all-reduce disable-ep-weight-filter disable-expert-parallel
disable-fastapi-docs disable-fault-tolerance disable-flash-late-interaction disable-flashinfer-autotune
disable-force-include-usage disable-hc-sp disable-layerwise-nvtx-tracing disable-log-deltas disable-log-stats
disable-logging-iteration-details disable-mamba-cache-stochastic-rounding disable-mfu-metrics
disable-mixed-moe-lora-format disable-mm-embeds disable-moe-shared-loras disable-nccl-comm-suspend
disable-nccl-for-dp-synchronization disable-offline-docs disable-per-request-metrics disable-prefix-caching
disable-prompt-embeds disable-prompt-tokens-details disable-request-id-headers disable-scale-out
disable-server-load-tracking disable-shm-tensor-arena disable-sleep-mode disable-sliding-window
disable-tokenizer-info-endpoint disable-uvicorn-access-log enable-batch-sharded-sampling enable-cascade-attn
enable-chunked-mm-input enable-cumem-allocator enable-custom-all-reduce enable-ep-weight-filter enable-expert-parallel
enable-fastapi-docs enable-fault-tolerance enable-flash-late-interaction enable-flashinfer-autotune
enable-force-include-usage enable-hc-sp enable-layerwise-nvtx-tracing enable-log-deltas
enable-logging-iteration-details enable-mamba-cache-stochastic-rounding enable-mfu-metrics
enable-mixed-moe-lora-format enable-mm-embeds enable-moe-shared-loras enable-nccl-comm-suspend
enable-nccl-for-dp-synchronization enable-offline-docs enable-per-request-metrics enable-prefix-caching
enable-prompt-embeds enable-prompt-tokens-details enable-request-id-headers enable-scale-out
enable-server-load-tracking enable-shm-tensor-arena enable-sleep-mode enable-sliding-window
enable-tokenizer-info-endpoint enable-uvicorn-access-log enforce-eager exclude-tools-when-tool-choice-none
fail-on-environ-validation fully-sharded-loras interleave-mm-strings jit-monitor-verbose kv-cache-metrics
kv-sharing-fast-prefill language-model-only log-error-stack long-prefill-token-threshold-adaptive
mm-device-do-normalize mm-encoder-only monokernel no-allow-credentials no-allow-deprecated-quantization
no-async-scheduling no-cohere-is-reasoning-model no-cudagraph-metrics no-dcp-q-replicate no-enforce-eager
no-exclude-tools-when-tool-choice-none no-fail-on-environ-validation no-fully-sharded-loras no-interleave-mm-strings
no-jit-monitor-verbose no-kv-cache-metrics no-kv-sharing-fast-prefill no-language-model-only no-log-error-stack
no-long-prefill-token-threshold-adaptive no-mm-device-do-normalize no-mm-encoder-only no-monokernel no-numa-bind
no-ray-workers-use-nsight no-return-tokens-as-token-ids no-scheduler-reserve-full-isl no-skip-tokenizer-init
no-sleep-mode-offload-cudagraph no-swa-bounded-replay no-tokens-only no-trust-remote-code
no-trust-request-chat-template no-use-tqdm-on-load numa-bind ray-workers-use-nsight return-tokens-as-token-ids
scheduler-reserve-full-isl skip-tokenizer-init sleep-mode-offload-cudagraph swa-bounded-replay tokens-only
trust-remote-code trust-request-chat-template use-tqdm-on-load
""".split()
)
"""Options without a value that take no GPU memory, or less."""

TOOL_CALL_PARSERS = frozenset(
    """
apertus beam cohere_command3 cohere_command4 deepseek_v3 deepseek_v31 deepseek_v32 deepseek_v4 deepseek_v41 dots
ernie45 functiongemma gemma4 gigachat3 glm45 glm47 granite granite-20b-fc granite4 hermes hf hunyuan_a13b hy_v3 hy_v4
inkling internlm jamba k2_horizon kimi_k2 kimi_k3 lfm2 ling3 llama3_json llama4_json llama4_pythonic longcat mimo
minicpm5 minimax_m2 minimax_m3 mistral muse muse_glimmer musespark1x olmo3 openai phi4_mini_json plamo3 poolside_v1
pythonic qwen3_coder qwen3_json qwen3_xml seed_oss step3 step3p5 step5 xlam
""".split()
)
"""Parsers of tool calls: https://docs.vllm.ai/en/v0.33.0/features/tool_calling/"""

REASONING_PARSERS = frozenset(
    """
beam cohere_command3 cohere_command4 deepseek_r1 deepseek_v3 deepseek_v4 deepseek_v41 ernie45 gemma4 glm45 glm47
granite granite_thinking_parser hf holo2 hunyuan_a13b hy_v3 hy_v4 inkling k2_horizon kimi_k2 kimi_k3 ling3 mimo
minicpmv minimax_m2 minimax_m2_append_think minimax_m3 mistral muse muse_glimmer musespark1x nemotron_v3 olmo3
openai_gptoss plamo3 poolside_v1 qwen3 seed_oss step3 step3p5 step5
""".split()
)
"""Parsers of reasoning: https://docs.vllm.ai/en/v0.33.0/features/reasoning_outputs/"""

TAKEN: tuple[TakenOptions, ...] = (*SETTINGS, *MEMORY, *PLATFORM)
KNOWN: frozenset[str] = frozenset(option for taken in TAKEN for option in taken.options).union(FIGURES, VALUES, FLAGS)


def spelled(argument: str) -> str:
    """Return the option of an argument as the parser reads it, without hyphens in front.

    vLLM takes underscores for hyphens, keys of JSON values after a dot, and the inverse of a flag in three spellings:
    https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/utils/argparse_utils.py
    """
    option = argument.removeprefix("--").partition("=")[0].partition(".")[0].replace("_", "-")
    for former, usual in (("no-enable-", "disable-"), ("no-disable-", "enable-")):
        if option.startswith(former):
            return usual + option.removeprefix(former)
    return option


def longer(option: str) -> tuple[str, ...]:
    """Return the options that begin with an unknown one: the parser takes an unambiguous abbreviation."""
    return () if option in KNOWN else tuple(sorted(known for known in KNOWN if known.startswith(option)))
