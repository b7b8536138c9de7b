"""Cost of Kubeflow's manifests beside the nodes of their pods: the volumes of their claims."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.charts import require_known
from aiplatform.cost.pricing.storage import claimed
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from catalog.kubeflow_pods import VOLUMES_OF
from components.kubeflow.steps import step_at


def directory(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield a volume of the cluster's default class for each claim of the directory.

    Raises:
        UncountedError: the directory is unknown.
    """
    require_known(found)
    step = step_at(str(found.inputs.get("directory")))
    for size in VOLUMES_OF.get(step.name, ()) if step else ():
        yield from claimed({"resources": {"requests": {"storage": size}}}, always(1), context)


KUBEFLOW: Mapping[str, PricingRule] = {"kubernetes:kustomize/v2:Directory": directory}
