"""Values of Argo CD's chart: https://github.com/argoproj/argo-helm/tree/main/charts/argo-cd"""

from collections.abc import Mapping
from typing import Any

import yaml

from components.cluster.addons.addon import spread
from components.gitops.delivery import Delivered
from components.gitops.names import FULL_NAME, LOCAL_CLUSTER, RELEASE_ACCOUNT, SERVER_PORT
from components.gitops.notifications import templates, triggers
from config.gitops import GitOps as GitOpsSettings
from config.priorities import SYSTEM_CLASS
from config.timeouts import PRE_STOP_SECONDS, Timeouts

Values = dict[str, Any]

_PROBES: Values = {"livenessProbe": {"enabled": True}, "readinessProbe": {"enabled": True}}
"""Probes of the parts for which the chart disables them; server, repository server and controller have theirs."""

INCLUDED = [
    {"apiGroups": ["apps"], "kinds": ["Deployment", "ReplicaSet"], "clusters": ["*"]},
    {"apiGroups": [""], "kinds": ["Pod"], "clusters": ["*"]},
]
"""Resources that Argo CD watches: the resources of releases, and their pods. It has permission to list no others."""


def chart_values(
    settings: GitOpsSettings,
    *,
    project: str,
    delivered: list[Delivered],
    replicas: int,
    monitored: bool,
) -> Values:
    """Return the values. `monitored` is true if Prometheus is installed to scrape the metrics."""
    return {
        "fullnameOverride": FULL_NAME,
        "global": {
            # The address for users; without a public name they use `kubectl port-forward`.
            "domain": settings.host or f"localhost:{SERVER_PORT}",
            # The chart's own policies allow ingress from every namespace.
            "networkPolicy": {"create": False},
            "priorityClassName": SYSTEM_CLASS,
        },
        # Otherwise the controller has all permissions in the cluster: the roles are in components/gitops/rbac.py.
        "createClusterRoles": False,
        "configs": {
            "cm": _settings(settings),
            "params": {
                "applicationsetcontroller.enable.progressive.syncs": True,
                # Only the API server can compute the diff of a partial Deployment.
                "controller.diff.server.side": True,
                # With a public name TLS terminates at the load balancer.
                **({"server.insecure": True} if settings.host else {}),
            },
            "rbac": {"policy.default": "", "policy.csv": _policy(project, delivered)},
            "clusterCredentials": {
                "in-cluster": {
                    "server": LOCAL_CLUSTER,
                    # These namespaces only, and no cluster-scoped resources.
                    "namespaces": ",".join(one.namespace for one in delivered),
                    "config": {"tlsClientConfig": {"insecure": False}},
                }
            },
        },
        "dex": {"enabled": False},
        "controller": {**_asks("100m", "256Mi", "1Gi"), **_metrics(monitored)},
        "server": {
            **_replicated(replicas),
            **_asks("25m", "96Mi", "256Mi"),
            **_metrics(monitored),
            # The same port for the Service, its pods and the load balancer's rules.
            "service": {"servicePortHttp": SERVER_PORT},
            **(_drained() if settings.host else {}),
        },
        "repoServer": {**_replicated(replicas), **_asks("50m", "128Mi", "512Mi"), **_metrics(monitored)},
        "applicationSet": {**_replicated(replicas), **_asks("10m", "64Mi", "256Mi"), **_metrics(monitored), **_PROBES},
        "redis": {**_asks("10m", "32Mi", "128Mi"), **_PROBES},
        "redisSecretInit": _asks("10m", "64Mi", "256Mi"),
        "notifications": {
            "enabled": settings.notifications is not None,
            **_asks("10m", "64Mi", "256Mi"),
            **_metrics(monitored),
            **_PROBES,
            **_notifications(settings),
        },
    }


def _drained() -> Values:
    """Return the values with which a pod serves until the load balancer has deregistered it."""
    return {
        "lifecycle": {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}},
        "terminationGracePeriodSeconds": Timeouts().grace_period,
    }


def _settings(settings: GitOpsSettings) -> Values:
    return {
        "admin.enabled": settings.admin,
        f"accounts.{RELEASE_ACCOUNT}": "apiKey",
        "resource.inclusions": yaml.safe_dump(INCLUDED, sort_keys=False),
    }


def _policy(project: str, delivered: list[Delivered]) -> str:
    """Return the policy of the release workflow: view, and sync environments that require approval.

    https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/
    """
    role = f"role:{RELEASE_ACCOUNT}"
    lines = [f"p, {role}, applications, get, {project}/*, allow"]
    lines += [
        f"p, {role}, applications, sync, {project}/{project}-{one.environment}, allow"
        for one in delivered
        if not one.automatic
    ]
    return "".join(f"{line}\n" for line in [*lines, f"g, {RELEASE_ACCOUNT}, {role}"])


def _asks(cpu: str, memory: str, limit: str) -> Values:
    return {"resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}}


def _replicated(replicas: int) -> Values:
    budget = {"pdb": {"enabled": True, "maxUnavailable": 1}} if replicas > 1 else {}
    return {"replicas": replicas, "topologySpreadConstraints": spread(replicas), **budget}


def _metrics(monitored: bool) -> Values:
    return {"metrics": {"enabled": True, "serviceMonitor": {"enabled": True}}} if monitored else {}


def _notifications(settings: GitOpsSettings) -> Values:
    said = settings.notifications
    if said is None:
        return {}
    return {
        # External Secrets creates it.
        "secret": {"create": False},
        "notifiers": {"service.slack": "token: $slack-token\n"},
        "templates": templates(),
        "triggers": triggers(),
        "subscriptions": [
            {"recipients": [f"slack:{said.channel.removeprefix('#')}"], "triggers": names_of(triggers())}
        ],
    }


def names_of(made: Mapping[str, str]) -> list[str]:
    """Return the names of triggers, without the prefix of their keys."""
    return [key.removeprefix("trigger.") for key in made]
