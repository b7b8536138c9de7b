"""`cost.json`: a bill for other tools."""

import json
from collections.abc import Sequence
from decimal import Decimal

from aiplatform.cost.bases import Basis, bases
from aiplatform.cost.bill import KEYS, Bill, Group, Line, Missing, Period, Sizes, cents
from aiplatform.cost.compare import Change, Known, difference
from aiplatform.preview.plan import Json

COST = "cost.json"
VERSION = 1
"""Version of the schema. A version can get additional keys; existing keys keep their names and meaning."""

_MICRO = Decimal("0.000001")


def cost_json(bill: Bill) -> str:
    """Return the bill as JSON text; the same bill results in the same bytes."""
    return json.dumps(document(bill), indent=2, ensure_ascii=False) + "\n"


def document(bill: Bill) -> dict[str, Json]:
    """Return the bill as plain values: amounts in USD a month, rounded to cents.

    `monthly` is the expected size, beside `minimum` and `maximum`. With `atLeast` a price is missing; `missing` lists
    them. Amounts in `courseDay` are of a day on which every schedule runs.
    """
    return {
        "version": VERSION,
        "stack": bill.stack,
        "region": bill.region,
        "currency": bill.currency,
        **amounts(bill.total),
        "atLeast": bill.at_least,
        "estimated": bill.estimated,
        "lines": [_line(line) for line in bill.lines],
        "missing": [_missing(each) for each in bill.missing],
        "assumptions": {name: float(value) for name, value in bill.assumptions.items()},
        "prices": [_basis(basis) for basis in bases(bill)],
        "by": {group: _group(bill, group) for group in KEYS if group != "resource"},
        "courseDay": {**amounts(bill.sum_of("day")), "by": {"tenant": _group(bill, "tenant", "day")}},
    }


def _group(bill: Bill, group: Group, period: Period = "month") -> dict[str, Json]:
    return {name: amounts(amount) for name, amount in sorted(bill.by(group, period).items())}


def _amounts_or_null(amount: Sizes | None) -> dict[str, Json] | None:
    return None if amount is None else amounts(amount)


def amounts(amount: Sizes) -> dict[str, Json]:
    """Return an amount at its three sizes, in USD rounded to cents."""
    return {
        "monthly": float(cents(amount.expected)),
        "minimum": float(cents(amount.minimum)),
        "maximum": float(cents(amount.maximum)),
    }


def _exact(number: Decimal) -> float:
    """Return a quantity or rate, rounded to a millionth."""
    return float(number.quantize(_MICRO))


def _line(line: Line) -> dict[str, Json]:
    owner = line.owner
    return {
        "urn": owner.urn,
        "item": line.item,
        "quantity": _exact(line.quantity.expected),
        "unit": line.unit,
        "rate": _exact(line.rate.expected),
        **amounts(line.monthly),
        "component": owner.component,
        "workload": owner.workload,
        "nodeGroup": owner.node_group,
        "tenant": owner.tenant,
        "environment": owner.environment,
        "estimated": line.estimated,
        "assumptions": list(line.assumptions),
        "note": line.note,
    }


def _basis(basis: Basis) -> dict[str, Json]:
    """Return how much of the total rests on prices of one source, date and confidence."""
    return {
        "confidence": basis.confidence,
        "asOf": basis.as_of,
        "source": basis.source,
        "monthly": float(cents(basis.monthly)),
        "percent": float(basis.percent),
    }


def _missing(missing: Missing) -> dict[str, Json]:
    return {
        "urn": missing.urn,
        "item": missing.item,
        "quantity": _exact(missing.quantity.expected),
        "unit": missing.unit,
        "why": missing.why,
    }


def comparison_document(before: Known, after: Known, found: Sequence[Change]) -> dict[str, Json]:
    """Return the comparison of two bills as plain values: USD a month before, after, and the difference. An amount
    without a price is null, and `why` says so."""
    return {
        "version": VERSION,
        "before": _side(before),
        "after": _side(after),
        "change": _amounts_or_null(difference(before, after)),
        "lines": [
            {
                "name": change.name,
                "kind": change.kind,
                "item": change.item,
                "before": _amounts_or_null(change.before),
                "after": _amounts_or_null(change.after),
                "change": _amounts_or_null(change.difference),
                "why": change.why,
                "estimated": change.estimated,
            }
            for change in found
        ],
    }


def _side(one: Known) -> dict[str, Json]:
    return {"title": one.title, **amounts(one.total), "atLeast": one.at_least, "estimated": bool(one.estimated)}
