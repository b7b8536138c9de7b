"""Targets of the VPC CNI have an effect."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def targets(stack: Stack) -> Iterator[Problem]:
    """The CNI keeps whole interfaces or whole prefixes, whichever it assigns, and neither if it counts addresses."""
    cni = stack.settings.addons.vpc_cni
    at = ("addons", "vpcCni", "warm")
    whole, other = ("prefixes", "interfaces") if cni.prefix_delegation else ("interfaces", "prefixes")
    if getattr(cni.warm, other) is not None:
        state = "true" if cni.prefix_delegation else "false"
        yield Problem((*at, other), f"has no effect with prefixDelegation {state}; set warm.{whole}")
    counted = {"addresses": cni.warm.addresses, "minimumAddresses": cni.warm.minimum_addresses}
    used = next((name for name, value in counted.items() if value is not None), None)
    if used is not None and getattr(cni.warm, whole) is not None:
        yield Problem((*at, whole), f"has no effect with warm.{used}, which the CNI uses instead; remove one")


RULES: tuple[Rule, ...] = (targets,)
