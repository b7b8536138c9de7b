"""What charts run, by the values that a plan gives to them."""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.fit.system.pods import CRITICAL, SYSTEM, SystemPods, Values, apart, asked_at


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


def _kube_prometheus_stack(values: Values) -> Iterator[SystemPods]:
    """https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack

    Its operator makes Prometheus and Alertmanager, each with a container that reloads its configuration.
    """
    namespace = "monitoring"
    reloader = asked_at(values, "prometheusOperator", "prometheusConfigReloader")
    for name, part, spec in (
        ("prometheus", "prometheus", "prometheusSpec"),
        ("alertmanager", "alertmanager", "alertmanagerSpec"),
    ):
        wanted = values.get(part, {}).get(spec, {})
        yield SystemPods(
            name,
            [asked_at(wanted), reloader],
            namespace=namespace,
            replicas=wanted.get("replicas", 1),
            priority_class=wanted.get("priorityClassName", ""),
            affinity=apart(name),
            restricted=True,
        )
    operator = values.get("prometheusOperator", {})
    yield SystemPods(
        "monitoring-operator",
        [asked_at(operator)],
        namespace=namespace,
        replicas=1,
        priority_class=operator.get("priorityClassName", ""),
        restricted=True,
    )
    sidecar = asked_at(values, "grafana", "sidecar")
    containers = {
        "grafana": [asked_at(values, "grafana"), sidecar, sidecar],
        "kube-state-metrics": [asked_at(values, "kube-state-metrics")],
    }
    for name, asked in containers.items():
        yield SystemPods(name, asked, namespace=namespace, replicas=1, priority_class="", restricted=True)
    nodes = values.get("prometheus-node-exporter", {})
    yield SystemPods(
        "node-exporter",
        [asked_at(nodes)],
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
        [asked_at(values)],
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
                affinity=apart(name),
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


CHARTS: Mapping[str, Callable[[Values], Iterator[SystemPods]]] = {
    "argo-cd": _argo_cd,
    "argocd-image-updater": _image_updater,
    "aws-load-balancer-controller": _load_balancer_controller,
    "cluster-autoscaler": _cluster_autoscaler,
    "external-secrets": _external_secrets,
    "karpenter-crd": _no_pods,
    "karpenter": _karpenter,
    "keda": _keda,
    "kube-prometheus-stack": _kube_prometheus_stack,
    "lws": _leader_worker_set,
    "nvidia-device-plugin": _nvidia_device_plugin,
}
