"""Traffic that network ACLs drop: they are stateless, so that responses need a rule as requests do."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Literal, NamedTuple

from catalog.reading.problems import Problem
from config.exposure import WORLD
from config.network import NetworkAclRule
from config.rules.stack import Rule, Stack

FIRST_EPHEMERAL, LAST = 1024, 65535
"""Ephemeral ports, the destination of responses: 1024 and above for NAT gateways and load balancers, 32768 for Linux:
https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports"""

DNS = 53

Direction = Literal["ingress", "egress"]


class Flow(NamedTuple):
    """Traffic that must be allowed, and what fails without it."""

    direction: Direction
    protocol: Literal["tcp", "udp"]
    cidr: IPv4Network
    first: int
    last: int
    lost: str


def answers(stack: Stack) -> Iterator[Problem]:
    """Responses from the internet reach NAT gateways and nodes, and the tiers reach each other."""
    network = stack.settings.network
    acls = network.network_acls
    ways_out = not network.is_isolated()
    for tier, acl in (("public", acls.public), ("private", acls.private)):
        if acl is None:
            continue
        for flow in _needed(tier, network.cidr, ways_out=ways_out):
            rules = acl.ingress if flow.direction == "ingress" else acl.egress
            missing = dropped(rules, flow)
            if missing is not None:
                yield Problem(
                    ("network", "networkAcls", tier, flow.direction),
                    f"drops {flow.lost}: allow {flow.protocol} {missing[0]}-{missing[1]} "
                    f"{'from' if flow.direction == 'ingress' else 'to'} {flow.cidr}",
                    severity="warning",
                )


def _needed(tier: str, vpc: IPv4Network, *, ways_out: bool) -> Iterator[Flow]:
    inside = "traffic between the VPC's subnets"
    yield Flow("ingress", "tcp", vpc, 0, LAST, inside)
    yield Flow("egress", "tcp", vpc, 0, LAST, inside)
    if tier == "private":
        for direction in ("ingress", "egress"):
            yield Flow(direction, "udp", vpc, DNS, DNS, "DNS requests of pods to CoreDNS on other nodes")
            yield Flow(direction, "udp", vpc, FIRST_EPHEMERAL, LAST, "DNS responses of CoreDNS")
    if tier == "public":
        yield Flow("egress", "tcp", WORLD, FIRST_EPHEMERAL, LAST, "responses of the load balancer")
    if ways_out:
        lost = "responses from the internet, those of AWS and image registries included"
        yield Flow("ingress", "tcp", WORLD, FIRST_EPHEMERAL, LAST, lost)
        yield Flow("ingress", "udp", WORLD, FIRST_EPHEMERAL, LAST, "UDP responses from the internet")
        yield Flow("egress", "tcp", WORLD, 443, 443, "requests to the internet")


def dropped(rules: Sequence[NetworkAclRule], flow: Flow) -> tuple[int, int] | None:
    """Return the first port range of a flow that the rules do not allow; None if they allow all of it."""
    left = [(flow.first, flow.last)]
    for rule in sorted(rules, key=lambda one: one.number):
        if rule.protocol not in {"all", flow.protocol}:
            continue
        first, last = (0, LAST) if rule.protocol == "all" else (rule.from_port, rule.to_port)
        # A deny rule for a part of the network is taken as intended.
        if not flow.cidr.subnet_of(rule.cidr):
            continue
        if rule.action == "deny":
            hit = next((span for span in left if _meet(span, (first, last))), None)
            if hit is not None:
                return max(hit[0], first), min(hit[1], last)
        else:
            left = [rest for span in left for rest in _without(span, first, last)]
    return left[0] if left else None


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _without(span: tuple[int, int], first: int, last: int) -> list[tuple[int, int]]:
    """Return the parts of a port range that are outside another range."""
    if not _meet(span, (first, last)):
        return [span]
    parts = [(span[0], first - 1), (last + 1, span[1])]
    return [part for part in parts if part[0] <= part[1]]


RULES: tuple[Rule, ...] = (answers,)
