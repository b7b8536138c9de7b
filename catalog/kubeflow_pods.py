"""Requests of the pods of Kubeflow's manifests, which a plan does not contain.

Source: release 26.03, `kustomize build` of each folder in components/kubeflow/steps.py, and the values of
istio-sidecar-injector for the injected sidecar. Some containers have no requests; the measured memory use is higher:
https://github.com/kubeflow/manifests/tree/26.03#kubeflow-components-versions
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalog.quantities import CPU, MEMORY, PODS, Amounts, amount

Asked = Mapping[str, str]
SIDECAR: Asked = {CPU: "10m", MEMORY: "40Mi"}
"""Requests of the Istio sidecar in each pod with injection."""


class KubeflowPods(NamedTuple):
    """A Deployment or StatefulSet of one pod, or a DaemonSet."""

    namespace: str
    name: str
    containers: tuple[Asked, ...]
    meshed: bool
    everywhere: bool = False
    """Whether it is a DaemonSet."""

    def asked(self) -> tuple[Asked, ...]:
        """Return the requests of each container, the sidecar included."""
        return (*self.containers, SIDECAR) if self.meshed else self.containers


def _asks(cpu: str, memory: str) -> Asked:
    return {CPU: cpu, MEMORY: memory}


_NOTHING: Asked = {}
_K, _S, _I, _C = "kubeflow", "knative-serving", "istio-system", "cert-manager"

PODS_OF: Mapping[str, tuple[KubeflowPods, ...]] = {
    "cert-manager": (
        KubeflowPods(_C, "cert-manager", (_NOTHING,), False),
        KubeflowPods(_C, "cert-manager-cainjector", (_NOTHING,), False),
        KubeflowPods(_C, "cert-manager-webhook", (_NOTHING,), False),
    ),
    "istio": (
        KubeflowPods(_I, "istio-ingressgateway", (_asks("100m", "128Mi"),), False),
        KubeflowPods(_I, "istiod", (_asks("500m", "2048Mi"),), False),
        KubeflowPods("kube-system", "istio-cni-node", (_asks("100m", "100Mi"),), False, everywhere=True),
    ),
    "profiles": (KubeflowPods(_K, "profiles-deployment", (_NOTHING, _NOTHING), True),),
    "admission-webhook": (KubeflowPods(_K, "admission-webhook-deployment", (_NOTHING,), False),),
    "dashboard": (KubeflowPods(_K, "centraldashboard", (_NOTHING,), True),),
    "notebook-controller": (KubeflowPods(_K, "notebook-controller-deployment", (_NOTHING,), True),),
    "notebooks": (KubeflowPods(_K, "jupyter-web-app-deployment", (_NOTHING,), True),),
    "pipelines": (
        KubeflowPods(_K, "cache-server", (_NOTHING,), True),
        KubeflowPods(_K, "kubeflow-pipelines-profile-controller", (_NOTHING,), False),
        KubeflowPods(_K, "metadata-envoy-deployment", (_NOTHING,), False),
        KubeflowPods(_K, "metadata-grpc-deployment", (_NOTHING,), True),
        KubeflowPods(_K, "metadata-writer", (_NOTHING,), True),
        KubeflowPods(_K, "ml-pipeline", (_asks("250m", "500Mi"),), True),
        KubeflowPods(_K, "ml-pipeline-persistenceagent", (_asks("120m", "500Mi"),), True),
        KubeflowPods(_K, "ml-pipeline-scheduledworkflow", (_NOTHING,), True),
        KubeflowPods(_K, "ml-pipeline-ui", (_asks("10m", "70Mi"),), True),
        KubeflowPods(_K, "ml-pipeline-viewer-crd", (_NOTHING,), True),
        KubeflowPods(_K, "ml-pipeline-visualizationserver", (_asks("30m", "500Mi"),), True),
        KubeflowPods(_K, "mysql", (_asks("100m", "800Mi"),), True),
        KubeflowPods(_K, "seaweedfs", (_asks("32m", "128Mi"),), True),
        KubeflowPods(_K, "workflow-controller", (_asks("100m", "500Mi"),), True),
        KubeflowPods(_K, "metacontroller", (_asks("100m", "256Mi"),), False),
    ),
    "katib": (
        KubeflowPods(_K, "katib-controller", (_NOTHING,), False),
        KubeflowPods(_K, "katib-db-manager", (_NOTHING,), False),
        KubeflowPods(_K, "katib-mysql", (_NOTHING,), False),
        KubeflowPods(_K, "katib-ui", (_NOTHING,), True),
    ),
    "knative": (
        KubeflowPods(_S, "activator", (_asks("300m", "60Mi"),), True),
        KubeflowPods(_S, "autoscaler", (_asks("100m", "100Mi"),), True),
        KubeflowPods(_S, "controller", (_asks("100m", "100Mi"),), True),
        KubeflowPods(_S, "net-istio-controller", (_asks("30m", "40Mi"),), True),
        KubeflowPods(_S, "net-istio-webhook", (_asks("20m", "20Mi"),), True),
        KubeflowPods(_S, "webhook", (_asks("100m", "100Mi"),), True),
    ),
    "cluster-local-gateway": (KubeflowPods(_I, "cluster-local-gateway", (_asks("100m", "128Mi"),), False),),
    "kserve": (
        KubeflowPods(_K, "kserve-controller-manager", (_asks("100m", "200Mi"), _NOTHING), False),
        KubeflowPods(_K, "kserve-localmodel-controller-manager", (_asks("100m", "200Mi"),), True),
        KubeflowPods(_K, "llmisvc-controller-manager", (_asks("100m", "300Mi"),), True),
    ),
}
"""Pods by installation step; other steps have no pods."""

VOLUMES_OF: Mapping[str, tuple[str, ...]] = {"pipelines": ("20Gi", "20Gi"), "katib": ("10Gi",)}
"""Requested size of each volume claim of a step: MySQL and SeaweedFS of pipelines, MySQL of Katib."""

_STEPS: Mapping[str, tuple[str, ...]] = {
    "certificates": ("cert-manager",),
    "istio": ("istio",),
    "profiles": ("profiles",),
    "admissionWebhook": ("admission-webhook",),
    "dashboard": ("dashboard",),
    "notebooks": ("notebook-controller", "notebooks"),
    "pipelines": ("pipelines",),
    "katib": ("katib",),
    "knative": ("knative", "cluster-local-gateway"),
    "kserve": ("kserve",),
}


def asked(parts: Iterable[str]) -> Amounts:
    """Return the sum of the requests of the pods of `parts` (of `kubeflow.parts`), DaemonSets excluded."""
    total: Counter[str] = Counter()
    for step in (step for part in parts for step in _STEPS.get(part, ())):
        for pods in PODS_OF[step]:
            if not pods.everywhere:
                total[PODS] += 1
                for container in pods.asked():
                    total.update({resource: amount(resource, quantity) for resource, quantity in container.items()})
    return total
