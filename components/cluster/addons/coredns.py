"""CoreDNS: DNS in the cluster."""

from collections.abc import Iterator

from components.cluster.addons.addon import AddonType
from components.cluster.addons.managed_addon import configured
from components.kubernetes.charts import Chart, SystemPods, Values, controller


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods: https://docs.aws.amazon.com/eks/latest/userguide/coredns-add-on-create.html"""
    asked = {"cpu": "100m", "memory": "70Mi"}
    yield controller("coredns", [asked], values.get("replicaCount", 2), labels={"k8s-app": "kube-dns"})


# At least two replicas, even if other controllers have one: every workload depends on DNS.
ADDON = AddonType(
    configured(lambda context: {"replicaCount": max(2, context.replicas)}),
    {"coredns": Chart(_pods)},
    gives="controllers",
)
