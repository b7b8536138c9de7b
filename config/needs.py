"""The add-ons that a stack requires, with the setting that requires each and the reason."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.problems import show
from config.applications import Scaling, Service
from config.nodes import Nodes
from config.settings import Settings
from config.walk import each


class Needed(NamedTuple):
    """Why an add-on is required."""

    addon: str
    """Key of the add-on in `addons`, as in YAML."""

    why: str
    whose: str | None
    """The setting that requires it; None if a stack can have a replacement for the add-on."""


def all_nodes(settings: Settings) -> dict[str, Nodes]:
    """Return node groups and node pools by name."""
    return {**settings.node_groups, **settings.node_pools}


def needs(settings: Settings) -> Iterator[Needed]:
    """Yield the required add-ons: those of workloads first, then those of sections."""
    nodes = all_nodes(settings)
    for workload in settings.workloads.wanted():
        for need in workload.settings.needs(nodes):
            yield Needed(need.addon, need.why, show((*workload.path, *need.of)))
    yield from _of_environments(settings)
    yield from _of_sections(settings)
    if settings.file_systems:
        yield Needed("efsCsi", "mounts file systems", "fileSystems")
    if settings.node_pools:
        yield Needed("karpenter", "launches the nodes of node pools", "nodePools")
    if any(group.needs_device_plugin() for group in nodes.values()):
        yield Needed("nvidiaDevicePlugin", "exposes GPUs to pods", None)
    if any(database.users for database in settings.databases.values()):
        yield Needed("externalSecrets", "copies the users' passwords to the cluster", "users of databases")


def _pods(whose: str) -> Iterator[Needed]:
    yield Needed("vpcCni", "assigns addresses to pods", whose)
    yield Needed("coredns", "resolves names in the cluster", whose)


def _of_environments(settings: Settings) -> Iterator[Needed]:
    if not settings.environments:
        return
    yield from _pods("environments")
    yield Needed("externalSecrets", "copies the environments' passwords to the cluster", "environments")
    if any(True for _ in each(settings, Scaling)):
        yield Needed("metricsServer", "provides the metrics of the services' autoscalers", "scaling")
    if any(service.host for _, service in each(settings, Service)):
        yield Needed("loadBalancerController", "registers pods with the load balancer", "every host")


def _of_sections(settings: Settings) -> Iterator[Needed]:
    tenants, kubeflow = settings.tenants, settings.kubeflow
    if tenants is not None:
        yield from _pods("tenants")
        if tenants.mlflow is not None:
            why = "copies the tenants' database passwords to the cluster"
            yield Needed("externalSecrets", why, "tenants.mlflow")
            yield Needed("ebsCsi", "provisions the volume of the tenants' PostgreSQL", "tenants.mlflow")
    if kubeflow is not None:
        yield from _pods("kubeflow")
        if kubeflow.has("login"):
            why = "copies the password hashes of Kubeflow's login to the cluster"
            yield Needed("externalSecrets", why, "login from kubeflow.parts")
        if kubeflow.has("pipelines"):
            yield Needed("ebsCsi", "provisions the volumes of Kubeflow Pipelines", "pipelines from kubeflow.parts")
    if settings.monitoring is not None:
        yield Needed("externalSecrets", "copies the receivers' keys to the cluster", "monitoring")
        yield Needed("ebsCsi", "provisions the volume of Prometheus", "monitoring")
    if settings.gitops is not None:
        yield Needed("externalSecrets", "copies Argo CD's credentials to the cluster", "gitops")
    for section in (settings.monitoring, settings.gitops, kubeflow):
        if section is not None and section.host is not None:
            yield Needed("loadBalancerController", "registers pods with the load balancer", "every host")
