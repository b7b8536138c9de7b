"""The EKS control plane."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from catalog.support import support


def control_plane(cluster: Resource, context: Context) -> Iterator[Usage]:
    """Yield every hour of the month, also while nodes are stopped; six times the price in extended support.

    With the support type STANDARD there is no extended support: EKS upgrades the cluster at the end of the version's
    standard support. https://docs.aws.amazon.com/eks/latest/userguide/view-support-type.html
    """
    extended = _is_extended(cluster, context)
    item = "eks_control_plane_extended_hour" if extended else "eks_control_plane_hour"
    note = f"{cluster.inputs.get('version')} is in extended support" if extended else ""
    yield Usage(item, "cluster-h", always(context.hours_per_month), note=note)


def _is_extended(cluster: Resource, context: Context) -> bool:
    policy = cluster.inputs.get("upgradePolicy") or {}
    if policy.get("supportType") == "STANDARD":
        return False
    version = support()["kubernetes"].versions.get(str(cluster.inputs.get("version")))
    return version is not None and version.standard is not None and version.standard <= context.today


CLUSTER: Mapping[str, PricingRule] = {"eks:index:Cluster": control_plane, "aws:eks/cluster:Cluster": control_plane}
