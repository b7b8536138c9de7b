"""The pods that add-ons and charts bring along: no plan shows them, and every node carries them.

Who installs a chart or an add-on says in `components` which Deployments and DaemonSets it makes, with the requests,
replicas, tolerations and spread that decide where their pods go: from the values that the plan gives to it.
"""

from collections.abc import Iterator

from aiplatform.preview.charts import ADDON, RELEASE, chart_of, values_of
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF
from components.kubernetes.charts import EVERYWHERE, SYSTEM, SystemPods

DIRECTORY = "kubernetes:kustomize/v2:Directory"

KUBEFLOW = "kubeflow-"
"""The beginning of the names of Kubeflow's folders; what follows is the step."""


def _kubeflow(resource: Resource) -> Iterator[SystemPods]:
    """What a folder of Kubeflow's manifests runs; the proxy of the mesh is one container more."""
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
    """What the add-ons, charts and folders of manifests in a plan run.

    Raises:
        LookupError: nobody wrote down here what an add-on or chart runs.
    """
    for resource in plan.resources:
        if resource.type in (ADDON, RELEASE):
            yield from chart_of(resource).pods(values_of(resource))
        elif resource.type == DIRECTORY:
            if not resource.name.startswith(KUBEFLOW):
                raise LookupError(f"{resource.urn}: which pods its folder brings is not known; add them to {__name__}")
            yield from _kubeflow(resource)
