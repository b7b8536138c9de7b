"""kube-proxy: the virtual IP addresses of Services."""

from collections.abc import Iterator

from components.cluster.addons.addon import AddonType
from components.cluster.addons.managed_addon import ManagedAddon
from components.kubernetes.charts import EVERYWHERE, Chart, SystemPods, Values


def _pods(_: Values) -> Iterator[SystemPods]:
    """Yield the pods. The manifest of the add-on requests a tenth of a core."""
    yield SystemPods("kube-proxy", [{"cpu": "100m"}], tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(ManagedAddon, {"kube-proxy": Chart(_pods)}, stage="nodes")
