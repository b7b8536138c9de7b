"""Add-ons and charts: versions and configuration that EKS and controllers reject."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "kube-proxy disabled": Case(
        (("", "  ai-platform:addons: {kubeProxy: {enabled: false}}\n"),),
        (
            "27: addons.kubeProxy.enabled: must be true, because the add-on routes requests to Services; enable it, or remove workloads.mlflow",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html",
    ),
    "the price expander, which AWS lacks": Case(
        (("", "  ai-platform:addons: {clusterAutoscaler: {expander: price}}\n"),),
        ("27: addons.clusterAutoscaler.expander: 'price' is not one of least-waste, most-pods, priority, random",),
        "https://github.com/kubernetes/kops/pull/13081",
    ),
    "the priority expander without priorities": Case(
        (("", "  ai-platform:addons: {clusterAutoscaler: {expander: priority}}\n"),),
        (
            "27: addons.clusterAutoscaler.expander: priority requires the priorities of node groups; set values: {expanderPriorities: ...}, or least-waste",
        ),
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/expander/priority/readme.md",
    ),
    "warning: CoreDNS of Kubernetes 1.22": Case(
        (("", "  ai-platform:addons: {coredns: {version: v1.8.7-eksbuild.1}}\n"),),
        (
            "27: addons.coredns.version: v1.8.7-eksbuild.1 is much older than v1.14.6-eksbuild.4 of 2026-10-07, and EKS refuses a version that does not support Kubernetes 1.35; set v1.14.6-eksbuild.4, or check with `aws eks describe-addon-versions --kubernetes-version 1.35`",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html",
    ),
    "warning: a VPC CNI that can be new": Case(
        (("", "  ai-platform:addons: {vpcCni: {version: v1.99.0-eksbuild.1}}\n"),),
        (
            "27: addons.vpcCni.version: v1.99.0-eksbuild.1 is newer than v1.23.2-eksbuild.1, the newest of 2026-10-07 in the table; check with `aws eks describe-addon-versions --kubernetes-version 1.35`",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/managing-vpc-cni.html",
    ),
    "warning: an EBS driver that can be new": Case(
        (("", "  ai-platform:addons: {ebsCsi: {version: v1.99.0-eksbuild.1}}\n"),),
        (
            "27: addons.ebsCsi.version: v1.99.0-eksbuild.1 is newer than v1.66.0-eksbuild.1, the newest of 2026-10-07 in the table; check with `aws eks describe-addon-versions --kubernetes-version 1.35`",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
    ),
    "warning: metrics-server before 0.9 is accepted, 1.0 can be new": Case(
        (("", "  ai-platform:addons: {metricsServer: {version: v1.0.0-eksbuild.1}}\n"),),
        (
            "27: addons.metricsServer.version: v1.0.0-eksbuild.1 is newer than v0.9.0-eksbuild.11, the newest of 2026-10-07 in the table; check with `aws eks describe-addon-versions --kubernetes-version 1.35`",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/metrics-server.html",
    ),
    "warning: an EFS driver of another major version": Case(
        (
            ("", "  ai-platform:fileSystems:\n    models: {accessPoints: {m: {path: /a}}}\n"),
            ("", "  ai-platform:addons: {efsCsi: {version: v1.7.0-eksbuild.1}}\n"),
        ),
        (
            "29: addons.efsCsi.version: v1.7.0-eksbuild.1 is much older than v3.4.2-eksbuild.1 of 2026-10-07, and EKS refuses a version that does not support Kubernetes 1.35; set v3.4.2-eksbuild.1, or check with `aws eks describe-addon-versions --kubernetes-version 1.35`",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
    ),
    "warning: the load balancer controller of another major version": Case(
        (("", "  ai-platform:addons: {loadBalancerController: {version: 1.4.0}}\n"),),
        (
            "27: addons.loadBalancerController.version: 1.4.0 of the chart aws-load-balancer-controller has another major version than 3.5.0, for which the platform sets values and objects; remove it, or deploy it to a test cluster first",
        ),
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/releases",
    ),
    "Karpenter before 1.9 on Kubernetes 1.35": Case(
        (
            (
                "",
                "  ai-platform:addons: {clusterAutoscaler: {enabled: false}, karpenter: {version: 1.8.2}}\n  ai-platform:nodePools:\n    batch: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: '32', memory: 128Gi}}\n",
            ),
        ),
        (
            "27: addons.karpenter.version: Karpenter 1.8.2 does not support Kubernetes 1.35; set 1.9.0 or later, or remove it",
        ),
        "https://karpenter.sh/docs/upgrading/compatibility/",
    ),
    "warning: the key of replicas of another add-on": Case(
        (("", "  ai-platform:addons: {coredns: {values: {replicas: 3}}}\n"),),
        (
            "27: addons.coredns.values.replicas: is not in the configuration of coredns of 2026-11, and EKS refuses unknown keys; did you mean replicaCount? Check with `aws eks describe-addon-configuration --addon-name coredns --addon-version ...`",
        ),
        "https://github.com/awsdocs/amazon-eks-user-guide/issues/772",
    ),
    "warning: a key that no schema has": Case(
        (("", "  ai-platform:addons: {kubeProxy: {values: {tolerations: []}}}\n"),),
        (
            "27: addons.kubeProxy.values.tolerations: is not in the configuration of kube-proxy of 2026-11, and EKS refuses unknown keys; check with `aws eks describe-addon-configuration --addon-name kube-proxy --addon-version ...`",
        ),
        "https://github.com/aws/containers-roadmap/issues/1955",
    ),
    "a number among the variables of the VPC CNI": Case(
        (("", "  ai-platform:addons: {vpcCni: {values: {env: {AWS_VPC_K8S_CNI_LOGLEVEL: 1}}}}\n"),),
        (
            "27: addons.vpcCni.values.env.AWS_VPC_K8S_CNI_LOGLEVEL: 1 is not a string, which EKS requires; write it in quotes: '1'",
        ),
        "https://github.com/awsdocs/amazon-eks-user-guide/issues/772",
    ),
    "a switch among the variables of the VPC CNI": Case(
        (("", "  ai-platform:addons: {vpcCni: {values: {env: {AWS_VPC_K8S_CNI_EXTERNALSNAT: true}}}}\n"),),
        (
            "27: addons.vpcCni.values.env.AWS_VPC_K8S_CNI_EXTERNALSNAT: true is not a string, which EKS requires; write it in quotes: 'true'",
        ),
        "https://github.com/awsdocs/amazon-eks-user-guide/issues/772",
    ),
}
# fmt: on
