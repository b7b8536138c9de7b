"""The pods that add-ons and charts bring along: no plan shows them, and every node carries them.

Each add-on is here as the Deployments and DaemonSets that it makes, with the requests, replicas, tolerations and spread
that decide where their pods go. Those of a chart are read from the values that the plan gives to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiplatform.preview.plan import Plan, Resource
from config.kubeflow_pods import PODS_OF

ADDON = "eks:index:Addon"
RELEASE = "kubernetes:helm.sh/v3:Release"
DIRECTORY = "kubernetes:kustomize/v2:Directory"
SYSTEM = "kube-system"

Object = dict[str, Any]
Values = Mapping[str, Any]

EVERYWHERE = ({"operator": "Exists"},)
"""The tolerations of a pod that every node needs, whatever its taints."""


@dataclass(frozen=True)
class SystemPods:
    """One Deployment, or one DaemonSet where it has no replicas."""

    name: str
    containers: Sequence[Mapping[str, str]]
    """What each container asks for."""

    namespace: str = SYSTEM
    replicas: int | None = None
    priority_class: str = "system-node-critical"
    tolerations: Sequence[Values] = ()
    affinity: Values = field(default_factory=dict)
    spread: Sequence[Values] = ()
    """Its topology spread constraints; those without a selector get its labels."""

    host_network: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels beside its name."""

    restricted: bool = False
    """Whether its pods keep to the restricted Pod Security Standard."""

    def as_object(self) -> Object:
        """The object as far as it decides where pods go."""
        labels = {"app.kubernetes.io/name": self.name, **self.labels}
        spec: Object = {
            "containers": [
                {
                    "name": f"c{index}",
                    "image": "system.invalid/pods:1",
                    "resources": {"requests": dict(asked)},
                    **({"securityContext": _CONFINED} if self.restricted else {}),
                }
                for index, asked in enumerate(self.containers)
            ],
            **({"priorityClassName": self.priority_class} if self.priority_class else {}),
            **({"tolerations": [dict(one) for one in self.tolerations]} if self.tolerations else {}),
            **({"affinity": dict(self.affinity)} if self.affinity else {}),
            **({"hostNetwork": True} if self.host_network else {}),
        }
        if self.spread:
            spec["topologySpreadConstraints"] = [
                {"labelSelector": {"matchLabels": labels}, **constraint} for constraint in self.spread
            ]
        template = {"metadata": {"labels": labels}, "spec": spec}
        return {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet" if self.replicas is None else "Deployment",
            "metadata": {"namespace": self.namespace, "name": self.name, "labels": labels},
            "spec": {
                **({} if self.replicas is None else {"replicas": self.replicas}),
                "selector": {"matchLabels": labels},
                "template": template,
            },
        }


def _apart(name: str) -> Object:
    """What many charts have by default: replicas rather not on one node."""
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
    }
    preferred = [{"weight": 100, "podAffinityTerm": term}]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}


_CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
CRITICAL = "system-cluster-critical"


def _controller(
    name: str, containers: Sequence[Mapping[str, str]], replicas: int, labels: Mapping[str, str] | None = None
) -> SystemPods:
    """A Deployment of an EKS add-on: critical, its replicas rather not on one node."""
    return SystemPods(
        name,
        containers,
        replicas=replicas,
        priority_class=CRITICAL,
        affinity=_apart(name),
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


def _deployment(
    name: str, values: Values, *, namespace: str = SYSTEM, default: int = 1, shared: Values | None = None
) -> SystemPods:
    """What most charts do: `replicaCount`, `resources` and so on at one place; `shared` holds for all its parts."""
    return SystemPods(
        name,
        [values.get("resources", {}).get("requests", {})],
        namespace=namespace,
        replicas=values.get("replicaCount", default),
        priority_class=values.get("priorityClassName", CRITICAL),
        spread=values.get("topologySpreadConstraints", (shared or {}).get("topologySpreadConstraints", ())),
        restricted=namespace != SYSTEM,
    )


def _load_balancer_controller(values: Values) -> Iterator[SystemPods]:
    yield _deployment("aws-load-balancer-controller", values, default=2)


def _cluster_autoscaler(values: Values) -> Iterator[SystemPods]:
    yield _deployment("cluster-autoscaler", values)


def _external_secrets(values: Values) -> Iterator[SystemPods]:
    shared, namespace = values.get("global", {}), "external-secrets"
    yield _deployment("external-secrets", values, namespace=namespace, shared=shared)
    for part, key in (("webhook", "webhook"), ("cert-controller", "certController")):
        yield _deployment(f"external-secrets-{part}", values.get(key, {}), namespace=namespace, shared=shared)


def _nvidia_device_plugin(values: Values) -> Iterator[SystemPods]:
    yield SystemPods(
        "nvidia-device-plugin",
        [values.get("resources", {}).get("requests", {})],
        priority_class=values.get("priorityClassName", "system-node-critical"),
        tolerations=values.get("tolerations", ()),
        affinity=values.get("affinity", {}),
    )


def _karpenter(values: Values) -> Iterator[SystemPods]:
    """https://github.com/aws/karpenter-provider-aws/blob/main/charts/karpenter/values.yaml

    Never on nodes of its own, and no two on one node.
    """
    elsewhere = [{"matchExpressions": [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]}]
    one_a_node = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "karpenter"}},
    }
    yield SystemPods(
        "karpenter",
        [values.get("controller", {}).get("resources", {}).get("requests", {})],
        replicas=values.get("replicas", 2),
        priority_class=values.get("priorityClassName", CRITICAL),
        tolerations=[{"key": "CriticalAddonsOnly", "operator": "Exists"}],
        affinity={
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": elsewhere}},
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [one_a_node]},
        },
        spread=values.get("topologySpreadConstraints", ()),
    )


def _asked(values: Values, *path: str) -> Mapping[str, str]:
    """The requests at some place of the values."""
    for key in path:
        values = values.get(key, {})
    requests: Mapping[str, str] = values.get("resources", {}).get("requests", {})
    return requests


def _kube_prometheus_stack(values: Values) -> Iterator[SystemPods]:
    """https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack

    Its operator makes Prometheus and Alertmanager, each with a container that reloads its configuration.
    """
    namespace = "monitoring"
    reloader = _asked(values, "prometheusOperator", "prometheusConfigReloader")
    for name, part, spec in (
        ("prometheus", "prometheus", "prometheusSpec"),
        ("alertmanager", "alertmanager", "alertmanagerSpec"),
    ):
        wanted = values.get(part, {}).get(spec, {})
        yield SystemPods(
            name,
            [_asked(wanted), reloader],
            namespace=namespace,
            replicas=wanted.get("replicas", 1),
            priority_class=wanted.get("priorityClassName", ""),
            affinity=_apart(name),
            restricted=True,
        )
    operator = values.get("prometheusOperator", {})
    yield SystemPods(
        "monitoring-operator",
        [_asked(operator)],
        namespace=namespace,
        replicas=1,
        priority_class=operator.get("priorityClassName", ""),
        restricted=True,
    )
    sidecar = _asked(values, "grafana", "sidecar")
    containers = {
        "grafana": [_asked(values, "grafana"), sidecar, sidecar],
        "kube-state-metrics": [_asked(values, "kube-state-metrics")],
    }
    for name, asked in containers.items():
        yield SystemPods(name, asked, namespace=namespace, replicas=1, priority_class="", restricted=True)
    nodes = values.get("prometheus-node-exporter", {})
    yield SystemPods(
        "node-exporter",
        [_asked(nodes)],
        namespace=nodes.get("namespaceOverride", namespace),
        priority_class="",
        tolerations=({"operator": "Exists", "effect": "NoSchedule"},),
        host_network=True,
    )


def _keda(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kedacore/charts/tree/main/keda"""
    asked, spreads = values.get("resources", {}), values.get("topologySpreadConstraints", {})
    for name, part in (("keda-operator", "operator"), ("keda-operator-metrics-apiserver", "metricsServer")):
        key = "metricServer" if part == "metricsServer" else part
        yield SystemPods(
            name,
            [asked.get(key, {}).get("requests", {})],
            namespace="keda",
            replicas=values.get(part, {}).get("replicaCount", 1),
            priority_class=values.get("priorityClassName", ""),
            spread=spreads.get(part, ()),
            restricted=True,
        )


def _leader_worker_set(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kubernetes-sigs/lws/tree/main/charts/lws"""
    yield SystemPods(
        "lws-controller-manager",
        [_asked(values)],
        namespace="lws-system",
        replicas=values.get("replicaCount", 1),
        priority_class=values.get("priorityClassName", ""),
        restricted=True,
    )


def _no_pods(_: Values) -> Iterator[SystemPods]:
    """Definitions alone."""
    yield from ()


ARGO_CD_PARTS = (
    ("argocd-application-controller", "controller"),
    ("argocd-server", "server"),
    ("argocd-repo-server", "repoServer"),
    ("argocd-applicationset-controller", "applicationSet"),
    ("argocd-notifications-controller", "notifications"),
    ("argocd-redis", "redis"),
)


def _argo_cd(values: Values) -> Iterator[SystemPods]:
    """https://github.com/argoproj/argo-helm/tree/main/charts/argo-cd

    The application controller is a StatefulSet of one pod, which goes where a Deployment's would.
    """
    for name, key in ARGO_CD_PARTS:
        part = values.get(key, {})
        if part.get("enabled", True):
            yield SystemPods(
                name,
                [part.get("resources", {}).get("requests", {})],
                namespace="argocd",
                replicas=part.get("replicas", 1),
                priority_class="",
                affinity=_apart(name),
                spread=part.get("topologySpreadConstraints", ()),
                restricted=True,
            )


def _image_updater(values: Values) -> Iterator[SystemPods]:
    """https://github.com/argoproj/argo-helm/tree/main/charts/argocd-image-updater"""
    yield SystemPods(
        "argocd-image-updater-controller",
        [values.get("resources", {}).get("requests", {})],
        namespace="argocd",
        replicas=1,
        priority_class="",
        restricted=True,
    )


CLOUDWATCH = "amazon-cloudwatch"


def _cloudwatch_observability(values: Values) -> Iterator[SystemPods]:
    """https://github.com/aws-observability/helm-charts/tree/main/charts/amazon-cloudwatch-observability

    Its operator makes the agent from an object of a kind of its own.
    """
    agent = _asked(values, "agent") or {"cpu": "250m", "memory": "128Mi"}
    logs = _asked(values, "containerLogs", "fluentBit") or {"cpu": "50m", "memory": "25Mi"}
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

CHARTS: Mapping[str, Callable[[Values], Iterator[SystemPods]]] = {
    "argo-cd": _argo_cd,
    "argocd-image-updater": _image_updater,
    "aws-load-balancer-controller": _load_balancer_controller,
    "cluster-autoscaler": _cluster_autoscaler,
    "external-secrets": _external_secrets,
    # Before the chart whose name is the beginning of its own.
    "karpenter-crd": _no_pods,
    "karpenter": _karpenter,
    "keda": _keda,
    "kube-prometheus-stack": _kube_prometheus_stack,
    "lws": _leader_worker_set,
    "nvidia-device-plugin": _nvidia_device_plugin,
}


KUBEFLOW = "kubeflow-"
"""The beginning of the names of Kubeflow's folders; what follows is the step."""


def _kubeflow(resource: Resource) -> Iterator[SystemPods]:
    """What a folder of Kubeflow's manifests runs; the proxy of the mesh is one container more."""
    for pods in PODS_OF.get(resource.name.removeprefix(KUBEFLOW), ()):
        yield SystemPods(
            pods.name,
            pods.asked(),
            namespace=pods.namespace,
            replicas=None if pods.everywhere else 1,
            priority_class="system-node-critical" if pods.everywhere else "",
            tolerations=EVERYWHERE if pods.everywhere else (),
            restricted=pods.namespace != SYSTEM,
        )


def system_pods(plan: Plan) -> Iterator[SystemPods]:
    """What the add-ons, charts and folders of manifests in a plan run.

    Raises:
        LookupError: nobody wrote down here what an add-on or chart runs.
    """
    for resource in plan.resources:
        if resource.type == ADDON:
            yield from _known(ADDONS, str(resource.inputs["addonName"]), resource)(
                _values(resource, "configurationValues")
            )
        elif resource.type == RELEASE:
            # A chart in a folder is named by its file: <chart>-<version>.tgz.
            chart = str(resource.inputs["chart"]).rsplit("/", 1)[-1]
            name = next((known for known in CHARTS if chart == known or chart.startswith(f"{known}-")), chart)
            yield from _known(CHARTS, name, resource)(_values(resource, "values"))
        elif resource.type == DIRECTORY:
            if not resource.name.startswith(KUBEFLOW):
                raise LookupError(f"{resource.urn}: which pods its folder brings is not known; add them to {__name__}")
            yield from _kubeflow(resource)


def _known(
    table: Mapping[str, Callable[[Values], Iterator[SystemPods]]], name: str, resource: Resource
) -> Callable[[Values], Iterator[SystemPods]]:
    if name not in table:
        raise LookupError(f"{resource.urn}: which pods {name} brings is not known; add it to {__name__}")
    return table[name]


def _values(resource: Resource, key: str) -> Values:
    given = resource.inputs.get(key)
    return given if isinstance(given, Mapping) else {}
