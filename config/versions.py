"""Every version the platform installs. A version bot reads the comments; nothing else in the tree names a version."""

from typing import NamedTuple


class ChartVersion(NamedTuple):
    """A Helm chart: its repository, its name there and its version."""

    repository: str
    name: str
    version: str


# renovate: datasource=docker depName=ghcr.io/mlflow/mlflow
MLFLOW_IMAGE = "ghcr.io/mlflow/mlflow:v3.17.2-full"

# renovate: datasource=docker depName=public.ecr.aws/docker/library/postgres
POSTGRES_CLIENT_IMAGE = "public.ecr.aws/docker/library/postgres:17.7-alpine"

# renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
LOAD_BALANCER_CONTROLLER = ChartVersion("https://aws.github.io/eks-charts", "aws-load-balancer-controller", "3.5.0")

# renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
EXTERNAL_SECRETS = ChartVersion("https://charts.external-secrets.io", "external-secrets", "2.9.0")

# renovate: datasource=helm depName=cluster-autoscaler registryUrl=https://kubernetes.github.io/autoscaler
CLUSTER_AUTOSCALER = ChartVersion("https://kubernetes.github.io/autoscaler", "cluster-autoscaler", "9.59.0")

# renovate: datasource=helm depName=nvidia-device-plugin registryUrl=https://nvidia.github.io/k8s-device-plugin
NVIDIA_DEVICE_PLUGIN = ChartVersion("https://nvidia.github.io/k8s-device-plugin", "nvidia-device-plugin", "0.20.0")

CLUSTER_AUTOSCALER_IMAGES = {
    # The autoscaler simulates the scheduler, so its minor version follows the cluster's.
    # renovate: datasource=docker depName=registry.k8s.io/autoscaling/cluster-autoscaler
    "1.34": "v1.34.2",
    "1.35": "v1.35.2",
    "1.36": "v1.36.1",
}
