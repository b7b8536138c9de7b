"""Without some add-ons a platform would be built and would not work: each, and who needs it for what."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from catalog.reading.problems import Problem, show
from config.addons import Addon, Addons
from config.rules.environments import running
from config.rules.stack import Stack
from config.rules.workloads import chat_workloads, public_hosts
from config.tenants import Tenants


class Need(NamedTuple):
    """Why an add-on is needed."""

    why: str
    whose: str
    """The setting without which nobody would need it."""


def needs(stack: Stack) -> Iterator[Problem]:
    """Without these add-ons something would be built and would not work; the first who needs one is told."""
    for key, (addon_of, needed) in NEEDED.items():
        need = next(needed(stack), None)
        if need is not None and not addon_of(stack.settings.addons).enabled:
            yield Problem(("addons", key, "enabled"), f"false, but it {need.why}; switch it on, or remove {need.whose}")
    yield from _apart(stack)


def _apart(stack: Stack) -> Iterator[Problem]:
    """Those who share a cluster are kept apart by network policies."""
    settings, cni = stack.settings, stack.settings.addons.vpc_cni
    shared = (
        (bool(settings.environments), "environment", "environments"),
        (settings.tenants is not None, "tenant", "tenants"),
    )
    for there, one, whose in shared:
        if there and cni.enabled and not cni.network_policy:
            yield Problem(
                ("addons", "vpcCni", "networkPolicy"),
                f"false lets every {one} reach the others; switch it on, or remove {whose}",
            )


def _chat(stack: Stack) -> str:
    """The first of gateway and pages; nothing where there is neither."""
    return next((show(path) for path, _ in chat_workloads(stack)), "")


def _with_volumes(stack: Stack) -> str:
    """The first workload that keeps something itself; nothing where none does."""
    workloads = stack.settings.workloads
    return next((f"workloads.{key}" for key, one in workloads if one is not None and one.has_volumes()), "")


def _has_tenant_mlflow(tenants: Tenants | None) -> bool:
    return tenants is not None and tenants.mlflow is not None


def _pods(stack: Stack, why: str) -> Iterator[Need]:
    """Everybody who has pods."""
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
        yield Need("brings the environments' passwords into their pods", "environments")
    if settings.monitoring is not None:
        yield Need("brings the receivers' keys to Alertmanager", "monitoring")
    if settings.gitops is not None:
        yield Need("brings Argo CD's credentials to it", "gitops")
    if any(database.users for database in settings.databases.values()):
        yield Need("brings the users' passwords to the Jobs that make them", "users of databases")
    if _has_tenant_mlflow(settings.tenants):
        yield Need("brings the tenants' database passwords into their pods", "tenants.mlflow")
    if settings.kubeflow is not None and settings.kubeflow.has("login"):
        yield Need("brings the hashes of passwords to Kubeflow's login", "kubeflow's part login")


def _secrets_of_workloads(stack: Stack) -> Iterator[Need]:
    workloads = stack.settings.workloads
    if workloads.mlflow is not None:
        yield Need("brings MLflow's passwords into its pods", "workloads.mlflow")
    if chat := _chat(stack):
        yield Need("brings passwords and keys into its pods", chat)
    if workloads.redis is not None:
        yield Need("brings Redis's passwords into its pods", "workloads.redis")
    balancer = workloads.kafka.load_balancer if workloads.kafka is not None else None
    if balancer is not None and balancer.users:
        yield Need("brings the users' passwords to Kafka", "workloads.kafka.loadBalancer.users")


def _load_balancer_controller(stack: Stack) -> Iterator[Need]:
    workloads = stack.settings.workloads
    if workloads.mlflow is not None:
        yield Need("connects MLflow's pods with the load balancer", "workloads.mlflow")
    if any(one.host for _, one in chat_workloads(stack)):
        yield Need("connects its pods with the load balancer", _chat(stack))
    if any(path[0] != "workloads" for path, _, _ in public_hosts(stack)):
        yield Need("connects pods with the load balancer", "every host")
    if workloads.kafka is not None and workloads.kafka.load_balancer is not None:
        yield Need("connects Kafka's brokers with their load balancer", "workloads.kafka.loadBalancer")


def _metrics_server(stack: Stack) -> Iterator[Need]:
    if stack.settings.workloads.mlflow is not None:
        yield Need("measures what MLflow's autoscaler needs", "workloads.mlflow")
    if chat := _chat(stack):
        yield Need("measures what its autoscaler needs", chat)
    if any(application.scaling for _, _, application in running(stack)):
        yield Need("measures what the services' autoscalers need", "scaling")


def _ebs_csi(stack: Stack) -> Iterator[Need]:
    settings = stack.settings
    if settings.monitoring is not None:
        yield Need("makes Prometheus' volume", "monitoring")
    if kept := _with_volumes(stack):
        yield Need("makes the volumes of its pods", kept)
    if _has_tenant_mlflow(settings.tenants):
        yield Need("makes the volume of the tenants' PostgreSQL", "tenants.mlflow")
    if settings.kubeflow is not None and settings.kubeflow.has("pipelines"):
        yield Need("makes the volumes of pipelines", "kubeflow's part pipelines")


def _efs_csi(stack: Stack) -> Iterator[Need]:
    if stack.settings.file_systems:
        yield Need("mounts file systems", "fileSystems")


def _karpenter(stack: Stack) -> Iterator[Need]:
    if stack.settings.node_pools:
        yield Need("brings the nodes of node pools", "nodePools")


NEEDED: dict[str, tuple[Callable[[Addons], Addon], Callable[[Stack], Iterator[Need]]]] = {
    "externalSecrets": (lambda addons: addons.external_secrets, _external_secrets),
    "loadBalancerController": (lambda addons: addons.load_balancer_controller, _load_balancer_controller),
    "metricsServer": (lambda addons: addons.metrics_server, _metrics_server),
    "vpcCni": (lambda addons: addons.vpc_cni, lambda stack: _pods(stack, "gives pods their addresses")),
    "coredns": (lambda addons: addons.coredns, lambda stack: _pods(stack, "resolves names in the cluster")),
    "ebsCsi": (lambda addons: addons.ebs_csi, _ebs_csi),
    "efsCsi": (lambda addons: addons.efs_csi, _efs_csi),
    "karpenter": (lambda addons: addons.karpenter, _karpenter),
}
"""By the add-on's key in a stack file."""
