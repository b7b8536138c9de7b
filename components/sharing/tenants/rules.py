"""RBAC rules of a tenant's namespace.

No rule allows changes of quotas, limits, network policies, roles, bindings or service accounts, or the creation of
service account tokens: these isolate tenants.
https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pulumi_kubernetes as kubernetes

READ = ("get", "list", "watch")
CHANGE = ("create", "delete", "deletecollection", "patch", "update")

Rules: TypeAlias = "Sequence[kubernetes.rbac.v1.PolicyRuleArgs]"


def rule(
    verbs: Sequence[str], group: str, *resources: str, names: Sequence[str] = ()
) -> kubernetes.rbac.v1.PolicyRuleArgs:
    """Return one rule of a role."""
    return kubernetes.rbac.v1.PolicyRuleArgs(
        api_groups=[group], resources=list(resources), verbs=list(verbs), resource_names=list(names) or None
    )


_CORE = ("configmaps", "persistentvolumeclaims", "pods", "services")
_APPS = ("deployments", "replicasets", "statefulsets")
_JOBS = ("cronjobs", "jobs")
_KUBEFLOW = (
    ("kubeflow.org", ("experiments", "notebooks", "poddefaults")),
    ("serving.kserve.io", ("inferenceservices",)),
    ("tensorboard.kubeflow.org", ("tensorboards",)),
)
_PIPELINES = "pipelines.kubeflow.org"
"""API group of Kubeflow Pipelines, which checks its own verbs; most of its objects are stored in a database.

https://github.com/kubeflow/pipelines/blob/2.16.0/manifests/kustomize/base/installs/multi-user/view-edit-cluster-roles.yaml
"""

_WORKFLOWS = "argoproj.io"


def looking(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Return the rules to view all resources except secrets."""
    return [
        rule(READ, "", *_CORE, "events", "limitranges", "pods/log", "pods/status", "resourcequotas", "serviceaccounts"),
        rule(("get",), "", "namespaces"),
        rule(READ, "apps", *_APPS, "deployments/scale", "statefulsets/scale"),
        rule(READ, "batch", *_JOBS),
        rule(READ, "autoscaling", "horizontalpodautoscalers"),
        rule(READ, "networking.k8s.io", "networkpolicies"),
        rule(READ, "rbac.authorization.k8s.io", "rolebindings"),
        *(_kubeflow_looking() if kubeflow else ()),
    ]


def working(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Return the rules of the tenant's user and of the tenant's own programs."""
    return [
        *looking(kubeflow=kubeflow),
        rule(CHANGE, "", *_CORE),
        rule((*READ, *CHANGE), "", "secrets"),
        # A WebSocket starts with a get, as in kubectl since 1.31; older versions and SPDY start with a create.
        rule(("create", "get"), "", "pods/exec", "pods/portforward"),
        rule(CHANGE, "apps", *_APPS),
        rule(("patch", "update"), "apps", "deployments/scale", "statefulsets/scale"),
        rule(CHANGE, "batch", *_JOBS),
        rule(CHANGE, "autoscaling", "horizontalpodautoscalers"),
        *(_kubeflow_working() if kubeflow else ()),
    ]


def helping(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Return the rules of an instructor who helps a tenant: no secrets, and no shell in which secrets can be read."""
    return [
        rule(CHANGE, "", "configmaps", "persistentvolumeclaims", "services"),
        rule(("delete",), "", "pods"),
        rule(("patch", "update"), "apps", "deployments/scale", "statefulsets/scale"),
        rule(("delete",), "apps", *_APPS),
        rule(("delete",), "batch", *_JOBS),
        *(_kubeflow_helping() if kubeflow else ()),
    ]


def _kubeflow_looking() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    return [
        *(rule(READ, group, *resources) for group, resources in _KUBEFLOW),
        rule(("get", "list"), _PIPELINES, "experiments", "jobs", "pipelines", "pipelineversions", "runs"),
        # What Katib makes for an experiment.
        rule(READ, "kubeflow.org", "suggestions", "trials"),
        rule(READ, _WORKFLOWS, "workflows"),
    ]


def _kubeflow_working() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    return [
        *(rule(CHANGE, group, *resources) for group, resources in _KUBEFLOW),
        rule(("create", "delete", "update"), _PIPELINES, "pipelines", "pipelineversions"),
        rule(("archive", "create", "delete", "unarchive"), _PIPELINES, "experiments"),
        rule(
            ("archive", "create", "delete", "readArtifact", "reportMetrics", "retry", "terminate", "unarchive"),
            _PIPELINES,
            "runs",
        ),
        rule(("create", "delete", "disable", "enable"), _PIPELINES, "jobs"),
        rule(("create",), _PIPELINES, "visualizations"),
        # The result of a step, which Argo's executor in the step's pod reports:
        # https://argo-workflows.readthedocs.io/en/release-3.7/workflow-rbac/
        rule(("create", "patch"), _WORKFLOWS, "workflowtaskresults"),
    ]


def _kubeflow_helping() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Return the rules of instructors for Kubeflow.

    Notebooks, models and experiments contain a pod template, and a PodDefault extends one: permission to write them
    would allow reading secrets.
    """
    return [rule(("delete",), group, *resources) for group, resources in _KUBEFLOW]
