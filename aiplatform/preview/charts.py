"""What the Helm charts and EKS add-ons of a plan make, as those who install them say."""

from functools import cache

from aiplatform.preview.plan import Resource
from components.cluster.addons.installed import charts
from components.gitops.charts import CHARTS as GITOPS
from components.kubernetes.charts import Chart, Charts, Values
from components.operations.monitoring.chart import CHARTS as MONITORING

ADDON = "eks:index:Addon"
RELEASE = "kubernetes:helm.sh/v3:Release"


@cache
def known() -> Charts:
    """Return every chart and add-on by its name."""
    return {**charts(), **MONITORING, **GITOPS}


def chart_of(resource: Resource) -> Chart:
    """Return what the chart of a release or an EKS add-on makes.

    Raises:
        LookupError: nobody says what it runs.
    """
    given = str(resource.inputs["addonName" if resource.type == ADDON else "chart"]).rsplit("/", 1)[-1]
    # A chart in a folder is named by its file: <chart>-<version>.tgz.
    names = [name for name in known() if given == name or (resource.type == RELEASE and given.startswith(f"{name}-"))]
    if not names:
        raise LookupError(f"{resource.urn}: which pods {given} brings is not known; say it where it is installed")
    return known()[max(names, key=len)]


def values_of(resource: Resource) -> Values:
    """Return the values that a chart or an add-on gets."""
    given = resource.inputs.get("configurationValues" if resource.type == ADDON else "values")
    return given if isinstance(given, dict) else {}
