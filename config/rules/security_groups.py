"""The security groups of the cluster, and the IAM role of its nodes."""

from collections.abc import Iterator
from itertools import combinations

from catalog.reading.problems import Path, Problem
from config.rules.instances import WIDEST
from config.rules.stack import Rule, Stack
from config.security_groups import NodeIngress

INGRESS: Path = ("cluster", "securityGroups", "nodes", "ingress")

SESSION_MANAGER = "AmazonSSMManagedInstanceCore"

JOIN, PULL = "AmazonEKSWorkerNodePolicy", ("AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly")
"""https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""


def node_ingress(stack: Stack) -> Iterator[Problem]:
    """Ports of nodes are open to somebody, in order, each once and never to the world."""
    openings = stack.settings.cluster.security_groups.nodes.ingress
    for index, opening in enumerate(openings):
        path = (*INGRESS, index)
        yield from _opening(path, opening)
        if opening.load_balancer and stack.settings.ingress.owner == "controller":
            yield Problem(
                (*path, "loadBalancer"),
                "needs a load balancer that Pulumi owns: the controller's has a security group of its own; write "
                "ingress.owner: pulumi, or remove it",
                because=(("ingress", "owner"),),
            )
    for (one, opening), (two, other) in combinations(enumerate(openings), 2):
        shared = sorted(set(_sources(opening)) & set(_sources(other)))
        meet = opening.from_port <= other.last() and other.from_port <= opening.last()
        if shared and meet and opening.protocol == other.protocol:
            yield Problem(
                (*INGRESS, two), f"opens a port to {shared[0]} that ingress[{one}] opens already; write each once"
            )


def _opening(path: Path, opening: NodeIngress) -> Iterator[Problem]:
    if not _sources(opening):
        yield Problem(path, "opens ports to nobody; write loadBalancer: true, instances or cidrs")
    if opening.last() < opening.from_port:
        yield Problem((*path, "toPort"), f"{opening.last()} is below fromPort, {opening.from_port}; swap them")
    for place, cidr in enumerate(opening.cidrs):
        if cidr.prefixlen < WIDEST:
            yield Problem((*path, "cidrs", place), f"{cidr} opens nodes to the world; name the networks that need it")
    for name, values in (("instances", opening.instances), ("cidrs", opening.cidrs)):
        if len(set(values)) < len(values):
            yield Problem((*path, name), "names one of them twice; keep one")


def _sources(opening: NodeIngress) -> tuple[str, ...]:
    balancer = ["the load balancer"] if opening.load_balancer else []
    return (*balancer, *opening.instances, *map(str, opening.cidrs))


def group_names(stack: Stack) -> Iterator[Problem]:
    """Security groups of one VPC have names of their own; a name that begins with the cluster's is no trouble."""
    groups = stack.settings.cluster.security_groups
    named: list[tuple[Path, str | None]] = [
        (("cluster", "securityGroups", "controlPlane", "name"), groups.control_plane.name),
        (("cluster", "securityGroups", "nodes", "name"), groups.nodes.name),
        (("ingress", "securityGroup"), stack.settings.ingress.security_group),
    ]
    first: dict[str, Path] = {}
    for path, name in named:
        if name is None:
            continue
        if name in first:
            place = ".".join(map(str, first[name]))
            yield Problem(path, f"{name} is the name of the security group {place} too; choose another")
        first.setdefault(name, path)


def owner(stack: Stack) -> Iterator[Problem]:
    """The controller names the security group of its load balancer itself."""
    ingress = stack.settings.ingress
    if ingress.security_group is not None and ingress.owner == "controller":
        yield Problem(
            ("ingress", "securityGroup"),
            "is not used with owner: controller, which makes a group of its own; remove it, or write owner: pulumi",
            because=(("ingress", "owner"),),
        )


def roles(stack: Stack) -> Iterator[Problem]:
    """The roles are two, nodes can join and pull, and no policy stands there twice."""
    cluster = stack.settings.cluster
    path: Path = ("cluster", "nodeRole")
    if cluster.node_role.name is not None and cluster.node_role.name == cluster.role_name:
        yield Problem((*path, "name"), f"{cluster.role_name} is the control plane's role too; choose another")
    policies = cluster.node_role.policies
    path = (*path, "policies")
    for index, policy in enumerate(policies):
        if policy in policies[:index]:
            yield Problem((*path, index), f"{policy} stands here twice; keep one")
        elif policy == SESSION_MANAGER:
            yield Problem((*path, index), f"{policy} is always attached; remove it")
    if JOIN not in policies:
        yield Problem(path, f"lacks {JOIN}, without which nodes cannot join; add it")
    if not set(PULL) & set(policies):
        yield Problem(path, f"lacks {PULL[0]}, without which nodes cannot pull images; add it")


RULES: tuple[Rule, ...] = (node_ingress, group_names, owner, roles)
