"""What a platform without NAT gateways requires: VPC endpoints of the AWS services that its parts call."""

from collections.abc import Iterator, Mapping
from typing import Literal

from config.network import Network
from config.parts import installed
from config.settings import Settings

GATEWAY: Literal["s3"] = "s3"
"""Layers of images in ECR, buckets, and the packages of Amazon Linux are in S3."""

CALLS: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
    "nodes": ("ec2", "ecr.api", "ecr.dkr", "eks"),
    "irsa": ("sts",),
    "podIdentity": ("eks-auth",),
    # https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md
    "vpcCni": ("ec2",),
    "kubeProxy": (),
    "eksPodIdentityAgent": ("eks-auth",),
    "coredns": (),
    "metricsServer": (),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-interface-VPC.html
    "cloudwatchObservability": ("ec2", "logs"),
    "openTelemetry": ("monitoring",),
    # https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md
    "ebsCsi": ("ec2",),
    # https://docs.aws.amazon.com/efs/latest/ug/efs-vpc-endpoints.html
    "efsCsi": ("elasticfilesystem",),
    # https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    "clusterAutoscaler": ("autoscaling", "ec2", "eks"),
    "nvidiaDevicePlugin": (),
    # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/configurations/
    "loadBalancerController": ("ec2", "elasticloadbalancing"),
    # Secrets Manager itself decrypts with KMS.
    "externalSecrets": ("secretsmanager",),
    "keda": (),
    "leaderWorkerSet": (),
    # https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/#private-clusters
    "karpenter": ("ec2", "eks", "sqs", "ssm"),
    "the CloudWatch exporter": ("monitoring",),
    "gitops.imageUpdater": ("ecr.api",),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html
    "models of bedrock": ("bedrock-runtime",),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
    "models of sagemaker": ("sagemaker.runtime",),
    "models of sagemakerEmbedding": ("sagemaker.runtime",),
    "containers of instances": ("ecr.api", "ecr.dkr", "logs"),
    "secrets of instances": ("secretsmanager",),
}
"""The AWS services that each part calls from inside the VPC, by the name of their endpoint. The control plane, RDS,
ElastiCache, schedules, alarms and backups call AWS from outside of it; their rows would be empty."""


def _parts(settings: Settings) -> Iterator[str]:
    yield "nodes"
    yield settings.cluster.workload_identity
    keys = {name: key for name, key, _ in settings.addons.each()}
    yield from (keys[name] for name in installed(settings))
    agent = settings.addons.cloudwatch_observability
    if agent.enabled and agent.open_telemetry:
        yield "openTelemetry"
    databases = any(one.database is not None for one in settings.environments.values())
    if settings.monitoring is not None and (settings.aurora_clusters or settings.caches or databases):
        yield "the CloudWatch exporter"
    if settings.gitops is not None and settings.gitops.image_updater is not None:
        yield "gitops.imageUpdater"
    litellm = settings.workloads.litellm
    for provider in litellm.providers.values() if litellm is not None else ():
        if provider.is_aws() and provider.region in {None, settings.project.region}:
            yield f"models of {provider.kind}"
    containers = [one for server in settings.instances.values() for one in server.containers.values()]
    if containers:
        yield "containers of instances"
    if any(one.secrets for one in containers):
        yield "secrets of instances"


def services(settings: Settings) -> dict[str, str]:
    """Return the AWS services that the platform calls from inside the VPC, each with the parts that call it."""
    callers: dict[str, list[str]] = {}
    for part in _parts(settings):
        # An add-on without a row is one that a fork has added.
        for service in CALLS.get(part, ()):
            callers.setdefault(service, []).append(part)
    return {service: ", ".join(dict.fromkeys(parts)) for service, parts in sorted(callers.items())}


def network(settings: Settings) -> Network:
    """Return the network with the endpoints that `addMissing` adds."""
    given = settings.network.endpoints
    if not given.add_missing:
        return settings.network
    missing = [service for service in services(settings) if service not in given.reached()]
    every = {
        "gateway": given.gateway if GATEWAY in given.reached() else (GATEWAY, *given.gateway),
        "interface": (*given.interface, *missing),
    }
    return settings.network.model_copy(update={"endpoints": given.model_copy(update=every)})
