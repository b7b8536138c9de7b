"""Whom Open WebUI asks for models."""

from dataclasses import dataclass
from typing import Any

from components.context.context import WorkloadContext
from components.data.secret import Secret
from components.workloads.litellm.names import CLIENT_LABEL
from components.workloads.vllm.names import CLIENT_LABEL as VLLM_CLIENT_LABEL
from config.workloads import litellm, vllm
from config.workloads.open_webui import OpenWebui


@dataclass(frozen=True)
class Source:
    """An API of OpenAI's kind inside the cluster."""

    base_url: str
    secret: Secret
    key: str
    """The property of the secret's value."""

    namespace: str
    port: int
    client_label: dict[str, Any]
    """By which its policies know who may ask it."""


def source(settings: OpenWebui, context: WorkloadContext) -> Source:
    """The gateway, by the key of a caller, or one model of the stack."""
    if settings.caller is not None:
        secret = context.callers[settings.caller]
        return Source(
            litellm.internal_url(), secret, litellm.API_KEY, litellm.NAMESPACE, litellm.PORT, dict(CLIENT_LABEL)
        )
    endpoint = context.endpoints[str(settings.vllm)]
    return Source(
        endpoint.base_url, endpoint.secret, endpoint.key, vllm.NAMESPACE, endpoint.port, dict(VLLM_CLIENT_LABEL)
    )
