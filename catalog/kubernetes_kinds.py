"""What the platform knows of each kind of Kubernetes object, by API version and kind as Pulumi's types end.

Kinds that a chart defines are known with the chart: `components.kubernetes.charts.Chart.kinds`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from catalog.aws.aws_type import Keeps

OBJECT = "an object in the control plane, which has the price"
POD = "runs on the nodes, which have the price"


class Kind(NamedTuple):
    """A kind of object."""

    free: str | None = OBJECT
    """Why AWS bills nothing for one; none where `aiplatform.cost.pricing` counts what it uses."""

    keeps: Keeps | None = None
    """What a release must not lose by replacing one."""


KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        (
            "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
            "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
            "autoscaling/v2:HorizontalPodAutoscaler",
            "core/v1:ConfigMap",
            "core/v1:LimitRange",
            "kubeflow.org/v1alpha1:PodDefault",
            "networking.istio.io/v1:VirtualService",
            "networking.k8s.io/v1:NetworkPolicy",
            "policy/v1:PodDisruptionBudget",
            "rbac.authorization.k8s.io/v1:ClusterRole",
            "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            "rbac.authorization.k8s.io/v1:Role",
            "rbac.authorization.k8s.io/v1:RoleBinding",
            "scheduling.k8s.io/v1:PriorityClass",
            "security.istio.io/v1:AuthorizationPolicy",
            "security.istio.io/v1:RequestAuthentication",
        ),
        Kind(),
    ),
    **dict.fromkeys(("apps/v1:Deployment", "batch/v1:CronJob", "batch/v1:Job"), Kind(POD)),
    "apiextensions.k8s.io/v1:CustomResourceDefinition": Kind(
        keeps=Keeps("data", "all its objects are deleted with it")
    ),
    "apps/v1:StatefulSet": Kind(None, Keeps("data", "its volumes")),
    "core/v1:Namespace": Kind(keeps=Keeps("data", "everything in it is deleted with it")),
    "core/v1:PersistentVolume": Kind(
        "a folder of a file system, which has the price", Keeps("data", "a disk or file system", retain=True)
    ),
    "core/v1:PersistentVolumeClaim": Kind(None, Keeps("data", "a disk or file system", retain=True)),
    "core/v1:ResourceQuota": Kind(None),
    "core/v1:Secret": Kind(None),
    "core/v1:Service": Kind(None, Keeps("address", "its cluster IP")),
    "core/v1:ServiceAccount": Kind(keeps=Keeps("identity", "tokens of running pods name its UID")),
    "kubeflow.org/v1:Profile": Kind(keeps=Keeps("data", "a user's namespace is deleted with it")),
    "networking.k8s.io/v1:Ingress": Kind(None, Keeps("address", "its load balancer is deleted with it")),
    "storage.k8s.io/v1:StorageClass": Kind("the volumes made by it have the price"),
}
"""The list is closed, so that a new kind is not taken for one without pods, or without a price, unseen."""
