"""Which add-ons a stack needs, who needs each, and for what."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.problems import show
from config.applications import Scaling, Service
from config.nodes import Nodes
from config.settings import Settings
from config.walk import each


class Needed(NamedTuple):
    """Why an add-on is needed."""

    addon: str
    """Its key in `addons`, as in YAML."""

    why: str
    whose: str | None
    """The setting that needs it; none where a stack may bring a replacement of its own."""


def all_nodes(settings: Settings) -> dict[str, Nodes]:
    """Return node groups and node pools by name."""
    return {**settings.node_groups, **settings.node_pools}


def needs(settings: Settings) -> Iterator[Needed]:
    """Yield every need for an add-on: those of workloads first, then those of sections."""
    nodes = all_nodes(settings)
    for workload in settings.workloads.wanted():
        for need in workload.settings.needs(nodes):
            yield Needed(need.addon, need.why, show((*workload.path, *need.of)))
    yield from _of_environments(settings)
    yield from _of_sections(settings)
    if settings.file_systems:
        yield Needed("efsCsi", "mounts file systems", "fileSystems")
    if settings.node_pools:
        yield Needed("karpenter", "brings the nodes of node pools", "nodePools")
    if any(group.needs_device_plugin() for group in nodes.values()):
        yield Needed("nvidiaDevicePlugin", "offers GPUs to pods", None)
    if any(database.users for database in settings.databases.values()):
        yield Needed("externalSecrets", "brings the users' passwords to the Jobs that make them", "users of databases")


def _pods(whose: str) -> Iterator[Needed]:
    yield Needed("vpcCni", "gives pods their addresses", whose)
    yield Needed("coredns", "resolves names in the cluster", whose)


def _of_environments(settings: Settings) -> Iterator[Needed]:
    if not settings.environments:
        return
    yield from _pods("environments")
    yield Needed("externalSecrets", "brings the environments' passwords into their pods", "environments")
    if any(True for _ in each(settings, Scaling)):
        yield Needed("metricsServer", "measures what the services' autoscalers need", "scaling")
    if any(service.host for _, service in each(settings, Service)):
        yield Needed("loadBalancerController", "connects pods with the load balancer", "every host")


def _of_sections(settings: Settings) -> Iterator[Needed]:
    tenants, kubeflow = settings.tenants, settings.kubeflow
    if tenants is not None:
        yield from _pods("tenants")
        if tenants.mlflow is not None:
            why = "brings the tenants' database passwords into their pods"
            yield Needed("externalSecrets", why, "tenants.mlflow")
            yield Needed("ebsCsi", "makes the volume of the tenants' PostgreSQL", "tenants.mlflow")
    if kubeflow is not None:
        yield from _pods("kubeflow")
        if kubeflow.has("login"):
            why = "brings the hashes of passwords to Kubeflow's login"
            yield Needed("externalSecrets", why, "kubeflow's part login")
        if kubeflow.has("pipelines"):
            yield Needed("ebsCsi", "makes the volumes of pipelines", "kubeflow's part pipelines")
    if settings.monitoring is not None:
        yield Needed("externalSecrets", "brings the receivers' keys to Alertmanager", "monitoring")
        yield Needed("ebsCsi", "makes Prometheus' volume", "monitoring")
    if settings.gitops is not None:
        yield Needed("externalSecrets", "brings Argo CD's credentials to it", "gitops")
    for section in (settings.monitoring, settings.gitops, kubeflow):
        if section is not None and section.host is not None:
            yield Needed("loadBalancerController", "connects pods with the load balancer", "every host")
