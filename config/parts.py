"""What runs on the cluster of a stack: required add-ons, and what add-ons, workloads and sections share."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.problems import show
from catalog.versions import ARGO_CD, ARGO_CD_IMAGE_UPDATER, KUBE_PROMETHEUS_STACK, ChartVersion
from config import gitops, monitoring
from config.addons import Addon
from config.applications import Scaling, Service
from config.kubeflow import Kubeflow
from config.nodes import Nodes
from config.settings import Settings
from config.walk import each
from config.workloads.workload import Served, Workload

KUBERNETES = ("default", "kube-system", "kube-public", "kube-node-lease")
DATABASE_SETUP = "database-setup"
"""Where Jobs set up database users, out of sight of those who use the databases."""


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
    if settings.cluster.workload_identity == "podIdentity":
        whose = "cluster.workloadIdentity: podIdentity"
        yield Needed("eksPodIdentityAgent", "provides AWS credentials to pods", whose)
    if any(group.needs_device_plugin() for group in nodes.values()):
        yield Needed("nvidiaDevicePlugin", "exposes GPUs to pods", None)
    if any(database.users for database in settings.databases.values()):
        yield Needed("externalSecrets", "copies the users' passwords to the cluster", "users of databases")


def _pods(whose: str) -> Iterator[Needed]:
    yield Needed("vpcCni", "assigns addresses to pods", whose)
    yield Needed("coredns", "resolves names in the cluster", whose)
    yield Needed("kubeProxy", "routes requests to Services", whose)


def _of_environments(settings: Settings) -> Iterator[Needed]:
    if not settings.environments:
        return
    yield from _pods("environments")
    yield Needed("externalSecrets", "copies the environments' passwords to the cluster", "environments")
    scaled = [one for _, one in each(settings, Scaling)]
    if any(one.query for one in scaled):
        yield Needed("keda", "scales services by a Prometheus query", "scaling.query")
    if scaled:
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
        yield from _of_kubeflow(kubeflow)
    if settings.monitoring is not None:
        yield Needed("externalSecrets", "copies the receivers' keys to the cluster", "monitoring")
        yield Needed("ebsCsi", "provisions the volume of Prometheus", "monitoring")
    if settings.gitops is not None:
        yield Needed("externalSecrets", "copies Argo CD's credentials to the cluster", "gitops")
    for section in (settings.monitoring, settings.gitops, kubeflow):
        if section is not None and section.host is not None:
            yield Needed("loadBalancerController", "registers pods with the load balancer", "every host")


def _of_kubeflow(kubeflow: Kubeflow) -> Iterator[Needed]:
    yield from _pods("kubeflow")
    if kubeflow.has("login"):
        why = "copies the password hashes of Kubeflow's login to the cluster"
        yield Needed("externalSecrets", why, "login from kubeflow.parts")
    if kubeflow.has("pipelines"):
        yield Needed("ebsCsi", "provisions the volumes of Kubeflow Pipelines", "pipelines from kubeflow.parts")
    if kubeflow.has("katib"):
        yield Needed("externalSecrets", "copies the password of Katib's database", "katib from kubeflow.parts")
        yield Needed("ebsCsi", "provisions the volume of Katib's database", "katib from kubeflow.parts")


def installed(settings: Settings) -> dict[str, Addon]:
    """Return the add-ons of a stack by their field in `Addons`, in the order in which they are installed."""
    needed = {need.addon for need in needs(settings)}
    return {
        name: addon
        for name, key, addon in settings.addons.each()
        if addon.enabled and (not addon.ON_DEMAND or key in needed)
    }


def charts(settings: Settings) -> Iterator[tuple[ChartVersion, str]]:
    """Yield the Helm charts that a stack takes from repositories, a registry or a directory, each with its version."""
    updater = settings.gitops.image_updater if settings.gitops is not None else None
    for addon in installed(settings).values():
        yield from ((chart, addon.version or chart.version) for chart in addon.CHARTS)
    for section, chart in (
        (settings.monitoring, KUBE_PROMETHEUS_STACK),
        (settings.gitops, ARGO_CD),
        (updater, ARGO_CD_IMAGE_UPDATER),
    ):
        if section is not None:
            yield chart, section.version or chart.version


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
