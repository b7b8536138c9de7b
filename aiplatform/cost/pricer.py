"""Calculate the bill of a plan. The result depends only on the plan and the price table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aiplatform.cost.bill import Bill, Line, Missing, Sizes, always
from aiplatform.cost.commitments import applied
from aiplatform.cost.free import why_free
from aiplatform.cost.index import NODE_GROUPS, Context, group_name
from aiplatform.cost.pricing import RULES
from aiplatform.cost.pricing.network import TRAFFIC
from aiplatform.cost.pricing.pools import NODE_POOL
from aiplatform.cost.shares import node_shares
from aiplatform.cost.usage import Instances, UncountedError, Usage
from aiplatform.preview.plan import Plan, Resource
from catalog.price_estimates import Estimates
from catalog.prices import Price, PriceTable
from config.costs import Costs
from config.settings import Settings


def bill(plan: Plan, costs: Costs, prices: PriceTable, *, today: date, settings: Settings | None = None) -> Bill:
    """Return the monthly cost of a plan at list prices, with the assumptions it depends on and the missing prices.

    `today` decides which Kubernetes versions are in extended support. Without `settings` the pods on node groups are
    unknown, so that the nodes of Karpenter's pools are reported as missing.
    """
    context = Context(plan, costs.assumptions, Decimal(prices.hours_per_month), today, settings)
    found = _Found(context, prices, _estimates(costs, prices))
    # Of what exists already, only the traffic of the platform is in the bill.
    for resource in (*plan.resources, *(one for one in plan.reads if one.type in TRAFFIC)):
        found.add(resource)
    committed = applied(costs.commitments, found.lines, context, prices)
    names = dict.fromkeys(name for line in found.lines for name in line.assumptions)
    return Bill(
        stack=plan.stack,
        region=context.region,
        currency=prices.currency,
        lines=(*found.lines, *committed.lines),
        missing=(*found.missing, *committed.missing),
        assumptions={name: _value(costs, name) for name in sorted(names)},
        commitments=committed.commitments,
        hours_per_month=context.hours_per_month,
        shares=node_shares(context, found.lines),
    )


class Asked(NamedTuple):
    """A price that a bill uses."""

    region: str
    item: str | Instances
    unit: str


def asked(plan: Plan, costs: Costs, hours: int, *, today: date, settings: Settings | None) -> Iterator[Asked]:
    """Yield the prices that the bill of a plan uses, known or not. `hours` is the length of a month."""
    context = Context(plan, costs.assumptions, Decimal(hours), today, settings)
    for resource in plan.resources:
        rule = RULES.get(resource.type)
        try:
            usages = () if rule is None else tuple(rule(resource, context))
        except UncountedError:
            continue
        for usage in usages:
            if usage.quantity.any() and usage.rate is None and not usage.why:
                yield Asked(context.region_of(resource), usage.item, usage.unit)


def _estimates(costs: Costs, prices: PriceTable) -> Estimates | None:
    """Return the estimates of missing prices; None if the stack wants none."""
    if not costs.estimates:
        return None
    return Estimates(prices, {name: Decimal(str(value)) for name, value in costs.estimate_factors.items()})


def _value(costs: Costs, name: str) -> Decimal:
    _, dot, group = name.partition(".")
    hours = costs.assumptions.group_hours_per_month
    return Decimal(str(hours[group])) if dot else costs.assumptions.of(name)


@dataclass
class _Found:
    """The lines and missing prices so far."""

    context: Context
    prices: PriceTable
    estimates: Estimates | None = None
    """Estimates of prices that are missing; None if the stack wants none."""

    lines: list[Line] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def add(self, resource: Resource) -> None:
        rule = RULES.get(resource.type)
        if rule is None:
            if why_free(resource.type) is None:
                self.missing.append(
                    Missing(resource.urn, resource.type, "resource", always(1), "not priced: the program has no rule")
                )
            return
        owner = self.context.owner(resource, _node_group(resource))
        try:
            usages = tuple(rule(resource, self.context))
        except UncountedError as unknown:
            self.missing.append(Missing(resource.urn, resource.type, "resource", always(1), f"not counted: {unknown}"))
            return
        for usage in usages:
            rate, price = self._rate(usage, resource)
            if rate is not None:
                monthly = usage.quantity * rate
                self.lines.append(
                    Line(
                        owner,
                        str(usage.item),
                        usage.unit,
                        usage.quantity,
                        rate,
                        monthly,
                        usage.assumptions,
                        usage.note,
                        self.context.all_days if usage.days is None else usage.days,
                        price,
                    )
                )

    def _rate(self, usage: Usage, resource: Resource) -> tuple[Sizes | None, Price | None]:
        """Return USD a unit at each size, and the price of the expected size; record a missing price, and return None
        if there is no price at all.
        """
        if usage.rate is not None:
            return always(usage.rate), None
        region = self.context.region_of(resource)
        items = tuple(self._singles(usage, region))
        known = [price for _, price in items if price is not None]
        for item, price in items:
            # A quantity of 0 needs no price.
            if price is None and usage.quantity.any():
                where = region or "no region"
                others = "; the group's other types stand for it" if known else ""
                why = f"no price in {where}{others}"
                self.missing.append(Missing(resource.urn, item, usage.unit, usage.quantity, usage.why or why))
        if not known:
            return None, None
        least = min(known, key=lambda price: price.price)
        most = max((price.price for price in known), default=least.price)
        return Sizes(least.price, least.price, max([most, *self._at_most(usage.item)])), least

    def _at_most(self, item: str | Instances) -> Iterator[Decimal]:
        if isinstance(item, Instances) and item.on_demand_at_most:
            for type_ in item.types:
                price = self._instance(self.context.region, type_, spot=False)
                if price is not None:
                    yield price.price

    def _singles(self, usage: Usage, region: str) -> Iterator[tuple[str, Price | None]]:
        """Yield each item of a usage with its price, its estimate, or None."""
        if isinstance(usage.item, Instances):
            spot = usage.item.spot
            for type_ in usage.item.types:
                yield f"{'spot' if spot else 'onDemand'}:{type_}", self._instance(region, type_, spot=spot)
            return
        price = self.prices.service(region, usage.item)
        if price is None and self.estimates is not None:
            price = self.estimates.service(region, usage.item)
        yield usage.item, price

    def _instance(self, region: str, type_: str, *, spot: bool) -> Price | None:
        price = self.prices.instance(region, type_, spot=spot)
        if price is None and self.estimates is not None:
            price = self.estimates.instance(region, type_, spot=spot)
        return price


def _node_group(resource: Resource) -> str | None:
    """Return the name of a node group or pool; None for other resources."""
    if resource.type == NODE_POOL:
        return str((resource.inputs.get("metadata") or {}).get("name"))
    return group_name(resource) if resource.type in NODE_GROUPS else None
