"""The context of add-ons, and the two methods to install one: as an EKS add-on or as a Helm chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

import pulumi
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

from catalog.eks_releases import eks_releases
from catalog.versions import ChartVersion
from components.base.component import Component
from components.base.documents import merged
from components.cluster.control_plane import Cluster
from components.kubernetes import charts
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, anywhere, namespace, network, tcp
from config.addons import Addon as AddonSettings
from config.charts import Charts
from config.monitoring import NAMESPACE as MONITORING
from config.settings import Settings

S = TypeVar("S", bound=AddonSettings)
S_contra = TypeVar("S_contra", bound=AddonSettings, contravariant=True)

SYSTEM_NAMESPACE = "kube-system"
PACKAGED = "components/cluster/addons/definitions"
"""The custom resource definitions of charts that have no chart for them, a folder for each."""

INSTALL_SECONDS = 600
"""Timeout of an installation in seconds. It includes the time to start two nodes."""


@dataclass(frozen=True)
class AddonContext:
    """The platform resources that add-ons use."""

    settings: Settings
    cluster: Cluster
    account_id: pulumi.Input[str]

    @property
    def project(self) -> str:
        """Return the prefix of names."""
        return self.settings.project.name

    @property
    def region(self) -> str:
        """Return the AWS region."""
        return self.settings.project.region

    @property
    def cluster_name(self) -> str:
        """Return the name of the EKS cluster."""
        return self.cluster.cluster_name

    @property
    def replicas(self) -> int:
        """Return the number of replicas of each controller."""
        return self.settings.addons.replicas


class Installed(Protocol):
    """An installed add-on."""

    installed: list[pulumi.Resource]
    """The resources that dependents wait for. A destroy deletes them after the dependents."""

    outputs: Mapping[str, pulumi.Input[str]] = {}
    """The stack outputs of the add-on."""


class Build(Protocol[S_contra]):
    """The component class of an add-on."""

    def __call__(
        self,
        name: str,
        settings: S_contra,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Installed:
        """Install the add-on."""


@dataclass(frozen=True)
class AddonType(Generic[S]):
    """The type of an add-on: `ADDON` of the module with the name of its field in `config.addons.Addons`."""

    build: Build[S]
    charts: charts.Charts
    """The charts and EKS add-ons that it installs."""

    stage: Literal["nodes", "cluster", "pools"] = "cluster"
    """When it is installed.

    `nodes`: before the first node, which reads it at start. `cluster`: on the nodes. `pools`: after the node groups,
    with Karpenter's node pools."""

    after: Literal["nothing", "names"] = "nothing"
    """Its dependencies: CoreDNS (`names`) or none."""

    gives: Literal["nothing", "controllers", "storage"] = "nothing"
    """The group that it joins.

    Workloads depend on `controllers`. Volumes require `storage` until they are deleted."""


class Installation(Protocol):
    """The settings of a component that a Helm chart installs."""

    @property
    def version(self) -> str | None:
        """Return the chart version. If None, the version in catalog/versions.py applies."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Return the chart values in the stack file, which are merged last."""


class HasSettings(Protocol):
    """The part of a context that a chart requires."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the stack file."""


def eks_addon(
    name: str,
    settings: AddonSettings,
    context: AddonContext,
    *,
    addon: str,
    configuration: Mapping[str, Any] | None = None,
    role_arn: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions,
) -> eks.Addon:
    """Create an EKS add-on. An unknown version of Kubernetes gets the version that EKS chooses at creation."""
    kubernetes_version = context.settings.cluster.version
    return eks.Addon(
        name,
        cluster=context.cluster.eks,
        addon_name=addon,
        addon_version=settings.version or eks_releases().addon(kubernetes_version, addon),
        configuration_values=merged(configuration or {}, settings.values) or None,
        resolve_conflicts_on_create=eks.ResolveConflictsOnCreate.OVERWRITE,
        resolve_conflicts_on_update=eks.ResolveConflictsOnUpdate.OVERWRITE,
        service_account_role_arn=role_arn,
        opts=opts,
    )


def chart_source(charts: Charts, chart: ChartVersion, version: str) -> dict[str, Any]:
    """Return the arguments of a Helm release that define the location of its chart.

    A folder contains the files that `helm pull` writes: `<chart>-<version>.tgz`.
    """
    if charts.source == "folder":
        return {"chart": charts.file(chart.name, version)}
    if charts.source == "oci":
        return {"chart": f"{(charts.location or '').rstrip('/')}/{chart.name}", "version": version}
    if chart.repository.startswith("oci://"):
        return {"chart": f"{chart.repository}/{chart.name}", "version": version}
    repository = kubernetes.helm.v3.RepositoryOptsArgs(repo=chart.repository)
    return {"chart": chart.name, "version": version, "repository_opts": repository}


def definitions(name: str, *, of: ChartVersion, opts: pulumi.ResourceOptions) -> kubernetes.kustomize.v2.Directory:
    """Apply the custom resource definitions of a chart, which `tests/parts/definitions.py` writes.

    Helm installs what is in a chart's folder `crds` and never updates it:
    https://helm.sh/docs/chart_best_practices/custom_resource_definitions/

    Server-side apply takes over those that the chart's first release installed in a running platform.
    """
    return kubernetes.kustomize.v2.Directory(f"{name}-crd", directory=f"{PACKAGED}/{of.name}", opts=opts)


def release(
    name: str,
    settings: Installation,
    context: HasSettings,
    *,
    chart: ChartVersion,
    values: Mapping[str, Any],
    namespace: str = SYSTEM_NAMESPACE,
    after_definitions: pulumi.Resource | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.helm.v3.Release:
    """Create a Helm release, after its `definitions` if these are not its own.

    Helm renders the chart: otherwise a chart that generates certificates during rendering would change at every run.
    """
    if after_definitions is not None:
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[after_definitions]))
    return kubernetes.helm.v3.Release(
        name,
        name=chart.name,
        namespace=namespace,
        values=merged(values, settings.values),
        timeout=INSTALL_SECONDS,
        max_history=5,
        cleanup_on_fail=True,
        skip_crds=True if after_definitions is not None else None,
        **chart_source(context.settings.charts, chart, settings.version or chart.version),
        opts=opts,
    )


def spread(replicas: int, app: str | None = None) -> list[dict[str, Any]]:
    """Return constraints that spread replicas over the zones, required if there is more than one replica.

    With `ScheduleAnyway` the scheduler can place both replicas in one zone. Without `app` the chart adds the selector
    of each of its Deployments.
    """
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule" if replicas > 1 else "ScheduleAnyway",
            # Ignores a zone that has only GPU nodes: otherwise these pods stay Pending for a node that never exists.
            "nodeTaintsPolicy": "Honor",
            # Pods of a new version are spread independently of the pods that they replace.
            "matchLabelKeys": ["pod-template-hash"],
            **({"labelSelector": {"matchLabels": {"app.kubernetes.io/name": app}}} if app else {}),
        }
    ]


def own_namespace(
    component: Component,
    settings: AddonSettings,
    context: AddonContext,
    *,
    policy: str,
    port: int,
    ingress: Sequence[Rule] = (),
    egress: Sequence[Rule] = (),
) -> pulumi.Resource:
    """Create the namespace of an add-on. It allows the API server on a port, and Prometheus if the add-on has metrics.

    Its pods can reach any address on port 443, because AWS and the API server have no fixed addresses for a policy.
    """
    made = Namespace(
        f"{component.name}-namespace", namespace=settings.NAMESPACE or component.name, opts=component.child()
    )
    # The API server connects from its network interfaces in the private subnets.
    asking = Rule(tuple(map(network, context.settings.network.api_cidrs())), tcp(port))
    scraped = tcp(*settings.SCRAPED_PORTS) if context.settings.monitoring is not None else ()
    return made.allow(
        policy,
        pods={},
        ingress=[asking, *ingress, *([Rule((namespace(MONITORING),), scraped)] if scraped else [])],
        egress=[Rule((anywhere(),), tcp(443)), *egress],
        opts=component.child(depends_on=made.policies),
    )
