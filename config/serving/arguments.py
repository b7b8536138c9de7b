"""Arguments of `vllm serve` and environment variables that a stack file can add."""

from typing import Annotated

from catalog.vllm_options import TAKEN, VERSION, TakenOptions
from config.overrides import SECRETS, Argument, Override, Program, Refused
from config.types.programs import EnvironmentVariable


def _refused(taken: TakenOptions) -> Refused:
    """Return the patterns of options, of flags in all spellings of the parser."""
    flags = (option for option in taken.options if option.startswith(("enable-", "disable-")))
    return Refused((*(f"--{option}" for option in taken.options), *(f"--no-{flag}" for flag in flags)), taken.why)


Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        tuple(map(_refused, TAKEN)),
        # rules/models/arguments.py reports unknown options.
        Program(f"vLLM {VERSION}", "vllm-arguments", "", checked=()),
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
            Refused(
                (
                    *("vllm_flashinfer_workspace_buffer_size", "vllm_deepep_buffer_size_mb", "vllm_mla_*"),
                    *("vllm_allow_long_max_model_len", "nccl_buffsize"),
                ),
                "it takes GPU memory that is not calculated; remove it",
            ),
            SECRETS,
        ),
        Program(f"vLLM {VERSION}", "vllm", "which ignores it", checked=("vllm_*",)),
    ),
]
