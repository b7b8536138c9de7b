"""Usage that follows the nodes and replicas of the platform: at minimum and maximum size in proportion to both."""

from collections.abc import Mapping
from decimal import Decimal

from aiplatform.cost.bill import NOTHING, SIZES, Sizes, always
from aiplatform.cost.index import NODE_GROUPS, Context
from aiplatform.cost.pricing.compute import node_hours
from aiplatform.cost.usage import UncountedError
from aiplatform.fit.pods import name_of, namespace_of, objects, workloads
from aiplatform.fit.selectors import Labels
from aiplatform.preview.plan import Json

_SAME = always(1)
_ROUTED = ("TargetGroupBinding", "Ingress")


def by_nodes(context: Context) -> Sizes:
    """Return the node hours at each size as a multiple of the expected ones; 1 for a plan without nodes."""
    hours = sum((node_hours(group, context)[0] for group in context.of(*NODE_GROUPS)), NOTHING)
    try:
        pools = context.needed_nodes if context.settings is not None else {}
    except UncountedError:
        pools = {}
    groups = set(context.settings.node_groups) if context.settings is not None else set()
    for name, nodes in pools.items():
        if name not in groups:
            counts = {size: Decimal(sum(nodes.at(size).values())) for size in SIZES}
            counts["maximum"] = max(counts.values())
            hours += Sizes(counts["minimum"], counts["expected"], counts["maximum"]) * context.hours_per_month
    return _ratio(hours)


def by_routed_replicas(context: Context) -> Sizes:
    """Return the replicas behind load balancers at each size as a multiple of the expected ones; 1 without any."""
    given = objects(context.plan)
    routed = {
        (namespace_of(one.object), service)
        for one in given
        if one.object.get("kind") in _ROUTED
        for service in _services(one.object.get("spec") or {})
    }
    selectors = [
        (namespace_of(one.object), selector)
        for one in given
        if one.object.get("kind") == "Service" and (namespace_of(one.object), name_of(one.object)) in routed
        if (selector := (one.object.get("spec") or {}).get("selector"))
    ]
    replicas = NOTHING
    for one in workloads(given):
        if not one.ends and any(one.namespace == space and _selects(wanted, one.labels) for space, wanted in selectors):
            replicas += Sizes(*(Decimal(one.replicas.at(size)) for size in SIZES))
    return _ratio(replicas)


def _ratio(amounts: Sizes) -> Sizes:
    if not amounts.expected:
        return _SAME
    return Sizes(
        min(amounts.minimum, amounts.expected) / amounts.expected,
        Decimal(1),
        max(amounts.maximum, amounts.expected) / amounts.expected,
    )


def _services(spec: Mapping[str, Json]) -> set[str]:
    """Return the names of the Services of a TargetGroupBinding or an Ingress."""
    found = {str((spec.get("serviceRef") or {}).get("name") or "")}
    for rule in spec.get("rules") or ():
        for path in (rule.get("http") or {}).get("paths") or ():
            found.add(str(((path.get("backend") or {}).get("service") or {}).get("name") or ""))
    return found - {""}


def _selects(selector: Mapping[str, Json], labels: Labels) -> bool:
    return all(labels.get(key) == value for key, value in selector.items())
