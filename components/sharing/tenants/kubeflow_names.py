"""What Kubeflow, Istio and a tenant's namespace call each other: the community's names, which its manifests rely on."""

from typing import Final

NAMESPACE = "kubeflow"
ISTIO, KNATIVE = "istio-system", "knative-serving"

ACCESS_MLFLOW = "access-mlflow"
ACCESS_PIPELINES = "access-ml-pipeline"
"""The PodDefaults that people choose for their notebooks; each selects pods by a label of its own name."""

LAUNCHER = "kfp-launcher"
ARTIFACT_REPOSITORIES = "artifact-repositories"
"""ConfigMaps that pipelines look for in the namespace in which they run."""

AUDIENCE = "pipelines.kubeflow.org"
TOKEN_FOLDER = "/var/run/secrets/kubeflow/pipelines"
TOKEN_VARIABLE = "KF_PIPELINES_SA_TOKEN_PATH"

USER_HEADER = "kubeflow-userid"
"""Who asks, as the gateway writes it after a login."""

GATEWAY_PRINCIPAL = f"cluster.local/ns/{ISTIO}/sa/istio-ingressgateway-service-account"
PIPELINES_PAGE_PRINCIPAL = f"cluster.local/ns/{NAMESPACE}/sa/ml-pipeline-ui"
NOTEBOOK_CONTROLLER_PRINCIPAL = f"cluster.local/ns/{NAMESPACE}/sa/notebook-controller-service-account"

ISTIOD_PODS = {"app": "istiod"}
GATEWAY_PODS = {"app": "istio-ingressgateway"}
NOTEBOOK_CONTROLLER_PODS = {"app": "notebook-controller"}
PIPELINES_PODS = {"app": "ml-pipeline"}
METADATA_PODS = {"component": "metadata-grpc-server"}
DIRECTORY_PODS = {"kustomize.component": "profiles"}
"""KFAM, which tells the pages what belongs to whom; it runs beside the controller of Profiles."""

ISTIOD_PORT = 15012
NOTEBOOK_PORT = 8888
PIPELINES_PORTS: Final = (8887, 8888)
METADATA_PORT = 8080
DIRECTORY_PORT = 8081
MODEL_PORTS: Final = (8012, 8013, 8080, 8112)
"""Of Knative's proxy before a model, plain, HTTP/2 and encrypted, and of a model server that has none:
https://github.com/knative/serving/blob/main/pkg/networking/constants.go"""

MODEL_METRICS_PORT = 9090

DIRECTORY = f"profiles-kfam.{NAMESPACE}.svc.cluster.local"

NAMESPACE_LABELS = {
    # The admission webhook of PodDefaults and the network policies of Kubeflow's own namespace ask for it.
    "app.kubernetes.io/part-of": "kubeflow-profile",
    "istio-injection": "enabled",
    # What notebooks and steps of pipelines are made of says nothing of its rights; as Kubeflow labels its own.
    "pod-security.kubernetes.io/enforce": "baseline",
}
"""Of a tenant's namespace. Not `pipelines.kubeflow.org/enabled`: the community's controller would put its own
object store into the ConfigMaps that are made here."""
