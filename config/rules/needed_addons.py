"""Without some add-ons a platform would be built and would not work."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.needs import needs as needs_of
from config.rules.stack import Rule, Stack


def needs(stack: Stack) -> Iterator[Problem]:
    """What something does not work without is not switched off; the first that needs it is told."""
    told = {need.addon: need for need in reversed(list(needs_of(stack.settings))) if need.whose is not None}
    for key, need in told.items():
        if not stack.settings.addons.named(key).enabled:
            yield Problem(("addons", key, "enabled"), f"false, but it {need.why}; switch it on, or remove {need.whose}")


def apart(stack: Stack) -> Iterator[Problem]:
    """Those who share a cluster are kept apart by network policies."""
    settings, cni = stack.settings, stack.settings.addons.vpc_cni
    shared = (
        (bool(settings.environments), "environment", "environments"),
        (settings.tenants is not None, "tenant", "tenants"),
    )
    for there, one, whose in shared:
        if there and cni.enabled and not cni.network_policy:
            yield Problem(
                ("addons", "vpcCni", "networkPolicy"),
                f"false lets every {one} reach the others; switch it on, or remove {whose}",
            )


RULES: tuple[Rule, ...] = (needs, apart)
