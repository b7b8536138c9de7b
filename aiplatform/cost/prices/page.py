"""`docs/cost.md`: the documents' tables beside today's list prices."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from aiplatform.cost.prices.documents import DOCUMENTS, Amount, CostTable, Side, Sum, cost_table
from catalog.prices import PriceTable

_INTRODUCTION = """\
# What the documents cost

The cost tables of the source documents, in USD a month, and the same designs with the same quantities at the list
prices of their region. Written by `make cost-docs` from `aiplatform/cost/prices/tables/` and `catalog/data/prices.yaml`
(compiled {compiled}); a month has {hours} hours. No free tier, Savings Plan, reservation, credit or tax.

A dash is a line that cannot be priced: the document states an amount and no quantity, or the price table lacks a row.
It is left out of the sum, which then says "at least".

001 and 002 state no costs. What a tenant of 002 costs a month and on a course day is worked out from the stack that is
built: `aiplatform cost --stack lab --by tenant` ([how](decisions/bill.md#tenants)).
"""


def money(amount: Decimal) -> str:
    """`1,373.76`; rounded half up, as a bill is."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def cost_page(table: PriceTable) -> str:
    """The whole page."""
    parts = [_INTRODUCTION.format(compiled=table.compiled, hours=table.hours_per_month)]
    parts += ["\n".join(_section(cost_table(document), table)) + "\n" for document in DOCUMENTS]
    return "\n".join(parts)


def _section(costs: CostTable, table: PriceTable) -> Iterator[str]:
    yield f"## {costs.document}: {costs.title} ({costs.region})"
    yield ""
    yield "| line | before | after | today, before | today, after |"
    yield "|---|---|---|---:|---:|"
    for line in costs.lines:
        today = (_money_or_dash(costs.today(line, side, table)) for side in _sides())
        yield f"| {line.item} | {_product(costs, line.before)} | {_product(costs, line.after)} | {' | '.join(today)} |"
    totals = (money(costs.total(side)) for side in _sides())
    today = (_sum(costs.total_today(side, table)) for side in _sides())
    yield f"| **total** | **{'** | **'.join(totals)}** | **{'** | **'.join(today)}** |"
    yield ""
    yield _saving(costs)
    yield costs.why
    yield from _left_out(costs, table)
    yield ""
    for example in costs.examples:
        yield f"- {example.item}: {_product(costs, example)}."
    for slip in costs.slips:
        yield f"- {slip.says} {slip.right}"


def _sides() -> tuple[Side, Side]:
    return ("before", "after")


def _money_or_dash(amount: Decimal | None) -> str:
    return "-" if amount is None else money(amount)


def _sum(total: Sum) -> str:
    return f"at least {money(total.amount)}" if total.at_least else money(total.amount)


def _product(costs: CostTable, stated: Amount) -> str:
    """`2 x 30.40 = 60.80`, or the amount alone where there is one of it."""
    amount = money(costs.amount(stated))
    if stated.quantity == 1:
        return amount
    return f"{stated.quantity} x {money(costs.prices[stated.price].price)} = {amount}"


def _saving(costs: CostTable) -> str:
    before, after = costs.total("before"), costs.total("after")
    return f"The document's lines save {money(before - after)} a month, {percent(before - after, before)} %."


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """With one digit, rounded half up."""
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _left_out(costs: CostTable, table: PriceTable) -> Iterator[str]:
    if costs.unstated():
        yield f"Without a quantity: {', '.join(costs.unstated())}."
    if missing := costs.missing(table):
        yield f"Without a price in the table: {', '.join(missing)}."
