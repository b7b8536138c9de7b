"""What of the community's manifests is applied, and in which order."""

from collections.abc import Iterator
from typing import NamedTuple

from config.kubeflow import Kubeflow, KubeflowPart

OWN_FOLDER = "components/kubeflow"


class Step(NamedTuple):
    """One folder of the manifests, applied as a whole after the one before."""

    name: str
    part: KubeflowPart | None
    """None: needed by every part."""

    path: str
    own: bool = False
    """The folder is this project's, and changes what it takes from the manifests."""


STEPS = (
    Step("namespaces", None, "common/kubeflow-namespace/base"),
    # Without the overlay and its ClusterIssuer: nobody uses it, and it would be refused before the webhook answers.
    Step("cert-manager", "certificates", "common/cert-manager/base"),
    Step("istio-definitions", "istio", "common/istio/istio-crds/base"),
    Step("istio-namespace", "istio", "common/istio/istio-namespace/base"),
    Step("istio", "istio", "common/istio/istio-install/overlays/oauth2-proxy"),
    Step("istio-gateway", "istio", "common/istio/kubeflow-istio-resources/base"),
    Step("roles", None, "common/kubeflow-roles/base"),
    Step("profiles", "profiles", "applications/profiles/pss"),
    Step("admission-webhook", "admissionWebhook", "applications/admission-webhook/upstream/overlays/cert-manager"),
    Step("dashboard", "dashboard", "applications/centraldashboard/overlays/oauth2-proxy"),
    Step("notebook-controller", "notebooks", "applications/jupyter/notebook-controller/upstream/overlays/kubeflow"),
    Step("notebooks", "notebooks", "applications/jupyter/jupyter-web-app/upstream/overlays/istio"),
    Step("pipelines", "pipelines", "applications/pipeline/overlays"),
    Step("knative", "knative", "common/knative/knative-serving/overlays/gateways"),
    Step("cluster-local-gateway", "knative", "common/istio/cluster-local-gateway/base"),
    # In two: its webhook is asked about its own runtimes, so it has to run before they are there.
    Step("kserve", "kserve", "kserve/controllers", own=True),
    Step("kserve-runtimes", "kserve", "kserve/runtimes", own=True),
)

LOGIN_AFTER = "istio-gateway"
"""The login is ours; its routes and policies are Istio's."""


def chosen(settings: Kubeflow) -> Iterator[Step]:
    """The steps of the parts that are installed."""
    return (step for step in STEPS if step.part is None or settings.has(step.part))


def address(settings: Kubeflow, step: Step) -> str:
    """A folder as kustomize reads it: of a Git repository at a tag, or on this disk."""
    if step.own:
        return f"{OWN_FOLDER}/{step.path}"
    if settings.source.startswith("https://"):
        return f"{settings.source}//{step.path}?ref={settings.version}"
    return f"{settings.source.rstrip('/')}/{step.path}"
