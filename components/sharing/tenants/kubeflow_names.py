"""Names that Kubeflow, Istio and a tenant's namespace share, as defined in the community's manifests."""

from typing import Final

from config.kubeflow import Kubeflow

NAMESPACE = "kubeflow"
ISTIO, KNATIVE = "istio-system", "knative-serving"

ACCESS_MLFLOW = "access-mlflow"
ACCESS_PIPELINES = "access-ml-pipeline"
"""PodDefaults that users select for notebooks; each selects pods by a label with its name."""

LAUNCHER = "kfp-launcher"
ARTIFACT_REPOSITORIES = "artifact-repositories"
"""ConfigMaps that pipelines read from the namespace in which they run."""

AUDIENCE = "pipelines.kubeflow.org"
TOKEN_FOLDER = "/var/run/secrets/kubeflow/pipelines"
TOKEN_VARIABLE = "KF_PIPELINES_SA_TOKEN_PATH"

USER_HEADER = "kubeflow-userid"
"""The header with the user's e-mail address, which the gateway sets after a login."""

GATEWAY_PRINCIPAL = f"cluster.local/ns/{ISTIO}/sa/istio-ingressgateway-service-account"
PIPELINES_PAGE_PRINCIPAL = f"cluster.local/ns/{NAMESPACE}/sa/ml-pipeline-ui"
NOTEBOOK_CONTROLLER_PRINCIPAL = f"cluster.local/ns/{NAMESPACE}/sa/notebook-controller-service-account"

ISTIOD_PODS = {"app": "istiod"}
GATEWAY_PODS = {"app": "istio-ingressgateway"}
NOTEBOOK_CONTROLLER_PODS = {"app": "notebook-controller"}
PIPELINES_PODS = {"app": "ml-pipeline"}
KATIB_PODS = {"katib.kubeflow.org/component": "controller"}
KATIB_STORE_PODS = {"katib.kubeflow.org/component": "db-manager"}
METADATA_PODS = {"component": "metadata-grpc-server"}
DIRECTORY_PODS = {"kustomize.component": "profiles"}
"""KFAM, which returns the user's profiles to the pages; it runs in the pod of the Profile controller."""

ISTIOD_PORT = 15012
NOTEBOOK_PORT = 8888
PIPELINES_PORTS: Final = (8887, 8888)
METADATA_PORT = 8080
KATIB_STORE_PORT = 6789
SUGGESTION_PORTS: Final = (6789, 6788)
"""Ports of a suggestion and of its early stopping, which run in the namespace of the experiment:
https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/consts/const.go
"""

DIRECTORY_PORT = 8081
MODEL_PORTS: Final = (8012, 8013, 8080, 8112)
"""Ports of Knative's proxy in front of a model (plain, HTTP/2 and encrypted), and of a model server without it:
https://github.com/knative/serving/blob/main/pkg/networking/constants.go
"""

MODEL_METRICS_PORT = 9090

DIRECTORY = f"profiles-kfam.{NAMESPACE}.svc.cluster.local"

_LABELS = {
    # Required by the admission webhook of PodDefaults and by the network policies of Kubeflow's own namespace.
    "app.kubernetes.io/part-of": "kubeflow-profile",
    "istio-injection": "enabled",
    # Pods of notebooks and pipeline steps set no security context; Kubeflow sets the same label.
    "pod-security.kubernetes.io/enforce": "baseline",
}

_KATIB_LABEL = "katib.kubeflow.org/metrics-collector-injection"
"""Of namespaces whose trials get a container that reports their metrics."""


def namespace_labels(kubeflow: Kubeflow | None) -> dict[str, str]:
    """Return the labels of a tenant's namespace.

    They do not include `pipelines.kubeflow.org/enabled`: the community's controller would then write its own object
    store into the ConfigMaps that this program creates.
    """
    return {**_LABELS, **({_KATIB_LABEL: "enabled"} if kubeflow is not None and kubeflow.has("katib") else {})}
