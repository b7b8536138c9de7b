"""The objects of Helm charts and EKS add-ons of a plan, as declared by the components that install them."""

import re
from collections.abc import Mapping
from functools import cache

from aiplatform.preview.plan import Resource
from catalog.kubernetes_kinds import KINDS, Kind
from components.cluster.addons.installed import charts
from components.gitops.charts import CHARTS as GITOPS
from components.kubernetes.charts import Chart, Charts, Values
from components.operations.monitoring.chart import CHARTS as MONITORING

ADDON = "eks:index:Addon"
AWS_ADDON = "aws:eks/addon:Addon"
RELEASE = "kubernetes:helm.sh/v3:Release"

_ARCHIVE = re.compile(r"(?P<name>.+?)-v?\d+\.\d+\.\d+[^/]*\.tgz")
"""The file name of a packaged chart, with its name and version: https://helm.sh/docs/helm/helm_package/"""


@cache
def known() -> Charts:
    """Return every chart and add-on by its name."""
    return {**charts(), **MONITORING, **GITOPS}


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of object that is known, by API version and kind: Kubernetes' own, and those of charts."""
    found = dict(KINDS)
    for chart in known().values():
        found |= chart.kinds
    return found


def name_of(resource: Resource) -> str:
    """Return the name of the chart of a release, or of an EKS add-on."""
    if resource.type == RELEASE:
        return chart_name(str(resource.inputs.get("chart")))
    return str(resource.inputs.get("addonName"))


def chart_name(chart: str) -> str:
    """Return the name of a chart that a release refers to by name, registry URL or packaged file."""
    last = chart.rstrip("/").rpartition("/")[2]
    archive = _ARCHIVE.fullmatch(last)
    return archive["name"] if archive else last


def chart_of(resource: Resource) -> Chart | None:
    """Return the resources that the chart of a release or an EKS add-on creates; None if the chart is unknown."""
    return known().get(name_of(resource))


def values_of(resource: Resource) -> Values:
    """Return the values of a chart or an add-on."""
    given = resource.inputs.get("values" if resource.type == RELEASE else "configurationValues")
    return _without_nulls(given) if isinstance(given, dict) else {}


def _without_nulls(values: Values) -> Values:
    """Return the values as Helm reads them: null removes a default (https://helm.sh/docs/chart_template_guide/values_files/)."""
    return {
        key: _without_nulls(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }
