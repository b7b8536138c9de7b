"""EKS add-ons: their names in EKS, the keys of their configuration, and what a chart needs of Kubernetes."""

from collections.abc import Mapping

AS_OF = "2026-11"

EKS_NAMES: Mapping[str, str] = {
    "vpcCni": "vpc-cni",
    "kubeProxy": "kube-proxy",
    "eksPodIdentityAgent": "eks-pod-identity-agent",
    "coredns": "coredns",
    "metricsServer": "metrics-server",
    "cloudwatchObservability": "amazon-cloudwatch-observability",
    "ebsCsi": "aws-ebs-csi-driver",
    "efsCsi": "aws-efs-csi-driver",
}
"""By the key of the add-on in a stack file."""

_COREDNS = """
affinity autoScaling computeType corefile nodeSelector podAnnotations podDisruptionBudget podLabels replicaCount
resources tolerations topologySpreadConstraints
"""

_VPC_CNI = """
affinity branchENICooldown enableNetworkPolicy enableWindowsIpam enableWindowsPrefixDelegation env eniConfig init
livenessProbeTimeoutSeconds minimumWindowsIPTarget nodeAgent nodeSelector originalMatchLabels podAnnotations podLabels
readinessProbeTimeoutSeconds resources tolerations warmWindowsIPTarget warmWindowsPrefixTarget
"""

_METRICS_SERVER = """
addonResizer affinity args commonLabels defaultArgs deploymentAnnotations nodeSelector podAnnotations
podDisruptionBudget podLabels replicas resources schedulerName tolerations topologySpreadConstraints updateStrategy
"""

KEYS: Mapping[str, frozenset[str]] = {
    "coredns": frozenset(_COREDNS.split()),
    "vpcCni": frozenset(_VPC_CNI.split()),
    "kubeProxy": frozenset(["ipvs", "mode", "podAnnotations", "podLabels", "resources"]),
    "metricsServer": frozenset(_METRICS_SERVER.split()),
}
"""The first keys of the configuration that EKS accepts; it refuses all others, as
`aws eks describe-addon-configuration` shows: https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html"""

KARPENTER_SINCE: Mapping[str, str] = {"1.33": "1.5.0", "1.34": "1.6.0", "1.35": "1.9.0"}
"""The first version of Karpenter for each Kubernetes version: https://karpenter.sh/docs/upgrading/compatibility/"""
