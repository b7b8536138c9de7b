"""The pods of Argo CD's charts."""

from collections.abc import Iterator

from catalog.aws.aws_type import Keeps
from catalog.kubernetes_kinds import Kind
from components.kubernetes.charts import Chart, Charts, SystemPods, Values, apart

PARTS = (
    ("argocd-application-controller", "controller"),
    ("argocd-server", "server"),
    ("argocd-repo-server", "repoServer"),
    ("argocd-applicationset-controller", "applicationSet"),
    ("argocd-notifications-controller", "notifications"),
    ("argocd-redis", "redis"),
)


def _argo_cd(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of Argo CD.

    The application controller is a StatefulSet with one pod, which is scheduled like a Deployment's pod.
    https://github.com/argoproj/argo-helm/tree/main/charts/argo-cd
    """
    everywhere = values.get("global", {}).get("priorityClassName", "")
    for name, key in PARTS:
        part = values.get(key, {})
        if part.get("enabled", True):
            yield SystemPods(
                name,
                [part.get("resources", {}).get("requests", {})],
                namespace="argocd",
                replicas=part.get("replicas", 1),
                priority_class=part.get("priorityClassName") or everywhere,
                affinity=apart(name),
                spread=part.get("topologySpreadConstraints", ()),
                restricted=True,
            )


def _image_updater(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of Argo CD Image Updater.

    https://github.com/argoproj/argo-helm/tree/main/charts/argocd-image-updater
    """
    yield SystemPods(
        "argocd-image-updater-controller",
        [values.get("resources", {}).get("requests", {})],
        namespace="argocd",
        replicas=1,
        priority_class=values.get("priorityClassName", ""),
        restricted=True,
    )


CHARTS: Charts = {
    "argo-cd": Chart(
        _argo_cd,
        definitions="templates",
        kinds={
            "argoproj.io/v1alpha1:AppProject": Kind(),
            "argoproj.io/v1alpha1:ApplicationSet": Kind(
                keeps=Keeps("data", "applications and what they hold are deleted with it")
            ),
        },
    ),
    "argocd-image-updater": Chart(
        _image_updater,
        kinds={"argocd-image-updater.argoproj.io/v1alpha1:ImageUpdater": Kind()},
        definitions="templates",
    ),
}
