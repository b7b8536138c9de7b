"""Rules for Kubernetes objects other than pods."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping, sequence

_EVICTION = "https://kubernetes.io/docs/tasks/run-application/configure-pdb"
_RBAC = "https://kubernetes.io/docs/concepts/security/rbac-good-practices"


def _never_drained(budget: Inputs) -> Iterator[Problem]:
    spec = mapping(budget.get("spec"))
    if given(spec.get("maxUnavailable")) in (0, "0", "0%") or given(spec.get("minAvailable")) == "100%":
        yield Problem(
            "no pod can be evicted, which blocks draining and upgrading nodes",
            "set maxUnavailable: 1",
        )


def _public_service(service: Inputs) -> Iterator[Problem]:
    spec = mapping(service.get("spec"))
    if given(spec.get("type")) != "LoadBalancer":
        return
    annotations = mapping(mapping(service.get("metadata")).get("annotations"))
    scheme = annotations.get("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal")
    networks = spec.get("loadBalancerSourceRanges")
    if given(scheme) != "internal" and (not networks or holds(networks, "0.0.0.0/0")):
        yield Problem(
            "it creates an additional load balancer that is open to the internet",
            "route requests through the platform's load balancer, or set loadBalancerSourceRanges",
        )


def _every_right(role: Inputs) -> Iterator[Problem]:
    for rule in map(mapping, sequence(role.get("rules"))):
        if all(holds(rule.get(part), "*") for part in ("verbs", "resources", "apiGroups")):
            yield Problem("the role allows all verbs on all resources", "set the resources and verbs that it needs")


def _administrators(binding: Inputs) -> Iterator[Problem]:
    if mapping(binding.get("roleRef")).get("name") == "cluster-admin":
        yield Problem("it binds cluster-admin", "bind a role with only the permissions that are needed")


def _stored_secret(secret: Inputs) -> Iterator[Problem]:
    if mapping(secret.get("data")) or mapping(secret.get("stringData")):
        yield Problem(
            "its values are also in Pulumi's state and are not rotated",
            "store the values in Secrets Manager and use an ExternalSecret",
        )


RULES = (
    Rule(
        "eviction",
        "error",
        ("kubernetes:policy/v1:PodDisruptionBudget",),
        "A PodDisruptionBudget allows the eviction of at least one pod.",
        f"{_EVICTION}/",
        _never_drained,
    ),
    Rule(
        "public-service",
        "error",
        ("kubernetes:core/v1:Service",),
        "Services do not create load balancers that are open to the internet.",
        "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
        _public_service,
    ),
    Rule(
        "every-right",
        "error",
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:Role"),
        "No role allows all verbs on all resources.",
        f"{_RBAC}/#least-privilege",
        _every_right,
    ),
    Rule(
        "cluster-admin",
        "error",
        (
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        ),
        "cluster-admin is not bound.",
        f"{_RBAC}/#least-privilege",
        _administrators,
    ),
    Rule(
        "stored-secret",
        "warning",
        ("kubernetes:core/v1:Secret",),
        "Secrets are synchronized from Secrets Manager.",
        "https://external-secrets.io/latest/introduction/overview/",
        _stored_secret,
    ),
)
