"""What every add-on is given, and the two ways to install one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pulumi
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

from catalog.versions import ChartVersion
from components.base.documents import merged
from components.cluster.control_plane import Cluster
from config.addons import Addon as AddonSettings
from config.charts import Charts
from config.settings import Settings

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
