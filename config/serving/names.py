"""Names of models: on the Hub, in Kubernetes, and in requests."""

from typing import Annotated, Literal

from config.types.text import matching

ModelName = Annotated[
    str,
    matching(
        r"(?!secrets$)(?!.*-(?:server|worker|router)$)[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?",
        "is not a valid name of a model; write 1-30 lower-case letters, digits and hyphens, beginning with a letter "
        "and not ending with -server, -worker or -router",
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

Parser = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "is not the name of a parser; write it like hermes")
]

LoadFormat = Literal[
    "auto", "safetensors", "pt", "mistral", "runai_streamer", "runai_streamer_sharded", "sharded_state"
]
"""Loaders of vLLM that its image contains: https://docs.vllm.ai/en/v0.33.0/api/vllm/config/load/"""

Routing = Literal["prefix", "session"]

STREAMING: tuple[LoadFormat, ...] = ("runai_streamer", "runai_streamer_sharded")
