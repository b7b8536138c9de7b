"""What EKS' own add-ons run."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from aiplatform.fit.system.pods import CRITICAL, EVERYWHERE, SystemPods, Values, apart, asked_at


def _controller(
    name: str, containers: Sequence[Mapping[str, str]], replicas: int, labels: Mapping[str, str] | None = None
) -> SystemPods:
    """A Deployment of an EKS add-on: critical, its replicas rather not on one node."""
    return SystemPods(
        name,
        containers,
        replicas=replicas,
        priority_class=CRITICAL,
        affinity=apart(name),
        labels=labels or {},
    )


def _vpc_cni(values: Values) -> Iterator[SystemPods]:
    """https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/values.yaml"""
    agent = [{"cpu": "25m"}] if values.get("enableNetworkPolicy") != "false" else []
    yield SystemPods("aws-node", [{"cpu": "25m"}, *agent], tolerations=EVERYWHERE, host_network=True)


def _kube_proxy(_: Values) -> Iterator[SystemPods]:
    """The add-on's own manifest asks for a tenth of a core."""
    yield SystemPods("kube-proxy", [{"cpu": "100m"}], tolerations=EVERYWHERE, host_network=True)


def _pod_identity_agent(_: Values) -> Iterator[SystemPods]:
    yield SystemPods("eks-pod-identity-agent", [{}], tolerations=EVERYWHERE, host_network=True)


def _coredns(values: Values) -> Iterator[SystemPods]:
    """https://docs.aws.amazon.com/eks/latest/userguide/coredns-add-on-create.html"""
    asked = {"cpu": "100m", "memory": "70Mi"}
    yield _controller("coredns", [asked], values.get("replicaCount", 2), labels={"k8s-app": "kube-dns"})


def _ebs_csi(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml"""
    asked = {"cpu": "10m", "memory": "40Mi"}
    replicas = values.get("controller", {}).get("replicaCount", 2)
    yield _controller("ebs-csi-controller", [asked] * 6, replicas)
    yield SystemPods("ebs-csi-node", [asked] * 3, tolerations=EVERYWHERE, host_network=True)


def _efs_csi(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/charts/aws-efs-csi-driver/values.yaml

    The add-on runs two controllers, and what is asked for holds for each of their three containers; by itself a fifth
    of a core: https://github.com/aws/containers-roadmap/issues/2758
    """
    asked = values.get("controller", {}).get("resources", {}).get("requests", {"cpu": "200m"})
    yield SystemPods("efs-csi-controller", [asked] * 3, replicas=2, priority_class=CRITICAL)
    yield SystemPods("efs-csi-node", [{}] * 3, tolerations=EVERYWHERE, host_network=True)


def _metrics_server(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kubernetes-sigs/metrics-server/blob/master/charts/metrics-server/values.yaml"""
    asked = {"cpu": "100m", "memory": "200Mi"}
    yield _controller("metrics-server", [asked], values.get("replicas", 2))


CLOUDWATCH = "amazon-cloudwatch"


def _cloudwatch_observability(values: Values) -> Iterator[SystemPods]:
    """https://github.com/aws-observability/helm-charts/tree/main/charts/amazon-cloudwatch-observability

    Its operator makes the agent from an object of a kind of its own.
    """
    agent = asked_at(values, "agent") or {"cpu": "250m", "memory": "128Mi"}
    logs = asked_at(values, "containerLogs", "fluentBit") or {"cpu": "50m", "memory": "25Mi"}
    for name, asked in (("cloudwatch-agent", agent), ("fluent-bit", logs)):
        yield SystemPods(name, [asked], namespace=CLOUDWATCH, tolerations=EVERYWHERE, host_network=True)
    manager = {"cpu": "100m", "memory": "64Mi"}
    yield SystemPods("amazon-cloudwatch-observability", [manager], namespace=CLOUDWATCH, replicas=1, priority_class="")
    if values.get("otelContainerInsights", {}).get("enabled"):
        for name, asked, replicas in (
            ("node-exporter", {"cpu": "50m", "memory": "30Mi"}, None),
            ("kube-state-metrics", {"cpu": "50m", "memory": "64Mi"}, 1),
        ):
            yield SystemPods(
                name, [asked], namespace=CLOUDWATCH, replicas=replicas, priority_class="", tolerations=EVERYWHERE
            )
        yield SystemPods(
            "cloudwatch-agent-cluster-scraper",
            [agent],
            namespace=CLOUDWATCH,
            replicas=1,
            tolerations=EVERYWHERE,
            host_network=True,
        )


ADDONS: Mapping[str, Callable[[Values], Iterator[SystemPods]]] = {
    "vpc-cni": _vpc_cni,
    "kube-proxy": _kube_proxy,
    "eks-pod-identity-agent": _pod_identity_agent,
    "coredns": _coredns,
    "aws-ebs-csi-driver": _ebs_csi,
    "aws-efs-csi-driver": _efs_csi,
    "metrics-server": _metrics_server,
    "amazon-cloudwatch-observability": _cloudwatch_observability,
}
