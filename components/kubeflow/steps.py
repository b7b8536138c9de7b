"""Folders of the community's manifests, and the order in which they are applied."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from config.kubeflow import Kubeflow, KubeflowPart
from config.manifests import OWN

OWN_FOLDER = "components/kubeflow/manifests"


class Step(NamedTuple):
    """One folder of the manifests, applied as a whole after the steps that it requires."""

    name: str
    part: KubeflowPart | None
    """The part that requires the step; None if all parts require it."""

    path: str
    after: tuple[str, ...] = ()
    """The steps that it requires: definitions of its objects, its namespace, and webhooks that the API server calls for
    its objects. A step that is not installed is replaced by the steps that it requires itself."""

    own: bool = False
    """Apply this project's folder with the step's name, which includes and changes the community's folder."""

    waits: bool = True
    """The step is complete when its Deployments are ready.

    It is False for a folder without a webhook that later objects call. Deployments would wait for service accounts of
    folders beside them, while the engine, which runs four operations at a time per core, has no free slot to create
    these.
    """


_MESH = ("istio", "roles")
STEPS = (
    Step("namespaces", None, "common/kubeflow-namespace/base"),
    # Without the overlay and its ClusterIssuer: it is unused, and would be rejected before the webhook is available.
    Step("cert-manager", "certificates", "common/cert-manager/base", own=True),
    Step("istio-definitions", "istio", "common/istio/istio-crds/base"),
    Step("istio-namespace", "istio", "common/istio/istio-namespace/base"),
    Step(
        "istio",
        "istio",
        "common/istio/istio-install/overlays/oauth2-proxy",
        ("namespaces", "istio-definitions", "istio-namespace"),
        own=True,
    ),
    Step("istio-gateway", "istio", "common/istio/kubeflow-istio-resources/base", ("istio",), own=True),
    Step("roles", None, "common/kubeflow-roles/base", ("namespaces",), own=True),
    Step("profiles", "profiles", "applications/profiles/pss", _MESH, own=True, waits=False),
    Step(
        "admission-webhook",
        "admissionWebhook",
        "applications/admission-webhook/upstream/overlays/cert-manager",
        (*_MESH, "cert-manager"),
        own=True,
    ),
    Step("dashboard", "dashboard", "applications/centraldashboard/overlays/oauth2-proxy", _MESH, own=True, waits=False),
    Step(
        "notebook-controller",
        "notebooks",
        "applications/jupyter/notebook-controller/upstream/overlays/kubeflow",
        _MESH,
        own=True,
        waits=False,
    ),
    Step(
        "notebooks",
        "notebooks",
        "applications/jupyter/jupyter-web-app/upstream/overlays/istio",
        _MESH,
        own=True,
        waits=False,
    ),
    Step("pipelines", "pipelines", "applications/pipeline/overlays", (*_MESH, "cert-manager"), own=True, waits=False),
    Step(
        "katib",
        "katib",
        "applications/katib/upstream/installs/katib-with-kubeflow",
        (*_MESH, "cert-manager"),
        own=True,
        waits=False,
    ),
    Step("knative", "knative", "common/knative/knative-serving/overlays/gateways", ("istio",), own=True, waits=False),
    Step("cluster-local-gateway", "knative", "common/istio/cluster-local-gateway/base", ("istio",), own=True),
    # In two steps: its webhook validates its own runtimes, so it has to run before they are created.
    Step(
        "kserve",
        "kserve",
        "applications/kserve/kserve",
        (*_MESH, "cert-manager", "knative", "cluster-local-gateway"),
        own=True,
    ),
    Step("kserve-runtimes", "kserve", "applications/kserve/kserve", ("kserve",), own=True),
)
"""Each step follows the steps that it requires."""

LOGIN_AFTER = "istio-gateway"
"""The step before the login, which uses Istio's routes and policies."""


def chosen(settings: Kubeflow) -> Iterator[Step]:
    """Yield the steps of the installed parts."""
    return (step for step in STEPS if step.part is None or settings.has(step.part))


def required(step: Step, installed: Mapping[str, object]) -> Iterator[str]:
    """Yield the installed steps that a step requires."""
    for name in step.after:
        if name in installed:
            yield name
        else:
            yield from required(next(one for one in STEPS if one.name == name), installed)


def step_at(folder: str) -> Step | None:
    """Return the step of a folder as written by `address`, or None for any other folder."""
    path = folder.partition("?")[0].rstrip("/")
    for step in STEPS:
        ends = [f"{folder}/{step.name}" for folder in (OWN_FOLDER, OWN)] if step.own else [step.path]
        if any(f"/{path}".endswith(f"/{end}") for end in ends):
            return step
    return None


def address(settings: Kubeflow, step: Step) -> str:
    """Return a folder's address for kustomize: in a Git repository at a tag, or in a complete local folder."""
    if not settings.is_remote():
        return f"{settings.source.rstrip('/')}/{f'{OWN}/{step.name}' if step.own else step.path}"
    return f"{OWN_FOLDER}/{step.name}" if step.own else f"{settings.source}//{step.path}?ref={settings.version}"
