"""Add-ons that settings require: without them a platform could be deployed and would not work."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from catalog.reading.problems import Problem, show
from config.addons import Addon, Addons
from config.rules.environments import running
from config.rules.stack import Stack
from config.rules.workloads import chat_workloads, public_hosts
from config.tenants import Tenants


class Need(NamedTuple):
    """Why an add-on is required."""

    why: str
    whose: str
    """The setting that requires it."""


def needs(stack: Stack) -> Iterator[Problem]:
    """Add-ons that a setting requires are enabled; the first such setting is reported."""
    for key, (addon_of, needed) in NEEDED.items():
        need = next(needed(stack), None)
        if need is not None and not addon_of(stack.settings.addons).enabled:
            yield Problem(
                ("addons", key, "enabled"),
                f"must be true, because the add-on {need.why}; enable it, or remove {need.whose}",
            )
    yield from _apart(stack)


def _apart(stack: Stack) -> Iterator[Problem]:
    """Environments and tenants that share a cluster are isolated by network policies."""
    settings, cni = stack.settings, stack.settings.addons.vpc_cni
    shared = (
        (bool(settings.environments), "environment", "environments"),
        (settings.tenants is not None, "tenant", "tenants"),
    )
    for there, one, whose in shared:
        if there and cni.enabled and not cni.network_policy:
            yield Problem(
                ("addons", "vpcCni", "networkPolicy"),
                f"must be true, because network policies isolate each {one}; enable it, or remove {whose}",
            )


def _chat(stack: Stack) -> str:
    """Return the path of the first of LiteLLM and Open WebUI; empty if there is neither."""
    return next((show(path) for path, _ in chat_workloads(stack)), "")


def _with_volumes(stack: Stack) -> str:
    """Return the path of the first workload with volumes; empty if there is none."""
    workloads = stack.settings.workloads
    return next((f"workloads.{key}" for key, one in workloads if one is not None and one.has_volumes()), "")


def _has_tenant_mlflow(tenants: Tenants | None) -> bool:
    return tenants is not None and tenants.mlflow is not None


def _pods(stack: Stack, why: str) -> Iterator[Need]:
    """Yield the settings that create pods."""
    settings = stack.settings
    if settings.workloads.mlflow is not None:
        yield Need(why, "workloads.mlflow")
    if chat := _chat(stack):
        yield Need(why, chat)
    if kept := _with_volumes(stack):
        yield Need(why, kept)
    if settings.environments:
        yield Need(why, "environments")
    if settings.tenants is not None:
        yield Need(why, "tenants")
    if settings.kubeflow is not None:
        yield Need(why, "kubeflow")


def _external_secrets(stack: Stack) -> Iterator[Need]:
    yield from _secrets_of_workloads(stack)
    settings = stack.settings
    if settings.environments:
        yield Need("copies the environments' passwords to the cluster", "environments")
    if settings.monitoring is not None:
        yield Need("copies the receivers' keys to the cluster", "monitoring")
    if settings.gitops is not None:
        yield Need("copies Argo CD's credentials to the cluster", "gitops")
    if any(database.users for database in settings.databases.values()):
        yield Need("copies the users' passwords to the cluster", "users of databases")
    if _has_tenant_mlflow(settings.tenants):
        yield Need("copies the tenants' database passwords to the cluster", "tenants.mlflow")
    if settings.kubeflow is not None and settings.kubeflow.has("login"):
        yield Need("copies the password hashes of Kubeflow's login to the cluster", "login from kubeflow.parts")


def _secrets_of_workloads(stack: Stack) -> Iterator[Need]:
    workloads = stack.settings.workloads
    if workloads.mlflow is not None:
        yield Need("copies MLflow's passwords to the cluster", "workloads.mlflow")
    if chat := _chat(stack):
        yield Need("copies its passwords and keys to the cluster", chat)
    if workloads.redis is not None:
        yield Need("copies Redis's password to the cluster", "workloads.redis")
    balancer = workloads.kafka.load_balancer if workloads.kafka is not None else None
    if balancer is not None and balancer.users:
        yield Need("copies the users' passwords to the cluster", "workloads.kafka.loadBalancer.users")


def _load_balancer_controller(stack: Stack) -> Iterator[Need]:
    workloads = stack.settings.workloads
    if workloads.mlflow is not None:
        yield Need("registers MLflow's pods with the load balancer", "workloads.mlflow")
    if any(one.host for _, one in chat_workloads(stack)):
        yield Need("registers its pods with the load balancer", _chat(stack))
    if any(path[0] != "workloads" for path, _, _ in public_hosts(stack)):
        yield Need("registers pods with the load balancer", "every host")
    if workloads.kafka is not None and workloads.kafka.load_balancer is not None:
        yield Need("registers Kafka's brokers with their load balancer", "workloads.kafka.loadBalancer")


def _metrics_server(stack: Stack) -> Iterator[Need]:
    if stack.settings.workloads.mlflow is not None:
        yield Need("provides the metrics of MLflow's autoscaler", "workloads.mlflow")
    if chat := _chat(stack):
        yield Need("provides the metrics of its autoscaler", chat)
    if any(application.scaling for _, _, application in running(stack)):
        yield Need("provides the metrics of the services' autoscalers", "scaling")


def _ebs_csi(stack: Stack) -> Iterator[Need]:
    settings = stack.settings
    if settings.monitoring is not None:
        yield Need("provisions the volume of Prometheus", "monitoring")
    if kept := _with_volumes(stack):
        yield Need("provisions the volumes of its pods", kept)
    if _has_tenant_mlflow(settings.tenants):
        yield Need("provisions the volume of the tenants' PostgreSQL", "tenants.mlflow")
    if settings.kubeflow is not None and settings.kubeflow.has("pipelines"):
        yield Need("provisions the volumes of Kubeflow Pipelines", "pipelines from kubeflow.parts")


def _efs_csi(stack: Stack) -> Iterator[Need]:
    if stack.settings.file_systems:
        yield Need("mounts file systems", "fileSystems")


def _karpenter(stack: Stack) -> Iterator[Need]:
    if stack.settings.node_pools:
        yield Need("launches the nodes of node pools", "nodePools")


NEEDED: dict[str, tuple[Callable[[Addons], Addon], Callable[[Stack], Iterator[Need]]]] = {
    "externalSecrets": (lambda addons: addons.external_secrets, _external_secrets),
    "loadBalancerController": (lambda addons: addons.load_balancer_controller, _load_balancer_controller),
    "metricsServer": (lambda addons: addons.metrics_server, _metrics_server),
    "vpcCni": (lambda addons: addons.vpc_cni, lambda stack: _pods(stack, "assigns addresses to pods")),
    "coredns": (lambda addons: addons.coredns, lambda stack: _pods(stack, "resolves names in the cluster")),
    "ebsCsi": (lambda addons: addons.ebs_csi, _ebs_csi),
    "efsCsi": (lambda addons: addons.efs_csi, _efs_csi),
    "karpenter": (lambda addons: addons.karpenter, _karpenter),
}
"""The add-on's settings and what requires it, by its key in a stack file."""
