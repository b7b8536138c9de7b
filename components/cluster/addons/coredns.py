"""Names in the cluster."""

from collections.abc import Iterator

from components.cluster.addons.addon import AddonType
from components.cluster.addons.managed_addon import configured
from components.kubernetes.charts import Chart, SystemPods, Values, controller


def _pods(values: Values) -> Iterator[SystemPods]:
    """https://docs.aws.amazon.com/eks/latest/userguide/coredns-add-on-create.html"""
    asked = {"cpu": "100m", "memory": "70Mi"}
    yield controller("coredns", [asked], values.get("replicaCount", 2), labels={"k8s-app": "kube-dns"})


# Two even where the rest has one: without names nothing works.
ADDON = AddonType(
    configured(lambda context: {"replicaCount": max(2, context.replicas)}),
    {"coredns": Chart(_pods)},
    gives="controllers",
)
