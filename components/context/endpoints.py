"""Where models answer."""

from dataclasses import dataclass

from components.data.secret import Secret


@dataclass(frozen=True)
class ModelEndpoint:
    """A model inside the cluster, behind the API of OpenAI."""

    name: str
    """Its name in `workloads.vllm.models`."""

    base_url: str
    """Up to and with `/v1`."""

    model: str
    """What requests call it."""

    secret: Secret
    """Holds its API key: whoever asks the model brings it into its own namespace by an identity of its own."""

    key: str
    """The property of the secret's value."""

    port: int
    """Where its pods listen."""
