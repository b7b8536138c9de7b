"""Versions of everything that the platform installs; no other module contains a version.

Renovate reads the comment above each version as `renovate.json` says. `versioning` limits what it may propose.
"""

from typing import NamedTuple


class ChartVersion(NamedTuple):
    """A Helm chart: its repository, its name there and its version."""

    repository: str
    name: str
    version: str


# What a cluster runs whose stack file names no version. EKS upgrades one minor version at a time.
# renovate: datasource=endoflife-date depName=amazon-eks versioning=loose
KUBERNETES = "1.35"

# renovate: datasource=github-releases depName=pulumi/pulumi-tls
TLS_PROVIDER = "v5.6.2"

# renovate: datasource=docker depName=ghcr.io/mlflow/mlflow
MLFLOW_IMAGE = "ghcr.io/mlflow/mlflow:v3.17.2-full"

# renovate: datasource=docker depName=docker.io/vllm/vllm-openai
VLLM_IMAGE = "docker.io/vllm/vllm-openai:v0.33.0"

# The router in front of a model's replicas.
# renovate: datasource=docker depName=docker.io/lightseekorg/smg
ROUTER_IMAGE = "docker.io/lightseekorg/smg:1.13.0"

# The newest release with long support. Two earlier ones on PyPI, 1.82.7 and 1.82.8, were malicious.
# renovate: datasource=docker depName=ghcr.io/berriai/litellm-database
LITELLM_IMAGE = "ghcr.io/berriai/litellm-database:v1.108.5"

# renovate: datasource=docker depName=ghcr.io/open-webui/open-webui
OPEN_WEBUI_IMAGE = "ghcr.io/open-webui/open-webui:v0.12.4"

# Kafka 4.2. Confluent's numbers are four ahead of Kafka's.
# renovate: datasource=docker depName=docker.io/confluentinc/cp-kafka
KAFKA_IMAGE = "docker.io/confluentinc/cp-kafka:8.2.3"

# Kafka 3.9, the last one with ZooKeeper: the two stay at 7.9, which Confluent mends until 2027-02-19.
# renovate: datasource=docker depName=docker.io/confluentinc/cp-kafka
#   versioning=regex:^7\.9\.(?<patch>\d+)$
KAFKA_WITH_ZOOKEEPER_IMAGE = "docker.io/confluentinc/cp-kafka:7.9.11"

# renovate: datasource=docker depName=docker.io/confluentinc/cp-zookeeper
#   versioning=regex:^7\.9\.(?<patch>\d+)$
ZOOKEEPER_IMAGE = "docker.io/confluentinc/cp-zookeeper:7.9.11"

# The server of the tenants, which run their own SQL on it: 17.10 closes CVE-2026-6473. Another major version requires a
# migration of its volume.
# renovate: datasource=docker depName=public.ecr.aws/docker/library/postgres
POSTGRES_SERVER_IMAGE = "public.ecr.aws/docker/library/postgres:17.11-alpine"

# As new as the newest server: pg_dump refuses a newer one.
# renovate: datasource=docker depName=public.ecr.aws/docker/library/postgres
POSTGRES_CLIENT_IMAGE = "public.ecr.aws/docker/library/postgres:17.11-alpine"

# renovate: datasource=docker depName=public.ecr.aws/docker/library/mysql
MYSQL_CLIENT_IMAGE = "public.ecr.aws/docker/library/mysql:8.4.10"

# renovate: datasource=docker depName=public.ecr.aws/docker/library/redis
REDIS_IMAGE = "public.ecr.aws/docker/library/redis:8.10.1-alpine"

# renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
LOAD_BALANCER_CONTROLLER = ChartVersion("https://aws.github.io/eks-charts", "aws-load-balancer-controller", "3.5.0")

# renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
EXTERNAL_SECRETS = ChartVersion("https://charts.external-secrets.io", "external-secrets", "2.9.0")

# renovate: datasource=helm depName=cluster-autoscaler registryUrl=https://kubernetes.github.io/autoscaler
CLUSTER_AUTOSCALER = ChartVersion("https://kubernetes.github.io/autoscaler", "cluster-autoscaler", "9.59.0")

# renovate: datasource=helm depName=nvidia-device-plugin registryUrl=https://nvidia.github.io/k8s-device-plugin
NVIDIA_DEVICE_PLUGIN = ChartVersion("https://nvidia.github.io/k8s-device-plugin", "nvidia-device-plugin", "0.20.0")

# The Helm chart and the one with its definitions share a version.
# renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter
KARPENTER = ChartVersion("oci://public.ecr.aws/karpenter", "karpenter", "1.14.1")

# renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter-crd
KARPENTER_CRD = ChartVersion("oci://public.ecr.aws/karpenter", "karpenter-crd", "1.14.1")

# The AMI that Karpenter's nodes start from: what was tested, not what is newest. A new release replaces the nodes.
# renovate: datasource=github-releases depName=awslabs/amazon-eks-ami versioning=loose
AL2023_AMI_RELEASE = "v20260930"

# renovate: datasource=github-releases depName=bottlerocket-os/bottlerocket
BOTTLEROCKET_AMI_RELEASE = "v1.65.0"

# renovate: datasource=helm depName=kube-prometheus-stack registryUrl=https://prometheus-community.github.io/helm-charts
KUBE_PROMETHEUS_STACK = ChartVersion(
    "https://prometheus-community.github.io/helm-charts", "kube-prometheus-stack", "88.5.3"
)

# renovate: datasource=docker depName=quay.io/prometheuscommunity/yet-another-cloudwatch-exporter
CLOUDWATCH_EXPORTER_IMAGE = "quay.io/prometheuscommunity/yet-another-cloudwatch-exporter:v0.67.0"

# renovate: datasource=helm depName=argo-cd registryUrl=https://argoproj.github.io/argo-helm
ARGO_CD = ChartVersion("https://argoproj.github.io/argo-helm", "argo-cd", "10.1.1")

# renovate: datasource=helm depName=keda registryUrl=https://kedacore.github.io/charts
KEDA = ChartVersion("https://kedacore.github.io/charts", "keda", "2.20.2")

# renovate: datasource=docker depName=registry.k8s.io/lws/charts/lws
LEADER_WORKER_SET = ChartVersion("oci://registry.k8s.io/lws/charts", "lws", "0.10.0")

# renovate: datasource=helm depName=argocd-image-updater registryUrl=https://argoproj.github.io/argo-helm
ARGO_CD_IMAGE_UPDATER = ChartVersion("https://argoproj.github.io/argo-helm", "argocd-image-updater", "1.2.4")

# renovate: datasource=docker depName=public.ecr.aws/aws-cli/aws-cli
AWS_CLI_IMAGE = "public.ecr.aws/aws-cli/aws-cli:2.37.9"

# kubectl works with clusters one minor version older or newer: https://kubernetes.io/releases/version-skew-policy/
KUBECTL_RELEASES = {
    # renovate: datasource=github-releases depName=kubernetes/kubernetes
    #   versioning=regex:^v1\.34\.(?<patch>\d+)$
    "1.34": "v1.34.11",
    # renovate: datasource=github-releases depName=kubernetes/kubernetes
    #   versioning=regex:^v1\.35\.(?<patch>\d+)$
    "1.35": "v1.35.9",
    # renovate: datasource=github-releases depName=kubernetes/kubernetes
    #   versioning=regex:^v1\.36\.(?<patch>\d+)$
    "1.36": "v1.36.5",
}

# Within one minor version of the clusters': https://kubernetes.io/releases/version-skew-policy/#kubectl
# renovate: datasource=docker depName=registry.k8s.io/kubectl
#   versioning=regex:^v1\.35\.(?<patch>\d+)$
KUBECTL_IMAGE = "registry.k8s.io/kubectl:v1.35.9"

# The autoscaler simulates the scheduler, so its minor version follows the cluster's.
CLUSTER_AUTOSCALER_IMAGES = {
    # renovate: datasource=docker depName=registry.k8s.io/autoscaling/cluster-autoscaler
    #   versioning=regex:^v1\.34\.(?<patch>\d+)$
    "1.34": "v1.34.2",
    # renovate: datasource=docker depName=registry.k8s.io/autoscaling/cluster-autoscaler
    #   versioning=regex:^v1\.35\.(?<patch>\d+)$
    "1.35": "v1.35.2",
    # renovate: datasource=docker depName=registry.k8s.io/autoscaling/cluster-autoscaler
    #   versioning=regex:^v1\.36\.(?<patch>\d+)$
    "1.36": "v1.36.1",
}

# What the release pins of Dex and oauth2-proxy is in its README; security releases of these come between.
# renovate: datasource=github-tags depName=kubeflow/manifests versioning=loose
KUBEFLOW = "26.03"

# renovate: datasource=docker depName=ghcr.io/dexidp/dex
DEX_IMAGE = "ghcr.io/dexidp/dex:v2.45.1"

# renovate: datasource=docker depName=quay.io/oauth2-proxy/oauth2-proxy
OAUTH2_PROXY_IMAGE = "quay.io/oauth2-proxy/oauth2-proxy:v7.15.6"
