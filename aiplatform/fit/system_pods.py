"""The pods that add-ons, charts and folders of manifests bring along: no plan shows them, and every node carries them.

Each add-on is here as the Deployments and DaemonSets that it makes, with the requests, replicas, tolerations and spread
that decide where their pods go. Those of a chart are read from the values that the plan gives to it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from aiplatform.fit.system.addons import ADDONS
from aiplatform.fit.system.charts import CHARTS
from aiplatform.fit.system.pods import EVERYWHERE, SYSTEM, SystemPods, Values
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF
from components.kubeflow.steps import step_at

ADDON = "eks:index:Addon"
AWS_ADDON = "aws:eks/addon:Addon"
RELEASE = "kubernetes:helm.sh/v3:Release"
DIRECTORY = "kubernetes:kustomize/v2:Directory"

_ARCHIVE = re.compile(r"(?P<name>.+?)-v?\d+\.\d+\.\d+[^/]*\.tgz")
"""A packaged chart is named by its name and version: https://helm.sh/docs/helm/helm_package/"""


class Bundle(NamedTuple):
    """A resource that stands for objects which the plan does not show."""

    what: str
    """`chart`, `add-on` or `manifests`."""

    name: str
    pods: Iterable[SystemPods] | None
    """What it runs; None where that is not known."""

    table: str
    """Where its pods are to be described."""


def bundle(resource: Resource) -> Bundle | None:
    """A resource as the objects that it brings; None where it brings none but itself."""
    inputs = resource.inputs
    if resource.type in (ADDON, AWS_ADDON):
        name = str(inputs.get("addonName"))
        pods = _known(ADDONS, name, inputs.get("configurationValues"))
        return Bundle("add-on", name, pods, "ADDONS in aiplatform/fit/system/addons.py")
    if resource.type == RELEASE:
        name = chart_name(str(inputs.get("chart")))
        return Bundle(
            "chart", name, _known(CHARTS, name, inputs.get("values")), "CHARTS in aiplatform/fit/system/charts.py"
        )
    if resource.type == DIRECTORY:
        folder = str(inputs.get("directory"))
        step = step_at(folder)
        pods = None if step is None else _kubeflow(step.name)
        return Bundle(
            "manifests", folder, pods, "STEPS in components/kubeflow/steps.py and PODS_OF in catalog/kubeflow_pods.py"
        )
    if resource.type.startswith("kubernetes:") and not is_object(resource.type, inputs):
        return Bundle("manifests", resource.type, None, "aiplatform/fit/system_pods.py")
    return None


def system_pods(plan: Plan) -> Iterator[SystemPods]:
    """What the add-ons, charts and folders of manifests in a plan run, as far as it is known."""
    for resource in plan.resources:
        found = bundle(resource)
        if found is not None:
            yield from found.pods or ()


def chart_name(chart: str) -> str:
    """The name of a chart that a release names by itself, by its address in a registry, or by its packaged file."""
    last = chart.rstrip("/").rpartition("/")[2]
    archive = _ARCHIVE.fullmatch(last)
    return archive["name"] if archive else last


def _kubeflow(step: str) -> Iterator[SystemPods]:
    """What a folder of Kubeflow's manifests runs; the proxy of the mesh is one container more."""
    for pods in PODS_OF.get(step, ()):
        yield SystemPods(
            pods.name,
            pods.asked(),
            namespace=pods.namespace,
            replicas=None if pods.everywhere else 1,
            priority_class="system-node-critical" if pods.everywhere else "",
            tolerations=EVERYWHERE if pods.everywhere else (),
            restricted=pods.namespace != SYSTEM,
        )


def _known(
    table: Mapping[str, Callable[[Values], Iterator[SystemPods]]], name: str, values: object
) -> Iterator[SystemPods] | None:
    reader = table.get(name)
    return None if reader is None else reader(values if isinstance(values, Mapping) else {})
