"""The pods of add-ons and charts, which a plan does not contain.

Each add-on is defined by its Deployments and DaemonSets, with the requests, replicas, tolerations and topology spread
that decide where their pods are placed. Those of a chart are read from its values in the plan.
"""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.fit.system.addons import ADDONS
from aiplatform.fit.system.charts import CHARTS
from aiplatform.fit.system.pods import EVERYWHERE, SYSTEM, SystemPods, Values
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF

ADDON = "eks:index:Addon"
RELEASE = "kubernetes:helm.sh/v3:Release"
DIRECTORY = "kubernetes:kustomize/v2:Directory"

KUBEFLOW = "kubeflow-"
"""Prefix of the names of Kubeflow's directories of manifests, followed by the step."""


def _kubeflow(resource: Resource) -> Iterator[SystemPods]:
    """Yield the pods of a directory of Kubeflow's manifests, with the Istio sidecar as a container."""
    for pods in PODS_OF.get(resource.name.removeprefix(KUBEFLOW), ()):
        yield SystemPods(
            pods.name,
            pods.asked(),
            namespace=pods.namespace,
            replicas=None if pods.everywhere else 1,
            priority_class="system-node-critical" if pods.everywhere else "",
            tolerations=EVERYWHERE if pods.everywhere else (),
            restricted=pods.namespace != SYSTEM,
        )


def system_pods(plan: Plan) -> Iterator[SystemPods]:
    """Yield the pods of the add-ons, charts and directories of manifests in a plan.

    Raises:
        LookupError: the pods of an add-on or chart are unknown.
    """
    for resource in plan.resources:
        if resource.type == ADDON:
            yield from _known(ADDONS, str(resource.inputs["addonName"]), resource)(
                _values(resource, "configurationValues")
            )
        elif resource.type == RELEASE:
            # A chart in a folder is named by its file: <chart>-<version>.tgz.
            chart = str(resource.inputs["chart"]).rsplit("/", 1)[-1]
            name = next((known for known in CHARTS if chart == known or chart.startswith(f"{known}-")), chart)
            yield from _known(CHARTS, name, resource)(_values(resource, "values"))
        elif resource.type == DIRECTORY:
            if not resource.name.startswith(KUBEFLOW):
                raise LookupError(f"{resource.urn}: the pods of its directory are unknown; add them to {__name__}")
            yield from _kubeflow(resource)


def _known(
    table: Mapping[str, Callable[[Values], Iterator[SystemPods]]], name: str, resource: Resource
) -> Callable[[Values], Iterator[SystemPods]]:
    if name not in table:
        raise LookupError(f"{resource.urn}: the pods of {name} are unknown; add them to {__package__}.system")
    return table[name]


def _values(resource: Resource, key: str) -> Values:
    given = resource.inputs.get(key)
    return given if isinstance(given, Mapping) else {}
