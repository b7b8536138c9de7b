"""Settings that another one replaces: a value that has no effect is refused."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.network import NetworkAclRule
from config.rules.stack import Rule, Stack
from config.walk import each


def divided(stack: Stack) -> Iterator[Problem]:
    """With explicit subnets, settings of the division of the network have no other value than theirs."""
    network = stack.settings.network
    if network.subnets is None:
        return
    because: tuple[Path, ...] = (("network", "subnets"),)
    of_subnets = sorted({subnet.zone for subnet in network.subnets.private})
    if network.zones and set(network.zones) != set(of_subnets):
        message = (
            f"differs from the zones of network.subnets.private, {', '.join(of_subnets)}, and has no effect; remove it"
        )
        yield Problem(("network", "zones"), message, because=because)
    for key, wanted, tier in (
        ("dataSubnets", network.data_subnets, network.subnets.data),
        ("controlPlaneSubnets", network.control_plane_subnets, network.subnets.control_plane),
    ):
        if wanted and tier:
            yield Problem(
                ("network", key),
                "has no effect with network.subnets, which define the tiers; remove it",
                because=because,
            )


def ports(stack: Stack) -> Iterator[Problem]:
    """A rule of a network ACL for all protocols has no ports."""
    for path, rule in each(stack.settings.network, NetworkAclRule):
        for name in sorted({"from_port", "to_port"} & rule.model_fields_set) if rule.protocol == "all" else ():
            key = NetworkAclRule.model_fields[name].alias or name
            yield Problem(("network", *path, key), "has no effect with protocol: all; remove it, or set tcp or udp")


def logs(stack: Stack) -> Iterator[Problem]:
    """Without access logs, their bucket has no settings."""
    settings = stack.settings.access_logs
    if settings.load_balancers or settings.buckets:
        return
    for name in sorted(settings.model_fields_set - {"load_balancers", "buckets"}):
        key = type(settings).model_fields[name].alias or name
        yield Problem(
            ("accessLogs", key),
            "has no effect without access logs; set accessLogs.loadBalancers or buckets, or remove it",
            because=(("accessLogs", "loadBalancers"), ("accessLogs", "buckets"), ("project", "environment")),
        )


RULES: tuple[Rule, ...] = (divided, ports, logs)
