"""The menu of Kubeflow's dashboard: pages of installed parts only.

The community's ConfigMap lists all of its pages, and a link to a part that is not installed answers 404. The folder
`manifests/dashboard` lets the dashboard read the ConfigMap of this module instead:
https://www.kubeflow.org/docs/components/central-dash/customize/
"""

import json
from typing import Any, NamedTuple

from config.kubeflow import Kubeflow, KubeflowPart

CONFIG_MAP = "centraldashboard-links"


class Link(NamedTuple):
    """A link that is shown if its part is installed."""

    part: KubeflowPart
    entry: dict[str, Any]


def _page(link: str, text: str, **more: str) -> dict[str, Any]:
    return {"type": "item", "link": link, "text": text, **more}


MENU = (
    Link("notebooks", _page("/jupyter/", "Notebooks", icon="book")),
    Link(
        "pipelines",
        {
            "type": "section",
            "icon": "kubeflow:pipeline-centered",
            "text": "Pipelines",
            "items": [
                _page("/pipeline/#/pipelines", "Pipelines"),
                _page("/pipeline/#/experiments", "Experiments"),
                _page("/pipeline/#/runs", "Runs"),
                _page("/pipeline/#/recurringruns", "Recurring Runs"),
                _page("/pipeline/#/artifacts", "Artifacts"),
                _page("/pipeline/#/executions", "Executions"),
            ],
        },
    ),
    Link("katib", _page("/katib/", "Katib Experiments", icon="kubeflow:katib")),
)
"""Pages by part. KServe's own page, TensorBoards, Volumes and the model registry have no part."""

QUICK = (
    Link("notebooks", {"link": "/jupyter/new", "text": "Create a new Notebook", "desc": "Kubeflow Notebooks"}),
    Link("pipelines", {"link": "/pipeline/#/pipelines", "text": "Upload a Pipeline", "desc": "Kubeflow Pipelines"}),
    Link("pipelines", {"link": "/pipeline/#/runs", "text": "View Pipeline Runs", "desc": "Pipelines"}),
)

_DOCS = "https://www.kubeflow.org/docs"
DOCUMENTATION = (
    Link("dashboard", {"link": f"{_DOCS}/", "text": "Kubeflow", "desc": "Documentation of Kubeflow"}),
    Link(
        "notebooks",
        {"link": f"{_DOCS}/components/notebooks/", "text": "Notebooks", "desc": "Documentation of Kubeflow Notebooks"},
    ),
    Link(
        "pipelines",
        {"link": f"{_DOCS}/components/pipelines/", "text": "Pipelines", "desc": "Documentation of Kubeflow Pipelines"},
    ),
    Link("katib", {"link": f"{_DOCS}/components/katib/", "text": "Katib", "desc": "Documentation of Katib"}),
    Link("kserve", {"link": "https://kserve.github.io/website/", "text": "KServe", "desc": "Documentation of KServe"}),
)


def data(settings: Kubeflow) -> dict[str, str]:
    """Return the contents of the ConfigMap for the installed parts."""

    def shown(links: tuple[Link, ...]) -> list[dict[str, Any]]:
        return [link.entry for link in links if settings.has(link.part)]

    links = {
        "menuLinks": shown(MENU),
        "externalLinks": [],
        "documentationItems": shown(DOCUMENTATION),
        "quickLinks": shown(QUICK),
    }
    return {"settings": json.dumps({"DASHBOARD_FORCE_IFRAME": True}), "links": json.dumps(links, indent=2)}
