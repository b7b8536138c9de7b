"""Savings Plans and reserved instances for what runs all hours of the month."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Any

from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.machines import machines

DISCOUNT = 25
"""Percent of the On-Demand price. Assumed: AWS states up to 66 for a Compute Savings Plan, and shows that of a term and
payment in the console: https://aws.amazon.com/savingsplans/pricing/"""

CHECK = (
    f"the discount of the term and payment that you choose, which the console shows: {DISCOUNT} % is assumed; and that "
    "all of it runs until the end of the term"
)
LOSS = "the freedom to run less: a commitment for one or three years is paid for, used or not"
LEAST = Decimal("0.01")


def ideas(subject: Subject) -> Iterator[Idea]:
    """Commit to the On-Demand nodes and instances, and to the databases and caches, that no schedule stops."""
    given = subject.settings.costs.commitments
    hourly = (_always_on(subject) * (100 - DISCOUNT) / 100).quantize(Decimal("0.001"), ROUND_DOWN)
    if not given.savings_plans and hourly >= LEAST:
        yield Idea(
            f"costs.commitments: buy a Compute Savings Plan of {hourly} USD an hour",
            ((("costs", "commitments", "savingsPlans"), [{"usdPerHour": float(hourly), "discountPercent": DISCOUNT}]),),
            "flexibility",
            LOSS,
            CHECK,
        )
    reserved = [{**one, "discountPercent": DISCOUNT} for one in _reservable(subject)]
    if not given.reserved and reserved:
        listed = ", ".join(dict.fromkeys(str(one["instanceClass"]) for one in reserved))
        yield Idea(
            f"costs.commitments: reserve {listed}",
            ((("costs", "commitments", "reserved"), reserved),),
            "flexibility",
            LOSS,
            CHECK,
        )


def _always_on(subject: Subject) -> Decimal:
    """Return the USD an hour of On-Demand nodes at the minimum of their groups, and of instances."""
    total = Decimal(0)
    settings = subject.settings
    counts = {("nodeGroups", name): group.scaling.min for name, group in settings.node_groups.items()}
    counts |= {("instances", name): server.count for name, server in settings.instances.items()}
    for group in machines(subject):
        scheduled = getattr(group.settings, "schedule", None) is not None
        if not scheduled and not group.spot:
            total += counts.get((str(group.path[0]), str(group.path[1])), 0) * (subject.machine(group.types[0]) or 0)
    return total


def _reservable(subject: Subject) -> Iterator[dict[str, Any]]:
    settings = subject.settings
    for database in settings.databases.values():
        if database.schedule is None and database.engine in ("postgres", "mysql"):
            zones = {"multiAz": True} if database.multi_az else {}
            yield {"engine": database.engine, "instanceClass": database.instance_class, **zones}
    for cache in settings.caches.values():
        yield {"engine": cache.engine, "instanceClass": cache.node_type, "count": cache.nodes}
