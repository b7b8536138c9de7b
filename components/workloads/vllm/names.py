"""Names that the parts of vLLM share."""

CLIENT_LABEL = {"ai-platform/vllm-client": "true"}
"""Namespaces with this label can connect to the models inside the cluster."""

USER_ID = 2000
"""Any user ID except root's."""

GROUP_PORT = 29501
"""Port on which the pods of one model find each other."""

SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
MODELS = "/models"
TEMPLATES = "/templates"
TEMPLATE = f"{TEMPLATES}/chat.jinja"
SHARED_MEMORY = "/dev/shm"  # noqa: S108, a volume of the pod


def worker(model: str) -> str:
    """Return the part label of a model's worker pods, which are on further nodes and receive no requests."""
    return f"{model}-worker"


def template_config(model: str) -> str:
    """Return the ConfigMap with the chat template of a model."""
    return f"{model}-template"


def keys_secret(model: str) -> str:
    """Return the Kubernetes secret of a model, without the digest."""
    return f"{model}-keys"
