"""What runs on the cluster of a stack: the add-ons that it needs, and what they, workloads and sections share."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.problems import show
from config import gitops, monitoring
from config.addons import Addon
from config.applications import Scaling, Service
from config.nodes import Nodes
from config.settings import Settings
from config.walk import each
from config.workloads.workload import Served, Workload

KUBERNETES = ("default", "kube-system", "kube-public", "kube-node-lease")
DATABASE_SETUP = "database-setup"
"""Where Jobs set up database users, out of sight of those who use the databases."""


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
    if settings.cluster.workload_identity == "podIdentity":
        yield Needed("eksPodIdentityAgent", "gives pods their AWS credentials", "cluster.workloadIdentity: podIdentity")
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


def installed(settings: Settings) -> dict[str, Addon]:
    """Return the add-ons of a stack by their field in `Addons`, in the order in which they are installed."""
    needed = {need.addon for need in needs(settings)}
    return {
        name: addon
        for name, key, addon in settings.addons.each()
        if addon.enabled and (not addon.ON_DEMAND or key in needed)
    }


def reached(settings: Settings, environment: str) -> Iterator[tuple[Workload, Served]]:
    """Yield what the pods of an environment reach of workloads."""
    connections = settings.environments[environment].connections
    for workload in settings.workloads.wanted():
        for served in workload.settings.serves():
            if served.reached_by(environment, connections):
                yield workload.settings, served


def clients(settings: Settings, served: Served) -> list[str]:
    """Return the environments whose pods reach what a workload serves."""
    return [key for key, one in settings.environments.items() if served.reached_by(key, one.connections)]


def scraped(settings: Settings) -> dict[str, tuple[int, ...]]:
    """Return the ports with metrics in each namespace of the platform's own."""
    found: dict[str, set[int]] = {}
    for key in settings.environments:
        for application in settings.services(key).values():
            if application.metrics is not None:
                found.setdefault(settings.namespace(key), set()).add(application.port)
    for workload in settings.workloads.wanted():
        found.setdefault(workload.settings.own_namespace(), set()).update(workload.settings.scraped_ports())
    if settings.gitops is not None:
        found.setdefault(gitops.NAMESPACE, set()).update(gitops.METRICS_PORTS.values())
    for addon in installed(settings).values():
        if addon.NAMESPACE is not None:
            found.setdefault(addon.NAMESPACE, set()).update(addon.SCRAPED_PORTS)
    return {name: tuple(sorted(ports)) for name, ports in found.items() if ports}


def namespaces(settings: Settings) -> dict[str, str]:
    """Return the namespaces that are taken, each with whose it is."""
    addons = (addon.NAMESPACE for _, _, addon in settings.addons.each())
    platform = (*KUBERNETES, DATABASE_SETUP, monitoring.NAMESPACE, gitops.NAMESPACE, *filter(None, addons))
    workloads = {one.settings.own_namespace(): show(one.path) for one in settings.workloads.wanted()}
    return dict.fromkeys(platform, "the platform") | workloads
