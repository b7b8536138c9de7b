"""Where models answer: by themselves, or behind the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.data.secret import Secret


@dataclass(frozen=True)
class Endpoint:
    """The API of OpenAI inside the cluster, as one client uses it."""

    base_url: str
    """Up to and with `/v1`."""

    secret: Secret
    """Holds the API key: a client brings it into its own namespace by an identity of its own."""

    key: str
    """The property of the secret's value."""

    namespace: str
    port: int
    """Where its pods listen."""

    client_label: Mapping[str, str]
    """Namespaces with this label reach it."""

    model: str = ""
    """What requests call the model; empty for the gateway, which has several."""
