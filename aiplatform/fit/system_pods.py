"""The pods of add-ons, charts and directories of manifests, which a plan does not contain.

The component that installs a chart or add-on declares its Deployments and DaemonSets, with the requests, replicas,
tolerations and topology spread that decide where their pods are placed, derived from its values in the plan.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aiplatform.preview.charts import ADDON, AWS_ADDON, RELEASE, chart_of, name_of, values_of
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF
from components.cluster.addons.addon import PACKAGED
from components.kubeflow.steps import step_at
from components.kubernetes.charts import EVERYWHERE, SYSTEM, SystemPods
from config.priorities import SYSTEM_CLASS

DIRECTORY = "kubernetes:kustomize/v2:Directory"


class Bundle(NamedTuple):
    """A resource whose objects the plan does not contain."""

    what: str
    """`chart`, `add-on` or `manifests`."""

    name: str
    pods: Iterable[SystemPods] | None
    """Its pods; None if they are unknown."""

    table: str
    """The table in which its pods must be declared."""


def bundle(resource: Resource) -> Bundle | None:
    """Return the bundle of a resource; None if it has no objects other than itself."""
    inputs = resource.inputs
    if resource.type in (ADDON, AWS_ADDON, RELEASE):
        known = chart_of(resource)
        pods = None if known is None else known.pods(values_of(resource))
        what = "chart" if resource.type == RELEASE else "add-on"
        return Bundle(what, name_of(resource), pods, "CHARTS of the component that installs it")
    if resource.type == DIRECTORY:
        folder = str(inputs.get("directory"))
        step = step_at(folder)
        is_known = step is not None or folder.startswith(PACKAGED)
        described = _kubeflow(step.name if step else "") if is_known else None
        return Bundle(
            "manifests",
            folder,
            described,
            "STEPS in components/kubeflow/steps.py and PODS_OF in catalog/kubeflow_pods.py",
        )
    if resource.type.startswith("kubernetes:") and not is_object(resource.type, inputs):
        return Bundle("manifests", resource.type, None, "aiplatform/fit/system_pods.py")
    return None


def system_pods(plan: Plan) -> Iterator[SystemPods]:
    """Yield the pods of the add-ons, charts and directories of manifests in a plan, if they are known."""
    for resource in plan.resources:
        found = bundle(resource)
        if found is not None:
            yield from found.pods or ()


def _kubeflow(step: str) -> Iterator[SystemPods]:
    """Yield the pods of a directory of Kubeflow's manifests, with the Istio sidecar as a container."""
    for pods in PODS_OF.get(step, ()):
        yield SystemPods(
            pods.name,
            pods.asked(),
            namespace=pods.namespace,
            replicas=None if pods.everywhere else 1,
            priority_class="system-node-critical" if pods.everywhere else SYSTEM_CLASS,
            tolerations=EVERYWHERE if pods.everywhere else (),
            restricted=pods.namespace != SYSTEM,
        )
