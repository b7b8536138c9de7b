"""Platforms without NAT gateways, and registries: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Edit = tuple[str, str]
Row = tuple[tuple[Edit, ...], tuple[str, ...]]

NEEDED = ("autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "elasticloadbalancing", "secretsmanager", "sts")
"""The endpoints that the base of the table requires."""

MIRROR = "111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror"

ZONES = "    zones: [us-west-2a, us-west-2b]\n"


def _alone(
    *edits: Edit, leave: str = "", more: str = "", gateway: str = "s3", registry: str = MIRROR
) -> tuple[Edit, ...]:
    """The edits of a stack without NAT gateways and without one of the endpoints; the interface ones are in line 12."""
    listed = ", ".join([one for one in NEEDED if one != leave] + ([more] if more else []))
    inside = f"    nat: none\n    endpoints:\n      gateway: [{gateway}]\n      interface: [{listed}]\n"
    images = f"  ai-platform:images: {{registry: '{registry}'}}\n" if registry else ""
    return ((ZONES, ZONES + inside), ("", images), *edits)


def _missing(line: int, service: str, parts: str) -> tuple[str, ...]:
    return (
        f"{line}: network.endpoints.interface: without NAT gateways, AWS services are only reachable through endpoints; "
        f"add {service} ({parts}), or set network.endpoints.addMissing: true",
    )


def _outside(line: int, path: str, why: str) -> tuple[str, ...]:
    return (f"{line}: {path}: {why}, which the VPC does not reach without NAT gateways",)


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    # https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
    "offline: no endpoint of EC2": (
        _alone(leave="ec2"),
        _missing(12, "ec2", "nodes, vpcCni, ebsCsi, clusterAutoscaler, loadBalancerController"),
    ),
    "offline: no endpoint of ECR": (_alone(leave="ecr.dkr"), _missing(12, "ecr.dkr", "nodes")),
    "offline: no endpoint of STS": (_alone(leave="sts"), _missing(12, "sts", "irsa")),
    # https://github.com/aws/karpenter/issues/1157
    "offline: no endpoints of Karpenter": (
        _alone(
            (
                "",
                "  ai-platform:nodePools:\n    burst: {instanceTypes: [m7i.large], limits: {cpu: '8', memory: 32Gi}}\n",
            )
        ),
        _missing(12, "sqs (karpenter); ssm", "karpenter"),
    ),
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-vpc-endpoints.html
    "offline: no endpoint of the autoscaler": (
        _alone(leave="autoscaling"),
        _missing(12, "autoscaling", "clusterAutoscaler"),
    ),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/load-balancer-vpc-endpoints.html
    "offline: no endpoint of load balancers": (
        _alone(leave="elasticloadbalancing"),
        _missing(12, "elasticloadbalancing", "loadBalancerController"),
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
    "offline: no endpoint of secrets": (
        _alone(leave="secretsmanager"),
        _missing(12, "secretsmanager", "externalSecrets"),
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
    "offline: no endpoint of Pod Identity": (
        _alone(
            ("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    workloadIdentity: podIdentity\n")
        ),
        _missing(12, "eks-auth", "podIdentity, eksPodIdentityAgent"),
    ),
    # https://docs.aws.amazon.com/efs/latest/ug/efs-vpc-endpoints.html
    "offline: no endpoint of file systems": (
        _alone(("", "  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n")),
        _missing(12, "elasticfilesystem", "efsCsi"),
    ),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-interface-VPC.html
    "offline: no endpoints of CloudWatch": (
        _alone(
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, version: v6.4.0-eksbuild.1, openTelemetry: true}\n",
            )
        ),
        _missing(12, "logs (cloudwatchObservability); monitoring", "openTelemetry"),
    ),
    # https://docs.docker.com/engine/logging/drivers/awslogs/
    "offline: no endpoint of the logs of instances": (
        _alone(
            (
                "",
                "  ai-platform:instances:\n    tool:\n      instanceType: t3.small\n      zones: [us-west-2a]\n      containers: {app: {image: 'ghcr.io/shop/tool:v1'}}\n",
            )
        ),
        _missing(12, "logs", "containers of instances"),
    ),
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
    "offline: layers of images without S3": (
        _alone(gateway="dynamodb"),
        (
            "11: network.endpoints.gateway: without NAT gateways, nodes pull the layers of images through the gateway endpoint of S3; add s3",
        ),
    ),
    "offline: the API is public alone": (
        _alone(("    endpoint: {public: false}\n", "    endpoint: {private: false, publicCidrs: [198.51.101.0/24]}\n")),
        (
            "14: cluster.endpoint.private: without NAT gateways, nodes reach the Kubernetes API only through the private endpoint; set true",
        ),
    ),
    # https://github.com/aws-ia/terraform-aws-eks-blueprints/issues/1657
    "offline: no registry": (
        _alone(registry=""),
        (
            "9: network.nat: without NAT gateways, nodes reach no public registry; set images.registry, for example <account>.dkr.ecr.us-west-2.amazonaws.com/mirror, and copy the images that `aiplatform images` lists",
        ),
    ),
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    "offline: a registry on the internet": (
        _alone(registry="public.ecr.aws/shop"),
        (
            "31: images.registry: public.ecr.aws/shop is on the internet; use a registry in the VPC or ECR, like <account>.dkr.ecr.us-west-2.amazonaws.com/mirror",
        ),
    ),
    "offline: a registry in another region": (
        _alone(registry="111122223333.dkr.ecr.eu-west-1.amazonaws.com"),
        (
            "31: images.registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com is in eu-west-1, and the endpoints of ECR reach only us-west-2; replicate its repositories, and use <account>.dkr.ecr.us-west-2.amazonaws.com/mirror",
        ),
    ),
    # https://github.com/aws/karpenter-provider-aws/issues/4985
    "offline: Karpenter asks for prices": (
        _alone(
            ("", "  ai-platform:addons: {karpenter: {values: {settings: {isolatedVPC: false}}}}\n"),
            more="sqs, ssm",
        ),
        (
            "32: addons.karpenter.values.settings.isolatedVPC: without NAT gateways, Karpenter cannot reach IAM and the price list; remove it",
        ),
    ),
    "registry: Kubeflow's manifests in Git": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio], sha256: '%s'}\n  ai-platform:images: {registry: registry.shop.dev/mirror}\n"
                % ("0" * 64),
            ),
        ),
        (
            "27: kubeflow.sha256: has no effect with a Git repository; set kubeflow.source to a directory, or remove it",
            "27: kubeflow.source: manifests in Git have images of other registries than images.registry; write a directory with `aiplatform manifests --out manifests --registry registry.shop.dev/mirror`, and set source and sha256",
        ),
    ),
    "registry: a URL": (
        (("", "  ai-platform:images: {registry: 'https://registry.shop.dev'}\n"),),
        (
            "27: images.registry: 'https://registry.shop.dev' is not a registry with an optional prefix; write it without https:// and without a slash at the end, like 111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror",
        ),
    ),
    "registry: a slash at the end": (
        (("", "  ai-platform:images: {registry: registry.shop.dev/mirror/}\n"),),
        (
            "27: images.registry: 'registry.shop.dev/mirror/' is not a registry with an optional prefix; write it without https:// and without a slash at the end, like 111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror",
        ),
    ),
    "warning: offline: alerts to Slack": (
        _alone(
            (
                "",
                "  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: '#alerts'}}}\n    defaultReceiver: chat\n",
            )
        ),
        _outside(35, "monitoring.receivers.chat", "sends alerts to Slack"),
    ),
    "warning: offline: releases on GitHub": (
        _alone(("", "  ai-platform:gitops: {repository: 'https://github.com/shop/releases'}\n")),
        _outside(32, "gitops.repository", "is a server on the internet"),
    ),
}
# fmt: on
