"""What may be done in a tenant's namespace, as rules of Kubernetes.

Nobody here may change quotas, limits, network policies, roles, bindings or service accounts, nor make a token of one:
that is what keeps tenants apart. https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Sequence

import pulumi_kubernetes as kubernetes

READ = ("get", "list", "watch")
CHANGE = ("create", "delete", "deletecollection", "patch", "update")

Rules = Sequence[kubernetes.rbac.v1.PolicyRuleArgs]


def rule(
    verbs: Sequence[str], group: str, *resources: str, names: Sequence[str] = ()
) -> kubernetes.rbac.v1.PolicyRuleArgs:
    """One rule of a role."""
    return kubernetes.rbac.v1.PolicyRuleArgs(
        api_groups=[group], resources=list(resources), verbs=list(verbs), resource_names=list(names) or None
    )


_CORE = ("configmaps", "persistentvolumeclaims", "pods", "services")
_APPS = ("deployments", "replicasets", "statefulsets")
_JOBS = ("cronjobs", "jobs")
_KUBEFLOW = (
    ("kubeflow.org", ("notebooks", "poddefaults")),
    ("serving.kserve.io", ("inferenceservices",)),
    ("tensorboard.kubeflow.org", ("tensorboards",)),
)


def looking(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """All but secrets."""
    return [
        rule(READ, "", *_CORE, "events", "limitranges", "pods/log", "pods/status", "resourcequotas", "serviceaccounts"),
        rule(("get",), "", "namespaces"),
        rule(READ, "apps", *_APPS, "deployments/scale", "statefulsets/scale"),
        rule(READ, "batch", *_JOBS),
        rule(READ, "autoscaling", "horizontalpodautoscalers"),
        rule(READ, "networking.k8s.io", "networkpolicies"),
        rule(READ, "rbac.authorization.k8s.io", "rolebindings"),
        *(rule(READ, group, *resources) for group, resources in _KUBEFLOW if kubeflow),
    ]


def working(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """What a person and the tenant's own programs do all day."""
    return [
        *looking(kubeflow=kubeflow),
        rule(CHANGE, "", *_CORE),
        rule((*READ, *CHANGE), "", "secrets"),
        # A WebSocket begins with a get, as kubectl makes it since 1.31; older ones and SPDY begin with a create.
        rule(("create", "get"), "", "pods/exec", "pods/portforward"),
        rule(CHANGE, "apps", *_APPS),
        rule(("patch", "update"), "apps", "deployments/scale", "statefulsets/scale"),
        rule(CHANGE, "batch", *_JOBS),
        rule(CHANGE, "autoscaling", "horizontalpodautoscalers"),
        *(rule(CHANGE, group, *resources) for group, resources in _KUBEFLOW if kubeflow),
    ]


def helping(*, kubeflow: bool) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """What an instructor may mend in another's namespace: never secrets, nor a shell where they can be read."""
    return [
        rule(CHANGE, "", "configmaps", "persistentvolumeclaims", "services"),
        rule(("delete",), "", "pods"),
        rule(("patch", "update"), "apps", "deployments/scale", "statefulsets/scale"),
        rule(("delete",), "apps", *_APPS),
        rule(("delete",), "batch", *_JOBS),
        *(rule(CHANGE, group, *resources) for group, resources in _KUBEFLOW if kubeflow),
    ]
