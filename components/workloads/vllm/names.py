"""What the parts of vLLM call each other."""

CLIENT_LABEL = {"ai-platform/vllm-client": "true"}
"""Namespaces with this label reach the models inside the cluster."""

USER_ID = 2000
"""Any but root's."""

GROUP_PORT = 29501
"""Where the pods of one model find each other."""

SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
MODELS = "/models"
SHARED_MEMORY = "/dev/shm"  # noqa: S108, a volume of the pod


def worker(model: str) -> str:
    """The part of a model's pods on further nodes, which answer nobody."""
    return f"{model}-worker"


def keys_secret(model: str) -> str:
    """The Kubernetes secret of a model, before the digest."""
    return f"{model}-keys"
