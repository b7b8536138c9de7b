"""What the objects of a chart cost beside the nodes that its pods run on: no plan shows them, its values do."""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.storage import claimed
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Json, Resource

Values = Mapping[str, Json]
Claims = Iterator[tuple[int, Values]]


def _kube_prometheus_stack(values: Values) -> Claims:
    """A claim for each replica of Prometheus and of Alertmanager: their operator makes the StatefulSets.

    https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml
    """
    for part, spec, storage in (
        ("prometheus", "prometheusSpec", "storageSpec"),
        ("alertmanager", "alertmanagerSpec", "storage"),
    ):
        wanted = (values.get(part) or {}).get(spec) or {}
        template = (wanted.get(storage) or {}).get("volumeClaimTemplate")
        if template:
            yield int(wanted.get("replicas", 1)), template["spec"]


CLAIMS: Mapping[str, Callable[[Values], Claims]] = {"kube-prometheus-stack": _kube_prometheus_stack}
"""The volumes of each chart that has any."""


def release(found: Resource, context: Context) -> Iterator[Usage]:
    """The volumes of a chart."""
    # A chart in a folder is named by its file: <chart>-<version>.tgz.
    chart, values = str(found.inputs.get("chart")).rsplit("/", 1)[-1], found.inputs.get("values") or {}
    for name, claims in CLAIMS.items():
        if chart == name or chart.startswith(f"{name}-"):
            for replicas, spec in claims(values):
                yield from claimed(spec, always(replicas), context)


CHARTS: Mapping[str, PricingRule] = {"kubernetes:helm.sh/v3:Release": release}
