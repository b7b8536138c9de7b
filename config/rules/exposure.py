"""Networks outside the VPC that rules open something to."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from catalog.reading.problems import Path, Problem
from config.exposure import PRIVATE_RANGES, SHARED_RANGE, WIDEST, WORLD, internet, reserved
from config.rules.stack import Rule, Stack

MOST_ENDPOINT_NETWORKS = 40
"""https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html: public endpoint access CIDR ranges a cluster"""


def opened(path: Path, what: str, cidrs: Sequence[IPv4Network]) -> Iterator[Problem]:
    """Report networks of the list `path` that open `what` to the internet, alone or together, and duplicates."""
    alone = [index for index, cidr in enumerate(cidrs) if cidr.prefixlen < WIDEST]
    for index in alone:
        yield Problem((*path, index), f"{cidrs[index]} opens {what} to the internet; set the networks that need it")
    largest = internet(cidrs) if not alone else None
    if largest is not None:
        yield Problem(
            path,
            f"{len(cidrs)} networks, which together include {largest}, open {what} to the internet; set the networks "
            "that need it",
        )
    yield from _duplicates(path, cidrs)


def _duplicates(path: Path, cidrs: Sequence[IPv4Network]) -> Iterator[Problem]:
    if len(set(cidrs)) < len(cidrs):
        yield Problem(path, "has a duplicate entry; remove one")


def endpoint(stack: Stack) -> Iterator[Problem]:
    """The networks of the public endpoint are public ones that EKS accepts:
    https://docs.aws.amazon.com/eks/latest/userguide/config-cluster-endpoint.html"""
    path: Path = ("cluster", "endpoint", "publicCidrs")
    cidrs = stack.settings.cluster.endpoint.public_cidrs
    yield from opened(path, "the Kubernetes API", cidrs)
    if len(cidrs) > MOST_ENDPOINT_NETWORKS:
        yield Problem(path, f"has {len(cidrs)} networks, and EKS accepts {MOST_ENDPOINT_NETWORKS}; combine some")
    for index, cidr in enumerate(cidrs):
        within = reserved(cidr)
        if within is not None and cidr.prefixlen >= WIDEST:
            yield Problem(
                (*path, index),
                f"{cidr} is in {within}, which EKS refuses for the public endpoint; set public addresses, such as "
                "those of your NAT gateway, or use the private endpoint",
            )


def private_endpoint(stack: Stack) -> Iterator[Problem]:
    """The networks of the private endpoint are in the VPC, or can be connected to it."""
    path: Path = ("cluster", "endpoint", "privateCidrs")
    settings = stack.settings.cluster.endpoint
    if settings.private_cidrs and not settings.private:
        yield Problem(path, "has no effect with private: false; remove it, or private: false")
    for index, cidr in enumerate(settings.private_cidrs):
        inside = any(cidr.subnet_of(one) for one in (stack.settings.network.cidr, *PRIVATE_RANGES, SHARED_RANGE))
        if not inside:
            yield Problem(
                (*path, index),
                f"{cidr} is not a private network, and the private endpoint has private addresses; set a network of "
                "the VPC or one that is connected to it, or use publicCidrs",
            )
    yield from _duplicates(path, settings.private_cidrs)


def load_balancer(stack: Stack) -> Iterator[Problem]:
    """An internet-facing load balancer is open to 0.0.0.0/0, or to public networks that are not the internet."""
    path: Path = ("ingress", "inboundCidrs")
    ingress = stack.settings.ingress
    cidrs = ingress.inbound_cidrs
    if WORLD in cidrs:
        if len(cidrs) > 1:
            yield Problem(path, f"{WORLD} includes the other networks; remove them, or {WORLD}")
        return
    yield from opened(path, "the load balancer", cidrs)
    for index, cidr in enumerate(cidrs if ingress.internet_facing else ()):
        within = reserved(cidr)
        if within is not None and cidr.prefixlen >= WIDEST:
            yield Problem(
                (*path, index),
                f"{cidr} is in {within}, from which no request reaches an internet-facing load balancer; set public "
                "addresses, or public: false",
                severity="warning",
                because=(("ingress", "public"),),
            )


RULES: tuple[Rule, ...] = (endpoint, private_endpoint, load_balancer)
