"""Add-ons that settings require: without them a platform could be deployed and would not work."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.parts import needs as needs_of
from config.rules.stack import Rule, Stack


def needs(stack: Stack) -> Iterator[Problem]:
    """Add-ons that a setting requires are enabled; the first such setting is reported."""
    told = {need.addon: need for need in reversed(list(needs_of(stack.settings))) if need.whose is not None}
    for _, key, addon in stack.settings.addons.each():
        need = told.get(key)
        if need is not None and not addon.enabled:
            yield Problem(
                ("addons", key, "enabled"),
                f"must be true, because the add-on {need.why}; enable it, or remove {need.whose}",
            )


def apart(stack: Stack) -> Iterator[Problem]:
    """Environments and tenants that share a cluster are isolated by network policies."""
    settings, cni = stack.settings, stack.settings.addons.vpc_cni
    shared = (
        (bool(settings.environments), "environment", "environments"),
        (settings.tenants is not None, "tenant", "tenants"),
    )
    for there, one, whose in shared:
        if there and cni.enabled and not cni.network_policy:
            yield Problem(
                ("addons", "vpcCni", "networkPolicy"),
                f"must be true, because network policies isolate each {one}; enable it, or remove {whose}",
            )


RULES: tuple[Rule, ...] = (needs, apart)
