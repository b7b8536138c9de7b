"""Container images: their registries, their place in a mirror, and the images that Helm charts run."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

PUBLIC = frozenset(
    (
        "docker.io",
        "ecr-public.aws.com",
        "gcr.io",
        "ghcr.io",
        "mcr.microsoft.com",
        "nvcr.io",
        "public.ecr.aws",
        "quay.io",
        "registry.k8s.io",
    )
)
"""Registries on the internet. AWS has no VPC endpoint for ECR Public:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"""

_ECR = re.compile(r"\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z]{2,3}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)")


def repository_arn(image: str) -> str | None:
    """Return the ARN of the repository of an image in a private registry of ECR, or None for an image elsewhere."""
    region, (host, _, path) = ecr_region(image), image.partition("/")
    repository = re.split("[:@]", path)[0]
    return f"arn:aws:ecr:{region}:{host[:12]}:repository/{repository}" if region else None


def ecr_region(image: str) -> str | None:
    """Return the region of a private registry of ECR, or None for an image or registry elsewhere."""
    found = _ECR.fullmatch(image.partition("/")[0])
    return found.group(1) if found else None


def full_name(image: str) -> str:
    """Return an image with its registry: `docker.io/library/mysql:8` for `mysql:8`, as container runtimes do."""
    host, slash, path = image.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, path = "docker.io", image
    return f"{host}/library/{path}" if host == "docker.io" and "/" not in path else f"{host}/{path}"


def name_and_tag(image: str) -> tuple[str, str]:
    """Return the last part of an image's repository, and its tag: `redis` and `7` for `docker.io/library/redis:7`."""
    repository, _, tag = image.partition("@")[0].rpartition(":")
    return repository.rpartition("/")[2], tag


def mirrored(image: str, registry: str | None, region: str) -> str:
    """Return the place of an image: below the mirror, with its path, tag and digest, instead of its own registry.

    An image that is already there, in a private registry of ECR in the same region, or on the mirror's own host stays.
    """
    if registry is None or not image:
        return image
    host, _, path = full_name(image).partition("/")
    here = ecr_region(host) == region or (host == registry.partition("/")[0] and host not in PUBLIC)
    return image if here or image.startswith(f"{registry}/") else f"{registry}/{path}"


class ChartImage(NamedTuple):
    """An image that a chart runs."""

    image: str
    """The default, with the tag of the chart's version; without one if the platform sets it."""

    at: str = ""
    """The map of the chart's values with its `repository`; empty where one value replaces the registry of all."""

    when: str = ""
    """The value that enables it; empty if it always runs."""


class ChartImages(NamedTuple):
    """The images of a chart."""

    version: str
    """The version of the chart with these defaults."""

    images: tuple[ChartImage, ...] = ()
    registry_at: str = ""
    """The value that replaces the registry of all images."""


_ESO = "ghcr.io/external-secrets/external-secrets:v2.9.0"
_REDIS = "public.ecr.aws/docker/library/redis:8.2.3-alpine"

CHARTS: Mapping[str, ChartImages] = {
    # https://github.com/aws/eks-charts/blob/master/stable/aws-load-balancer-controller/values.yaml
    "aws-load-balancer-controller": ChartImages(
        "3.5.0", (ChartImage("public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0", "image"),)
    ),
    # https://github.com/external-secrets/external-secrets/blob/main/deploy/charts/external-secrets/values.yaml
    "external-secrets": ChartImages(
        "2.9.0", tuple(ChartImage(_ESO, at) for at in ("image", "webhook.image", "certController.image"))
    ),
    # https://github.com/kubernetes/autoscaler/blob/master/charts/cluster-autoscaler/values.yaml
    "cluster-autoscaler": ChartImages(
        "9.59.0", (ChartImage("registry.k8s.io/autoscaling/cluster-autoscaler", "image"),)
    ),
    # https://github.com/NVIDIA/k8s-device-plugin/blob/main/deployments/helm/nvidia-device-plugin/values.yaml
    "nvidia-device-plugin": ChartImages("0.20.0", (ChartImage("nvcr.io/nvidia/k8s-device-plugin:v0.20.0", "image"),)),
    # The chart also has the digest of the image, which a copy of all platforms keeps:
    # https://github.com/aws/karpenter-provider-aws/blob/main/charts/karpenter/values.yaml
    "karpenter": ChartImages("1.14.1", (ChartImage("public.ecr.aws/karpenter/controller:1.14.1", "controller.image"),)),
    "karpenter-crd": ChartImages("1.14.1"),
    # https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml
    # https://github.com/grafana-community/helm-charts/blob/main/charts/grafana/values.yaml
    "kube-prometheus-stack": ChartImages(
        "88.5.3",
        (
            ChartImage("quay.io/prometheus-operator/prometheus-operator:v0.93.1"),
            ChartImage("quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1"),
            ChartImage("quay.io/prometheus/prometheus:v3.14.0-distroless"),
            ChartImage("quay.io/prometheus/alertmanager:v0.34.0"),
            ChartImage("quay.io/prometheus/node-exporter:v1.12.1-distroless"),
            ChartImage("registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0"),
            ChartImage("docker.io/grafana/grafana:13.2.0"),
            ChartImage("quay.io/kiwigrid/k8s-sidecar:2.10.1"),
            ChartImage("docker.io/library/busybox:1.38.0", when="grafana.persistence.enabled"),
        ),
        "global.imageRegistry",
    ),
    # https://github.com/argoproj/argo-helm/blob/main/charts/argo-cd/values.yaml
    "argo-cd": ChartImages(
        "10.1.1",
        (
            ChartImage("quay.io/argoproj/argocd:v3.4.4", "global.image"),
            ChartImage(_REDIS, "redis.image"),
            ChartImage("ghcr.io/oliver006/redis_exporter:v1.86.0", "redis.exporter.image", "redis.exporter.enabled"),
            ChartImage("ghcr.io/dexidp/dex:v2.45.1", "dex.image", "dex.enabled"),
            ChartImage(
                "quay.io/argoprojlabs/argocd-extension-installer:v1.0.1",
                "server.extensions.image",
                "server.extensions.enabled",
            ),
        ),
    ),
    # https://github.com/argoproj/argo-helm/blob/main/charts/argocd-image-updater/values.yaml
    "argocd-image-updater": ChartImages(
        "1.2.4", (ChartImage("quay.io/argoprojlabs/argocd-image-updater:v1.2.2", "image"),)
    ),
    # https://github.com/kedacore/charts/blob/main/keda/values.yaml
    "keda": ChartImages(
        "2.20.2",
        (
            ChartImage("ghcr.io/kedacore/keda:2.20.2"),
            ChartImage("ghcr.io/kedacore/keda-metrics-apiserver:2.20.2"),
            ChartImage("ghcr.io/kedacore/keda-admission-webhooks:2.20.2", when="webhooks.enabled"),
        ),
        "global.image.registry",
    ),
    # https://github.com/kubernetes-sigs/lws/blob/main/charts/lws/values.yaml
    "lws": ChartImages("0.10.0", (ChartImage("registry.k8s.io/lws/lws:v0.10.0", "image.manager"),)),
}
"""The images of each chart that the platform installs. Images of EKS add-ons are in AWS's own registry of the region,
which the endpoints of ECR reach: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html"""


def value_at(values: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401, a chart's value is of any type
    """Return the value at a dotted path, or None."""
    found: Any = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _with(values: Mapping[str, Any], path: str, value: str) -> dict[str, Any]:
    key, _, below = path.partition(".")
    inner = values.get(key)
    return {**values, key: _with(inner if isinstance(inner, Mapping) else {}, below, value) if below else value}


def mirrored_values(
    chart: str, values: Mapping[str, Any], *, registry: str, place: Callable[[str], str]
) -> Mapping[str, Any]:
    """Return the values of a chart with every image in the mirror, those of the stack file included.

    Raises:
        LookupError: the chart is not in the table above.
    """
    if chart not in CHARTS:
        raise LookupError(f"the images of the chart {chart} are unknown; add it to CHARTS of catalog/images.py")
    table = CHARTS[chart]
    if table.registry_at:
        values = _with(values, table.registry_at, registry)
    for one in table.images:
        if one.at:
            path = f"{one.at}.repository"
            values = _with(values, path, place(value_at(values, path) or one.image.partition(":")[0]))
    return values


def chart_images(chart: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the images that a chart runs with these values, by their own names and with the tags of the values."""
    for one in CHARTS[chart].images if chart in CHARTS else ():
        if not one.when or value_at(values, one.when):
            repository, _, tag = one.image.partition(":")
            tag = str((one.at and value_at(values, f"{one.at}.tag")) or tag)
            yield f"{repository}:{tag}" if tag else repository
