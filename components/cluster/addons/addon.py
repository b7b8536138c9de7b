"""What every add-on is given, and the two ways to install one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

import pulumi
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

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
INSTALL_SECONDS = 600
"""How long an installation may take before `pulumi up` fails: two nodes may have to start for it."""


@dataclass(frozen=True)
class AddonContext:
    """What add-ons need of the platform."""

    settings: Settings
    cluster: Cluster
    account_id: pulumi.Input[str]

    @property
    def project(self) -> str:
        """The prefix of names."""
        return self.settings.project.name

    @property
    def region(self) -> str:
        """The AWS region."""
        return self.settings.project.region

    @property
    def cluster_name(self) -> str:
        """The name of the EKS cluster."""
        return self.cluster.cluster_name

    @property
    def replicas(self) -> int:
        """How many of each controller."""
        return self.settings.addons.replicas


class Installed(Protocol):
    """An add-on that is installed."""

    installed: list[pulumi.Resource]
    """What waits for it, and has to outlive it at a destroy."""

    outputs: Mapping[str, pulumi.Input[str]] = {}
    """Outputs of the stack."""


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
        """Install it."""


@dataclass(frozen=True)
class AddonType(Generic[S]):
    """An add-on: `ADDON` of the module that is called like its field in `config.addons.Addons`."""

    build: Build[S]
    charts: charts.Charts
    """What it runs."""

    stage: Literal["nodes", "cluster", "pools"] = "cluster"
    """Before the first node, which reads it at its start; on the nodes; or with Karpenter's pools, after them."""

    after: Literal["nothing", "names", "controllers"] = "nothing"
    """What it waits for: CoreDNS, or every controller above it in `Addons`."""

    gives: Literal["nothing", "controllers", "storage"] = "nothing"
    """What it belongs to: what workloads wait for, or what volumes need until they are gone."""


class Installation(Protocol):
    """The settings of something that a chart installs."""

    @property
    def version(self) -> str | None:
        """The chart version; the one in catalog/versions.py when None."""

    @property
    def values(self) -> Mapping[str, Any]:
        """What the stack file sets of the chart's values, merged last."""


class HasSettings(Protocol):
    """What of a context a chart needs."""

    @property
    def settings(self) -> Settings:
        """The stack file."""


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
    """An add-on that EKS itself installs; without a version it takes EKS's default for the cluster."""
    return eks.Addon(
        name,
        cluster=context.cluster.eks,
        addon_name=addon,
        addon_version=settings.version,
        configuration_values=merged(configuration or {}, settings.values) or None,
        resolve_conflicts_on_create=eks.ResolveConflictsOnCreate.OVERWRITE,
        resolve_conflicts_on_update=eks.ResolveConflictsOnUpdate.OVERWRITE,
        service_account_role_arn=role_arn,
        opts=opts,
    )


def chart_source(charts: Charts, chart: ChartVersion, version: str) -> dict[str, Any]:
    """The arguments that tell a Helm release where its chart is.

    A folder holds what `helm pull` writes: `<chart>-<version>.tgz`.
    """
    if charts.source == "folder":
        return {"chart": f"{charts.location}/{chart.name}-{version}.tgz"}
    if charts.source == "oci":
        return {"chart": f"{(charts.location or '').rstrip('/')}/{chart.name}", "version": version}
    if chart.repository.startswith("oci://"):
        return {"chart": f"{chart.repository}/{chart.name}", "version": version}
    repository = kubernetes.helm.v3.RepositoryOptsArgs(repo=chart.repository)
    return {"chart": chart.name, "version": version, "repository_opts": repository}


def release(
    name: str,
    settings: Installation,
    context: HasSettings,
    *,
    chart: ChartVersion,
    values: Mapping[str, Any],
    namespace: str = SYSTEM_NAMESPACE,
    skip_crds: bool | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.helm.v3.Release:
    """A Helm release; without its definitions (`skip_crds`) where a chart of their own brings them.

    Helm itself renders it: a chart that makes certificates while it renders would otherwise change at every run.
    """
    return kubernetes.helm.v3.Release(
        name,
        name=chart.name,
        namespace=namespace,
        values=merged(values, settings.values),
        timeout=INSTALL_SECONDS,
        max_history=5,
        cleanup_on_fail=True,
        skip_crds=skip_crds,
        **chart_source(context.settings.charts, chart, settings.version or chart.version),
        opts=opts,
    )


def spread(replicas: int, app: str | None = None) -> list[dict[str, Any]]:
    """Replicas over the zones, strictly where there are two: asked mildly, the scheduler may put both into one.

    Without an app the chart adds the selector of each of its Deployments.
    """
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule" if replicas > 1 else "ScheduleAnyway",
            # A zone with GPU nodes alone is none for these pods: they would wait for a node that never comes.
            "nodeTaintsPolicy": "Honor",
            # A new version's pods spread among themselves, not around those that they replace.
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
    """Make the namespace of an add-on, which lets in the API server at a port, and Prometheus where it has metrics.

    Its pods reach AWS and the API server, which have no addresses that a policy could name.
    """
    made = Namespace(
        f"{component.name}-namespace", namespace=settings.NAMESPACE or component.name, opts=component.child()
    )
    # The API server asks from its network interfaces in the private subnets.
    asking = Rule(tuple(map(network, context.settings.network.api_cidrs())), tcp(port))
    scraped = tcp(*settings.SCRAPED_PORTS) if context.settings.monitoring is not None else ()
    return made.allow(
        policy,
        pods={},
        ingress=[asking, *ingress, *([Rule((namespace(MONITORING),), scraped)] if scraped else [])],
        egress=[Rule((anywhere(),), tcp(443)), *egress],
        opts=component.child(depends_on=made.policies),
    )
