"""Objects of the cluster that trap those who run it."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping, sequence

_EVICTION = "https://kubernetes.io/docs/tasks/run-application/configure-pdb"
_RBAC = "https://kubernetes.io/docs/concepts/security/rbac-good-practices"


def _never_drained(budget: Inputs) -> Iterator[Problem]:
    spec = mapping(budget.get("spec"))
    if given(spec.get("maxUnavailable")) in (0, "0", "0%") or given(spec.get("minAvailable")) == "100%":
        yield Problem(
            "no pod may ever be evicted: a drain, and so each upgrade of the nodes, waits for somebody to come",
            "allow one: maxUnavailable: 1",
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
            "it makes a load balancer that the whole internet reaches, beside the platform's own",
            "let the platform's balancer route to it, or name its loadBalancerSourceRanges",
        )


def _every_right(role: Inputs) -> Iterator[Problem]:
    for rule in map(mapping, sequence(role.get("rules"))):
        if all(holds(rule.get(part), "*") for part in ("verbs", "resources", "apiGroups")):
            yield Problem("the role may do everything in the cluster", "name the resources and verbs it needs")


def _administrators(binding: Inputs) -> Iterator[Problem]:
    if mapping(binding.get("roleRef")).get("name") == "cluster-admin":
        yield Problem("it makes administrators of the cluster", "bind a role with what they need")


def _stored_secret(secret: Inputs) -> Iterator[Problem]:
    if mapping(secret.get("data")) or mapping(secret.get("stringData")):
        yield Problem(
            "what it holds lies in Pulumi's state too, and nobody rotates it",
            "keep it in Secrets Manager and let an ExternalSecret bring it",
        )


RULES = (
    Rule(
        "eviction",
        "error",
        ("kubernetes:policy/v1:PodDisruptionBudget",),
        "A budget lets at least one pod go at a time.",
        f"{_EVICTION}/",
        _never_drained,
    ),
    Rule(
        "public-service",
        "error",
        ("kubernetes:core/v1:Service",),
        "The way in from the internet is the platform's own balancer.",
        "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
        _public_service,
    ),
    Rule(
        "every-right",
        "error",
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:Role"),
        "No role has every right.",
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
        "Nobody is bound to cluster-admin.",
        f"{_RBAC}/#least-privilege",
        _administrators,
    ),
    Rule(
        "stored-secret",
        "warning",
        ("kubernetes:core/v1:Secret",),
        "Secrets come from Secrets Manager.",
        "https://external-secrets.io/latest/introduction/overview/",
        _stored_secret,
    ),
)
