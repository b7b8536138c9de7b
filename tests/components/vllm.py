"""What tests of language models read: their objects, pods and arguments."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.components.base import recorded

STACK = "vllm"
DEPLOYMENT, SERVICE = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Service"
GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
SCALED, BUDGET = "kubernetes:keda.sh/v1alpha1:ScaledObject", "kubernetes:policy/v1:PodDisruptionBudget"
POLICY, MONITOR = "kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
SECRET, EXTERNAL = "aws:secretsmanager/secret:Secret", "kubernetes:external-secrets.io/v1:ExternalSecret"
RELEASE = "kubernetes:helm.sh/v3:Release"
ONE_NODE = ("chat", "llama", "coder", "night")
MODELS = (*ONE_NODE, "large")


def of(type_: str, name: str, *, unknown: bool = False) -> Mapping[str, Any]:
    """The object of a kind with this name in the models' namespace."""
    (found,) = [
        one.inputs
        for one in recorded(STACK, unknown).all(type_)
        if one.inputs["metadata"]["namespace"] == "vllm" and one.inputs["metadata"]["name"] == name
    ]
    return found


def templates(model: str, *, unknown: bool = False) -> list[Mapping[str, Any]]:
    """The pod templates of a model: one, or those of the leader and the workers."""
    if model in ONE_NODE:
        return [of(DEPLOYMENT, model, unknown=unknown)["spec"]["template"]]
    group = of(GROUPS, model, unknown=unknown)["spec"]["leaderWorkerTemplate"]
    return [group["leaderTemplate"], group["workerTemplate"]]


def container(model: str) -> Mapping[str, Any]:
    """The container that answers."""
    found: Mapping[str, Any] = templates(model)[0]["spec"]["containers"][0]
    return found


WITH_SEVERAL = ("lora-modules", "served-model-name")
"""Options whose values follow them."""


def options_of(given: Mapping[str, Any]) -> list[str]:
    """The options of a container, without the adapters that follow one of them."""
    return [one for one in given["args"][1:] if one.startswith("--")]


def arguments(given: Mapping[str, Any]) -> dict[str, str]:
    """What a container says to vLLM, by option."""
    return {name.removeprefix("--"): value for name, _, value in (one.partition("=") for one in options_of(given))}


def every_container() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each container of each model."""
    for model in MODELS:
        for template in templates(model):
            yield model, template["spec"]["containers"][0]


# ---- what vLLM is told


def ingress(model: str) -> list[Mapping[str, Any]]:
    """The rules of the way in."""
    found: list[Mapping[str, Any]] = of(POLICY, f"{model}-server")["spec"]["ingress"]
    return found
