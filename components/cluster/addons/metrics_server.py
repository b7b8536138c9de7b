"""metrics-server: the metrics of HorizontalPodAutoscalers."""

from collections.abc import Iterator

from components.cluster.addons.addon import AddonType
from components.cluster.addons.managed_addon import configured
from components.kubernetes.charts import Chart, SystemPods, Values, controller


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods.

    https://github.com/kubernetes-sigs/metrics-server/blob/master/charts/metrics-server/values.yaml
    """
    asked = {"cpu": "100m", "memory": "200Mi"}
    yield controller("metrics-server", [asked], values.get("replicas", 2))


ADDON = AddonType(configured(lambda context: {"replicas": context.replicas}), {"metrics-server": Chart(_pods)})
