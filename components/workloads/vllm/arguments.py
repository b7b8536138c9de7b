"""Arguments of `vllm serve`.

https://docs.vllm.ai/en/latest/cli/serve/
"""

import json
from collections.abc import Mapping

import pulumi

from catalog.models import Published
from components.workloads.vllm.names import GROUP_PORT, MODELS, SCRATCH, TEMPLATE
from config.timeouts import Timeouts
from config.workloads.vllm import Pods, VllmModel

COMMAND = ("vllm", "serve")
INDEX = "$(LWS_WORKER_INDEX)"
LEADER = "$(LWS_LEADER_ADDRESS)"
"""LeaderWorkerSet sets both variables in every pod of a group:
https://lws.sigs.k8s.io/docs/reference/labels-annotations-and-environment-variables/
"""


def source(model: VllmModel, bucket_name: pulumi.Input[str] | None) -> pulumi.Input[str]:
    """Return the source of the weights: the model's name on the Hub, or its folder in a bucket."""
    if model.weights.streamed is None or bucket_name is None:
        return model.model
    return pulumi.Output.format("s3://{0}/{1}", bucket_name, model.weights.streamed.path)


def arguments(
    model: VllmModel,
    known: Published,
    pods: Pods,
    *,
    served_name: str,
    port: int,
    weights_from: pulumi.Input[str],
    timeouts: Timeouts,
    worker: bool = False,
) -> list[pulumi.Input[str]]:
    """Return the arguments.

    All arguments that determine memory usage are set explicitly, so that the calculated memory applies.
    """
    given: dict[str, object] = {
        **({} if model.aliases else {"served-model-name": served_name}),
        "port": port,
        "dtype": model.precision,
        "max-model-len": model.context_length,
        "max-num-seqs": max(model.batch_requests, model.concurrency),
        "max-num-batched-tokens": model.batch_tokens,
        "gpu-memory-utilization": model.gpu_memory_utilization,
        "tensor-parallel-size": model.tensor_parallel,
        "pipeline-parallel-size": model.pipeline_parallel,
        "shutdown-timeout": timeouts.drain,
    }
    if model.revision is not None:
        given["revision"] = model.revision
    # Weights in another format contain their quantization, under the publisher's own name of it.
    if model.quantization is not None and known.stored == "bfloat16":
        given["quantization"] = model.quantization
    if model.kv_cache != "auto":
        given["kv-cache-dtype"] = model.kv_cache
    template = model.chat_template if template_in_image(model) or model.chat_template is None else TEMPLATE
    chosen = {
        "load-format": model.load_format or ("runai_streamer" if model.weights.streamed is not None else None),
        "chat-template": template,
        "tool-call-parser": model.tool_call_parser,
        "reasoning-parser": model.reasoning_parser,
    }
    given |= {option: value for option, value in chosen.items() if value is not None}
    if pods.nodes > 1:
        given |= {
            "nnodes": pods.nodes,
            "node-rank": INDEX if worker else 0,
            "master-addr": LEADER,
            "master-port": GROUP_PORT,
        }
    if model.adapters:
        given |= {"max-loras": model.adapter_slots(), "max-lora-rank": model.adapter_rank}
    if model.speculation is not None:
        given["speculative-config"] = json.dumps(model.speculation.argument(), sort_keys=True)
    flags = [
        "--disable-fastapi-docs",
        "--enable-log-requests" if model.request_logging else "--disable-log-requests",
        *(["--enable-auto-tool-choice"] if model.tool_call_parser is not None else []),
        *(["--headless"] if worker else []),
    ]
    return [
        weights_from,
        # Several values of one option: of an option given twice, the parser keeps the last one.
        *(["--served-model-name", served_name, *model.aliases] if model.aliases else []),
        *_adapters(model),
        *(f"--{option}={value}" for option, value in given.items()),
        *flags,
        *model.arguments,
    ]


def template_in_image(model: VllmModel) -> bool:
    """Return whether the chat template is the path of a file in the image."""
    return model.chat_template is not None and model.chat_template.startswith("/")


def _adapters(model: VllmModel) -> list[str]:
    """Return the option of adapters with all of them as its values."""
    if not model.adapters:
        return []
    return ["--enable-lora", "--lora-modules", *(f"{name}={adapter}" for name, adapter in model.adapters.items())]


def variables(model: VllmModel, region: str, timeouts: Timeouts) -> Mapping[str, str]:
    """Return the variables of writable folders and of the keep-alive, and those that disable telemetry."""
    return {
        "HOME": SCRATCH,
        # The image has no user with this ID, and libraries request its name.
        "USER": "vllm",
        "HF_HOME": MODELS if model.weights.streamed is None else SCRATCH,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        # By default it closes idle connections after 5 seconds: https://github.com/vllm-project/vllm/issues/18472
        "VLLM_HTTP_TIMEOUT_KEEP_ALIVE": str(timeouts.keep_alive),
        **({"AWS_DEFAULT_REGION": region} if model.weights.streamed is not None else {}),
        **model.environment,
    }
