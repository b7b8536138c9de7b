"""Endpoints of models, either direct or through the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.data.secret import Secret


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible API inside the cluster, for one client."""

    base_url: str
    """The base URL, including `/v1`."""

    secret: Secret
    """The secret with the API key. A client syncs it to its own namespace with its own IAM role."""

    key: str
    """The property of the secret's JSON value."""

    namespace: str
    port: int
    """The port of the pods."""

    client_label: Mapping[str, str]
    """Network policies allow connections from namespaces with this label."""

    model: str = ""
    """The model name in requests; empty for the gateway, which serves several models."""

    other_models: tuple[str, ...] = ()
    """Further model names in requests, such as those of adapters."""
