"""Kinds of Kubernetes objects that run no pods, by API version and kind as Pulumi's types end."""

RECORDS = frozenset(
    {
        "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
        "apiextensions.k8s.io/v1:CustomResourceDefinition",
        "argocd-image-updater.argoproj.io/v1alpha1:ImageUpdater",
        "argoproj.io/v1alpha1:AppProject",
        "argoproj.io/v1alpha1:ApplicationSet",
        "autoscaling/v2:HorizontalPodAutoscaler",
        "core/v1:ConfigMap",
        "core/v1:LimitRange",
        "core/v1:Namespace",
        "core/v1:ServiceAccount",
        "elbv2.k8s.aws/v1beta1:TargetGroupBinding",
        "external-secrets.io/v1:SecretStore",
        "keda.sh/v1alpha1:ScaledObject",
        "kubeflow.org/v1:Profile",
        "kubeflow.org/v1alpha1:PodDefault",
        "monitoring.coreos.com/v1:PrometheusRule",
        "monitoring.coreos.com/v1:ServiceMonitor",
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
    }
)
"""Objects in the control plane alone: they have no price of their own either."""

WITHOUT_PODS = RECORDS | {
    "core/v1:PersistentVolume",
    "core/v1:PersistentVolumeClaim",
    "core/v1:ResourceQuota",
    "core/v1:Secret",
    "core/v1:Service",
    "external-secrets.io/v1:ExternalSecret",
    "karpenter.k8s.aws/v1:EC2NodeClass",
    "karpenter.sh/v1:NodePool",
    "networking.k8s.io/v1:Ingress",
    "storage.k8s.io/v1:StorageClass",
}
"""The list is closed, so that a new kind is not taken for one without pods unseen."""
