"""What the objects of a chart cost beside the nodes that its pods run on: no plan shows them, its values do."""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.storage import claimed
from aiplatform.cost.usage import UncountedError, Usage
from aiplatform.fit.system_pods import bundle, chart_name
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
"""The volumes of each chart that has any; other charts whose pods are known have none."""


def release(found: Resource, context: Context) -> Iterator[Usage]:
    """The volumes of a chart.

    Raises:
        UncountedError: nothing is known of the chart.
    """
    require_known(found)
    claims = CLAIMS.get(chart_name(str(found.inputs.get("chart"))))
    for replicas, spec in claims(found.inputs.get("values") or {}) if claims else ():
        yield from claimed(spec, always(replicas), context)


def require_known(found: Resource) -> None:
    """Check that the pods of a release, an add-on or a folder of manifests are known.

    Raises:
        UncountedError: they are not, nor the nodes that they need, its volumes and its load balancers.
    """
    brought = bundle(found)
    if brought is not None and brought.pods is None:
        raise UncountedError(f"nodes, volumes and load balancers of the unknown {brought.what} {brought.name}")


CHARTS: Mapping[str, PricingRule] = {"kubernetes:helm.sh/v3:Release": release}
