"""Labels, taints and tags: what EKS, Karpenter and AWS reserve, and their limits."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, did_you_mean
from config.nodes import DERIVED_LABELS, Nodes
from config.rules.nodes import all_nodes
from config.rules.stack import Rule, Stack
from config.types.names import TagMap
from config.walk import marked

RESERVED_DOMAINS = ("kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws")
"""Domains that are reserved with their subdomains: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html,
https://karpenter.sh/docs/concepts/nodepools/"""

ALLOWED_DOMAINS = {"nodeGroups": ("node.kubernetes.io", "kubelet.kubernetes.io"), "nodePools": ("node.kubernetes.io",)}
"""Domains of labels that a kubelet may set on its node, and those that Karpenter accepts:
https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction"""

KUBELET_LABELS = ("node.kubernetes.io/instance-type", "node.kubernetes.io/windows-build")
"""Labels in an allowed domain with a value of the kubelet's own:
https://kubernetes.io/docs/reference/labels-annotations-taints/"""

TAINT_DOMAINS = ("node.kubernetes.io", "karpenter.sh", "karpenter.k8s.aws", "eks.amazonaws.com")
"""Domains of taints that the node lifecycle controller, Karpenter and EKS set and remove themselves."""

LONGEST_KEY, MOST_TAINTS, MOST_LABELS = 63, 50, 50
"""Limits of a managed node group: https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html, and the lengths
of the shapes `labelKey`, `taintKey` and `labelValue` in the service model. 63 characters include the prefix."""

RESERVED_TAGS = ("eks:", "karpenter.sh/", "karpenter.k8s.aws/", "kubernetes.io/cluster/", "k8s.io/cluster-autoscaler/")
"""Prefixes of tags by which EKS, Karpenter, the autoscaler and the load balancer controller find resources:
https://karpenter.sh/docs/concepts/nodeclasses/#spectags"""

RESERVED_IN = ("project", "nodeGroups", "nodePools", "instances")
"""Sections whose tags are on security groups, subnets and nodes."""

TENANT_TAG = "Tenant"
"""Tag of the resources of a tenant."""

MOST_TAGS = 50
"""https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""

ADDED_TAGS = 6
"""Maximum number of tags of a resource that the platform, EKS and the autoscaler add: Name, the two of the autoscaler's
discovery, kubernetes.io/cluster/<name>, eks:cluster-name and eks:nodegroup-name."""


def _within(key: str, domains: tuple[str, ...]) -> bool:
    domain = key.rpartition("/")[0]
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def labels(stack: Stack) -> Iterator[Problem]:
    """Labels are in no reserved domain, and taints are not those of controllers."""
    for path, nodes in all_nodes(stack):
        allowed = ALLOWED_DOMAINS[str(path[0])]
        for key in nodes.labels:
            here = (*path, "labels", key)
            if key in DERIVED_LABELS:
                yield Problem(here, "is set by the platform from the instance types; remove it")
            elif key in KUBELET_LABELS or (_within(key, RESERVED_DOMAINS) and not _within(key, allowed)):
                yield Problem(here, f"is reserved, and the nodes would not be created; use {_free(key)}")
        for index, taint in enumerate(nodes.taints):
            if _within(taint.key, TAINT_DOMAINS):
                yield Problem(
                    (*path, "taints", index, "key"),
                    f"{taint.key} is set and removed by Kubernetes, EKS or Karpenter; use {_free(taint.key)}",
                )
        if path[0] == "nodeGroups":
            yield from _limits(path, nodes)


def _free(key: str) -> str:
    """Return an example of a key that is not reserved."""
    return f"{key.rpartition('/')[2]}, or a domain of your own like example.com/{key.rpartition('/')[2]}"


def _limits(path: Path, nodes: Nodes) -> Iterator[Problem]:
    """Report lengths and numbers that a managed node group refuses."""
    for key, value in nodes.labels.items():
        if len(key) > LONGEST_KEY:
            yield Problem((*path, "labels", key), f"is longer than the {LONGEST_KEY} characters of EKS; shorten it")
        if not value:
            yield Problem((*path, "labels", key), "has an empty value, which EKS refuses; set one, like 'true'")
    for index, taint in enumerate(nodes.taints):
        if len(taint.key) > LONGEST_KEY:
            message = f"{taint.key} is longer than the {LONGEST_KEY} characters of EKS; shorten it"
            yield Problem((*path, "taints", index, "key"), message)
    for name, count, most in (
        ("labels", len(nodes.all_labels()), MOST_LABELS),
        ("taints", len(nodes.all_taints()), MOST_TAINTS),
    ):
        if count > most:
            yield Problem((*path, name), f"results in {count} {name}, and EKS accepts {most}; remove some")


def tags(stack: Stack) -> Iterator[Problem]:
    """Tags do not use reserved keys, and their number with the tags of every resource is within AWS's limit."""
    defaults = stack.settings.project.default_tags()
    for path, given, _ in marked(stack.settings, TagMap):
        for key in given if path[0] in RESERVED_IN else ():
            if key.startswith(RESERVED_TAGS):
                yield Problem((*path, key), "is a tag by which controllers find resources; use another key")
        count = len({**defaults, **given}) + ADDED_TAGS
        if count > MOST_TAGS:
            yield Problem(
                path,
                f"results in {count} tags of a resource ({len(given)} here, the platform's included), and AWS accepts "
                f"{MOST_TAGS}; remove {count - MOST_TAGS}",
                because=(("project", "tags"),),
            )


def tag_case(stack: Stack) -> Iterator[Problem]:
    """Tags of every resource do not differ from the platform's in case alone: IAM compares keys without case.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
    """
    given = stack.settings.project.tags
    own = {key.lower(): key for key in (*stack.settings.project.default_tags(), "Name") if key not in given}
    for key in given:
        if key.lower() in own:
            yield Problem(
                ("project", "tags", key),
                f"differs from the platform's tag {own[key.lower()]} in case alone, and IAM refuses both; write "
                f"{own[key.lower()]}, or choose another key",
            )


def allocation(stack: Stack) -> Iterator[Problem]:
    """Cost allocation tags are tags of the stack: AWS activates no key that it has not seen on a resource."""
    known = set(stack.settings.project.default_tags()) | {"Name", TENANT_TAG}
    for _, given, _ in marked(stack.settings, TagMap):
        known |= set(given)
    backups = stack.settings.backups
    known |= {backups.tag} if backups is not None else set()
    for index, key in enumerate(stack.settings.costs.allocation_tags):
        if key not in known:
            yield Problem(
                ("costs", "allocationTags", index),
                f"no resource of the stack has a tag {key}, and AWS activates only keys that it has seen in the bill"
                f"{did_you_mean(key, sorted(known))}",
                "warning",
                because=(("project", "tags"),),
            )


RULES: tuple[Rule, ...] = (labels, tags, tag_case, allocation)
