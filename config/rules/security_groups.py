"""Security groups of the cluster, and IAM roles of control plane and nodes."""

from collections.abc import Iterator
from itertools import combinations

from catalog.reading.problems import Path, Problem
from config.rules.exposure import opened
from config.rules.stack import Rule, Stack
from config.security_groups import NodeIngress

INGRESS: Path = ("cluster", "securityGroups", "nodes", "ingress")

SESSION_MANAGER = "AmazonSSMManagedInstanceCore"

JOIN, PULL = "AmazonEKSWorkerNodePolicy", ("AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly")
"""https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""


def node_ingress(stack: Stack) -> Iterator[Problem]:
    """Each inbound rule of nodes has sources, no port is opened twice to a source, and none to the internet."""
    openings = stack.settings.cluster.security_groups.nodes.ingress
    for index, opening in enumerate(openings):
        path = (*INGRESS, index)
        yield from _opening(path, opening)
        if opening.load_balancer and stack.settings.ingress.owner == "controller":
            yield Problem(
                (*path, "loadBalancer"),
                "is not supported with ingress.owner: controller, which creates its own security group; set "
                "ingress.owner: pulumi, or remove it",
                because=(("ingress", "owner"),),
            )
    for (one, opening), (two, other) in combinations(enumerate(openings), 2):
        shared = sorted(set(_sources(opening)) & set(_sources(other)))
        meet = opening.from_port <= other.last() and other.from_port <= opening.last()
        if shared and meet and opening.protocol == other.protocol:
            yield Problem(
                (*INGRESS, two), f"opens a port to {shared[0]} that ingress[{one}] already opens; remove one of them"
            )


def _opening(path: Path, opening: NodeIngress) -> Iterator[Problem]:
    if not _sources(opening):
        yield Problem(path, "the rule has no source; set loadBalancer, instances or cidrs")
    if opening.last() < opening.from_port:
        yield Problem((*path, "toPort"), f"{opening.last()} is below fromPort, {opening.from_port}; swap them")
    yield from opened((*path, "cidrs"), "nodes", opening.cidrs)
    if len(set(opening.instances)) < len(opening.instances):
        yield Problem((*path, "instances"), "has a duplicate entry; remove one")


def _sources(opening: NodeIngress) -> tuple[str, ...]:
    balancer = ["the load balancer"] if opening.load_balancer else []
    return (*balancer, *opening.instances, *map(str, opening.cidrs))


def group_names(stack: Stack) -> Iterator[Problem]:
    """Security group names are unique in the VPC; generated names, which begin with the cluster's, always are."""
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
            yield Problem(path, f"{name} is already set as {place}; choose another")
        first.setdefault(name, path)


def owner(stack: Stack) -> Iterator[Problem]:
    """A security group name of the load balancer requires that Pulumi owns the load balancer."""
    ingress = stack.settings.ingress
    if ingress.security_group is not None and ingress.owner == "controller":
        yield Problem(
            ("ingress", "securityGroup"),
            "has no effect with owner: controller, which creates its own security group; remove it, or set owner: "
            "pulumi",
            because=(("ingress", "owner"),),
        )


def roles(stack: Stack) -> Iterator[Problem]:
    """Control plane and nodes have different roles, nodes can join and pull images, and no policy is duplicated."""
    cluster = stack.settings.cluster
    path: Path = ("cluster", "nodeRole")
    if cluster.node_role.name is not None and cluster.node_role.name == cluster.role_name:
        yield Problem((*path, "name"), f"{cluster.role_name} is already the role of the control plane; choose another")
    policies = cluster.node_role.policies
    path = (*path, "policies")
    for index, policy in enumerate(policies):
        if policy in policies[:index]:
            yield Problem((*path, index), f"duplicate policy {policy}")
        elif policy == SESSION_MANAGER:
            yield Problem((*path, index), f"{policy} is always attached; remove it")
    if JOIN not in policies:
        yield Problem(path, f"requires {JOIN}, without which nodes cannot join; add it")
    if not set(PULL) & set(policies):
        yield Problem(path, f"requires {PULL[0]}, without which nodes cannot pull images; add it")


RULES: tuple[Rule, ...] = (node_ingress, group_names, owner, roles)
