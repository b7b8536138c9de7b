"""The EKS Pod Identity Agent: AWS credentials of pods if `cluster.workloadIdentity` is podIdentity."""

from collections.abc import Iterator

from components.cluster.addons.addon import AddonType
from components.cluster.addons.managed_addon import ManagedAddon
from components.kubernetes.charts import EVERYWHERE, Chart, SystemPods, Values


def _pods(_: Values) -> Iterator[SystemPods]:
    yield SystemPods("eks-pod-identity-agent", [{}], tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(ManagedAddon, {"eks-pod-identity-agent": Chart(_pods)}, stage="nodes")
