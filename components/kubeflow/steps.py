"""What of the community's manifests is applied, and in which order."""

from collections.abc import Iterator
from typing import NamedTuple

from config.kubeflow import Kubeflow, KubeflowPart

OWN_FOLDER = "components/kubeflow/manifests"


class Step(NamedTuple):
    """One folder of the manifests, applied as a whole after the one before."""

    name: str
    part: KubeflowPart | None
    """None: needed by every part."""

    path: str
    own: bool = False
    """By way of a folder of this project's with the step's name, which changes something of it."""

    waits: bool = True
    """Over when its Deployments are ready. A folder of many has to do without: they would wait for accounts of the same
    folder that the engine, which does four things at a time for each core, has no hand left to make. None of these
    has a webhook that is asked about later steps."""


STEPS = (
    Step("namespaces", None, "common/kubeflow-namespace/base"),
    # Without the overlay and its ClusterIssuer: nobody uses it, and it would be refused before the webhook answers.
    Step("cert-manager", "certificates", "common/cert-manager/base"),
    Step("istio-definitions", "istio", "common/istio/istio-crds/base"),
    Step("istio-namespace", "istio", "common/istio/istio-namespace/base"),
    Step("istio", "istio", "common/istio/istio-install/overlays/oauth2-proxy", own=True),
    Step("istio-gateway", "istio", "common/istio/kubeflow-istio-resources/base", own=True),
    Step("roles", None, "common/kubeflow-roles/base", own=True),
    Step("profiles", "profiles", "applications/profiles/pss"),
    Step(
        "admission-webhook",
        "admissionWebhook",
        "applications/admission-webhook/upstream/overlays/cert-manager",
        own=True,
    ),
    Step("dashboard", "dashboard", "applications/centraldashboard/overlays/oauth2-proxy"),
    Step(
        "notebook-controller",
        "notebooks",
        "applications/jupyter/notebook-controller/upstream/overlays/kubeflow",
        own=True,
    ),
    Step("notebooks", "notebooks", "applications/jupyter/jupyter-web-app/upstream/overlays/istio", own=True),
    Step("pipelines", "pipelines", "applications/pipeline/overlays", waits=False, own=True),
    Step("knative", "knative", "common/knative/knative-serving/overlays/gateways", waits=False),
    Step("cluster-local-gateway", "knative", "common/istio/cluster-local-gateway/base"),
    # In two: its webhook is asked about its own runtimes, so it has to run before they are there.
    Step("kserve", "kserve", "applications/kserve/kserve", own=True),
    Step("kserve-runtimes", "kserve", "applications/kserve/kserve", own=True),
)

LOGIN_AFTER = "istio-gateway"
"""The login is ours; its routes and policies are Istio's."""


def chosen(settings: Kubeflow) -> Iterator[Step]:
    """The steps of the parts that are installed."""
    return (step for step in STEPS if step.part is None or settings.has(step.part))


def step_at(folder: str) -> Step | None:
    """The step that a folder is applied for, as `address` writes it; None for a folder that is none of theirs."""
    path = folder.partition("?")[0].rstrip("/")
    for step in STEPS:
        end = f"{OWN_FOLDER}/{step.name}" if step.own else step.path
        if path == end or path.endswith(f"/{end}"):
            return step
    return None


def address(settings: Kubeflow, step: Step) -> str:
    """A folder as kustomize reads it: of a Git repository at a tag, or on this disk."""
    if step.own:
        return f"{OWN_FOLDER}/{step.name}"
    if settings.source.startswith("https://"):
        return f"{settings.source}//{step.path}?ref={settings.version}"
    return f"{settings.source.rstrip('/')}/{step.path}"
