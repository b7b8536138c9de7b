"""The values of the chart kube-prometheus-stack.

https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from catalog.quantities import amount
from components.kubernetes.charts import CRITICAL
from components.kubernetes.network_policy import NAMESPACE_LABEL
from components.operations.monitoring.names import (
    DATA_SOURCE,
    GRAFANA,
    GRAFANA_PORT,
    NODE_NAMESPACE,
    RELEASE,
    receiver_secret,
)
from components.operations.monitoring.routing import SECRETS_FOLDER
from config.monitoring import NAMESPACE, Monitoring
from config.timeouts import PRE_STOP_SECONDS

Values = dict[str, Any]

SCRAPE_INTERVAL = "30s"
ALERTMANAGER_VOLUME = "1Gi"
"""Volume for silences and the notification log. Without it a restart repeats every notification."""

RETENTION_PERCENT = 85
"""Share of the volume above which Prometheus deletes the oldest blocks, in per cent: a full volume would stop it.

The rest is for data that is not in a block yet:
https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
"""

COUNTED_ONCE: Values = {
    "sourceLabels": ["__name__", "container"],
    "action": "drop",
    "regex": "container_(cpu_usage_seconds_total|memory_working_set_bytes);",
}
"""Drop the kubelet's series of whole pods: a sum over a namespace would count containers twice."""

_CADVISOR_DROPS: tuple[Values, ...] = (
    {
        "sourceLabels": ["__name__"],
        "action": "drop",
        "regex": "container_cpu_(cfs_throttled_seconds_total|load_average_10s|system_seconds_total|user_seconds_total)",
    },
    {
        "sourceLabels": ["__name__"],
        "action": "drop",
        "regex": "container_fs_(io_current|io_time_seconds_total|io_time_weighted_seconds_total|reads_merged_total"
        "|sector_reads_total|sector_writes_total|writes_merged_total)",
    },
    {"sourceLabels": ["__name__"], "action": "drop", "regex": "container_memory_(mapped_file|swap)"},
    {"sourceLabels": ["__name__"], "action": "drop", "regex": "container_(file_descriptors|tasks_state|threads_max)"},
    {
        "sourceLabels": ["__name__", "scope"],
        "action": "drop",
        "regex": "container_memory_failures_total;hierarchy",
    },
    {"sourceLabels": ["__name__"], "action": "drop", "regex": "container_spec.*"},
    # Drop series that belong to no pod.
    {"sourceLabels": ["id", "pod"], "action": "drop", "regex": ".+;"},
)
"""The chart's default drops: a list in the values replaces the chart's list."""


def asked(cpu: str, memory: str, limit: str) -> Values:
    """Return requests, and a limit of memory only: a CPU limit throttles a container even on an idle node."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}


def chart_values(
    settings: Monitoring,
    *,
    alertmanager: Values,
    login: pulumi.Input[str],
    role: str,
    storage_class: str | None,
) -> Values:
    """Return the values of the chart.

    `login` is the secret of Grafana's administrator, `role` the role of Grafana's service account.
    """
    return {
        "fullnameOverride": RELEASE,
        "cleanPrometheusOperatorObjectNames": True,
        **_of_eks(),
        "kubelet": {"serviceMonitor": {"cAdvisorMetricRelabelings": [COUNTED_ONCE, *_CADVISOR_DROPS]}},
        "defaultRules": {"rules": {"windows": False}},
        "prometheusOperator": _operator(),
        "prometheus": _prometheus(settings, _volume(settings.storage.size, storage_class=storage_class)),
        "alertmanager": _alertmanager(
            settings, alertmanager, _volume(ALERTMANAGER_VOLUME, storage_class=storage_class)
        ),
        "grafana": _grafana(settings, login, role),
        "kube-state-metrics": {
            "fullnameOverride": "kube-state-metrics",
            # Exclude unused resources, in particular secrets.
            "collectorsExclude": [
                "certificatesigningrequests",
                "configmaps",
                "leases",
                "mutatingwebhookconfigurations",
                "secrets",
                "validatingwebhookconfigurations",
            ],
            "priorityClassName": CRITICAL,
            "resources": asked("10m", "64Mi", "256Mi"),
        },
        "prometheus-node-exporter": {
            "priorityClassName": CRITICAL,
            "fullnameOverride": "node-exporter",
            "namespaceOverride": NODE_NAMESPACE,
            "resources": asked("10m", "32Mi", "64Mi"),
        },
    }


def _of_eks() -> Values:
    """Return the values of EKS.

    AWS runs these components without a scrape endpoint; kube-proxy listens on the node's loopback address only.
    https://docs.aws.amazon.com/eks/latest/userguide/view-raw-metrics.html
    """
    return {part: {"enabled": False} for part in ("kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy")}


def _operator() -> Values:
    return {
        # A webhook would validate every rule in the API server, and requires certificates and Jobs that create them.
        # promtool tests the rules before they are deployed, and the operator skips rules that it cannot parse.
        "admissionWebhooks": {"enabled": False},
        "tls": {"enabled": False},
        "priorityClassName": CRITICAL,
        "resources": asked("20m", "64Mi", "256Mi"),
        "prometheusConfigReloader": {"resources": asked("5m", "24Mi", "64Mi")},
    }


def _volume(size: str, *, storage_class: str | None) -> Values:
    """Return a claim. Without the platform's storage class it uses the cluster's default storage class."""
    return {
        "volumeClaimTemplate": {
            "spec": {
                **({"storageClassName": storage_class} if storage_class else {}),
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": size}},
            }
        }
    }


def _prometheus(settings: Monitoring, volume: Values) -> Values:
    every = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")
    size = amount("storage", settings.storage.size) * RETENTION_PERCENT // 100 // 1024**2
    return {
        "prometheusSpec": {
            # A second replica would double scrapes, storage and cost. After the loss of a node the single replica
            # restarts within minutes with its volume, in the same zone, where the platform keeps a node.
            "replicas": 1,
            "retention": f"{settings.storage.retention_days}d",
            # In units of 1024 times 1024 bytes.
            "retentionSize": f"{size}MB",
            "scrapeInterval": SCRAPE_INTERVAL,
            "evaluationInterval": SCRAPE_INTERVAL,
            "storageSpec": volume,
            "priorityClassName": CRITICAL,
            "enableServiceLinks": False,
            "resources": asked("200m", "1Gi", "2Gi"),
            # Select resources of every namespace and with any label, not only those of this chart.
            **{f"{kind}SelectorNilUsesHelmValues": False for kind in every},
        }
    }


def _alertmanager(settings: Monitoring, configuration: Values, volume: Values) -> Values:
    receivers = sorted(settings.receivers)
    return {
        "config": configuration,
        "alertmanagerSpec": {
            "replicas": 1,
            "storage": volume,
            "priorityClassName": CRITICAL,
            "enableServiceLinks": False,
            "automountServiceAccountToken": False,
            # Routes are defined in the stack file only: other namespaces cannot add any.
            "alertmanagerConfigNamespaceSelector": {"matchLabels": {NAMESPACE_LABEL: NAMESPACE}},
            "resources": asked("10m", "64Mi", "128Mi"),
            # Optional: otherwise a receiver whose secret is still empty would prevent notifications to the others.
            "volumes": [
                {"name": name, "secret": {"secretName": name, "optional": True}}
                for name in map(receiver_secret, receivers)
            ],
            "volumeMounts": [
                {"name": name, "mountPath": f"{SECRETS_FOLDER}/{name}", "readOnly": True}
                for name in map(receiver_secret, receivers)
            ],
        },
    }


def _grafana(settings: Monitoring, login: pulumi.Input[str], role: str) -> Values:
    # ConfigMaps of its own namespace: by default the sidecar reads every secret of the cluster.
    sidecar = {"resource": "configmap", "searchNamespace": NAMESPACE}
    return {
        "fullnameOverride": GRAFANA,
        "priorityClassName": CRITICAL,
        "admin": {"existingSecret": login, "userKey": "admin-user", "passwordKey": "admin-password"},
        "envValueFrom": {"GF_SECURITY_SECRET_KEY": {"secretKeyRef": {"name": login, "key": "secret-key"}}},
        # Dashboards are code and there are no users: no data is lost with a pod.
        "persistence": {"enabled": False},
        "testFramework": {"enabled": False},
        "rbac": {"namespaced": True, "useExistingRole": role},
        "service": {"port": GRAFANA_PORT},
        # The load balancer deregisters the pod first.
        **({"lifecycleHooks": {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}}} if settings.host else {}),
        "resources": asked("50m", "192Mi", "384Mi"),
        "defaultDashboardsEditable": False,
        "sidecar": {
            "resources": asked("5m", "72Mi", "144Mi"),
            "dashboards": {**sidecar, "label": "grafana_dashboard", "labelValue": "1"},
            "datasources": {**sidecar, "uid": DATA_SOURCE, "alertmanager": {"uid": "alertmanager"}},
        },
        "grafana.ini": _grafana_configuration(settings),
    }


def _grafana_configuration(settings: Monitoring) -> Mapping[str, Any]:
    """Return the configuration of Grafana.

    https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
    """
    return {
        "server": {"root_url": f"https://{settings.host}"} if settings.host else {},
        "security": {"cookie_secure": settings.host is not None, "disable_gravatar": True},
        "auth.anonymous": {"enabled": False},
        "users": {"allow_sign_up": False, "allow_org_create": False},
        "snapshots": {"external_enabled": False},
        # Disable usage statistics and update checks.
        "analytics": {
            "reporting_enabled": False,
            "check_for_updates": False,
            "check_for_plugin_updates": False,
            "feedback_links_enabled": False,
        },
        "news": {"news_feed_enabled": False},
        "plugins": {"preinstall_disabled": True, "plugin_admin_enabled": False},
    }
