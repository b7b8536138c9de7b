"""Add-ons that models require."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.addons import Addon
from config.rules.models.placed import nodes_of, pods_of
from config.rules.stack import Stack
from config.workloads.vllm import VllmModel


def needs(stack: Stack) -> Iterator[Problem]:
    """Add-ons without which models do not work are enabled."""
    settings = stack.settings
    if settings.workloads.vllm is None:
        return
    models = settings.workloads.vllm.models.values()
    addons = settings.addons
    rows: list[tuple[str, Addon, bool, str]] = [
        ("externalSecrets", addons.external_secrets, True, "copies the models' API keys to the cluster"),
        ("vpcCni", addons.vpc_cni, True, "assigns addresses to pods"),
        ("coredns", addons.coredns, True, "resolves names in the cluster"),
        (
            "loadBalancerController",
            addons.load_balancer_controller,
            any(model.host for model in models),
            "registers pods of models with the load balancer",
        ),
        ("ebsCsi", addons.ebs_csi, any(model.weights.volume for model in models), "provisions the volumes of models"),
        ("keda", addons.keda, any(model.autoscaling for model in models), "scales models"),
        (
            "leaderWorkerSet",
            addons.leader_worker_set,
            any(_over_nodes(stack, model) for model in models),
            "runs models on several nodes",
        ),
        (
            "nvidiaDevicePlugin",
            addons.nvidia_device_plugin,
            any(nodes.needs_device_plugin() for model in models if (nodes := nodes_of(stack, model))),
            "exposes GPUs to pods",
        ),
    ]
    for key, addon, wanted, why in rows:
        if wanted and not addon.enabled:
            yield Problem(
                ("addons", key, "enabled"),
                f"must be true, because the add-on {why}; enable it, or remove workloads.vllm",
            )


def _over_nodes(stack: Stack, model: VllmModel) -> bool:
    pods = pods_of(stack, model)
    return pods is not None and pods.nodes > 1
