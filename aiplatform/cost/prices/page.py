"""`docs/cost.md`: the documents' tables beside today's list prices."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from aiplatform.cost.compare import Known
from aiplatform.cost.prices.documents import DOCUMENTS, Amount, CostTable, Side, Sum, cost_table
from catalog.prices import PriceTable

_INTRODUCTION = """\
# Costs of the source documents

This page compares the cost tables of the source documents, in USD a month, with the same designs and quantities at the
current list prices of their region. `make cost-docs` writes it from `aiplatform/cost/prices/tables/` and
`catalog/data/prices.yaml` (compiled {compiled}). A month has {hours} hours. Free tiers, Savings Plans, reservations,
credits and taxes are not included.

A dash marks a line without a price: the document states an amount without a quantity, or the price table has no row.
The total excludes the line and is shown as "at least".

Documents 001 and 002 state no costs. `aiplatform cost --stack lab --by tenant` shows the cost of a tenant of 002 for a
month and a course day, calculated from the stack ([method](decisions/bill.md#tenants)).
"""


def money(amount: Decimal) -> str:
    """Format an amount as `1,373.76`, rounded half up."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


_CHEAPER = """\
## The documents' platforms, cheaper

The same lines at current prices: of the document's optimised design, of the shipped stack, which has what the document
requires, and of the stack with the changes of `docs/lean/<stack>.yaml`, which the file describes. `aiplatform optimize
--stack mlflow --apply docs/lean/mlflow.yaml` plans them, and `--write` writes them into the stack file.

| document | stack | document, optimised | shipped stack | lean | below the document | whole lean bill |
|---|---|---:|---:|---:|---:|---:|
"""

_TOGETHER = """
A NAT instance takes the place of the NAT gateway in the lean `mlflow` and `openwebui`
([what it gives up](operate.md#nat-instances)); `pingvas` keeps its gateway, which serves production.

The document of `openwebui` sets a budget of 200 (004-cst-15), below its own estimate of 228, and requires standbys,
alarms, and copies in a second region, which its estimate leaves out. The shipped stack keeps the document's budget, so
that its alerts are the document's, and a finding says by how much the bill exceeds it.
"""


class Compared(NamedTuple):
    """Bills of a document's stack as it is shipped, and with the changes of its lean variant."""

    shipped: Known
    lean: Known


def cost_page(table: PriceTable, compared: Mapping[str, Compared] | None = None) -> str:
    """Return the page as Markdown; `compared` has the bills of stacks by document."""
    parts = [_INTRODUCTION.format(compiled=table.compiled, hours=table.hours_per_month)]
    parts += ["\n".join(_section(cost_table(document), table)) + "\n" for document in DOCUMENTS]
    if compared:
        parts.append(_CHEAPER + "\n".join(_cheaper(table, compared)) + "\n" + _TOGETHER)
    return "\n".join(parts)


def _cheaper(table: PriceTable, compared: Mapping[str, Compared]) -> Iterator[str]:
    for document, bills in compared.items():
        costs = cost_table(document)
        stated = costs.total_today("after", table).amount
        ours, lean = costs.same_lines(bills.shipped), costs.same_lines(bills.lean)
        amounts = " | ".join(map(money, (stated, ours, lean)))
        whole = money(bills.lean.total.expected)
        yield f"| {document} | {costs.stack} | {amounts} | {percent(stated - lean, stated)} % | {whole} |"


def _section(costs: CostTable, table: PriceTable) -> Iterator[str]:
    yield f"## {costs.document}: {costs.title} ({costs.region})"
    yield ""
    yield "| line | before | after | current prices, before | current prices, after |"
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
    """Format a product as `2 x 30.40 = 60.80`, or only the amount for a quantity of 1."""
    amount = money(costs.amount(stated))
    if stated.quantity == 1:
        return amount
    return f"{stated.quantity} x {money(costs.prices[stated.price].price)} = {amount}"


def _saving(costs: CostTable) -> str:
    before, after = costs.total("before"), costs.total("after")
    return f"The lines of the document save {money(before - after)} a month, {percent(before - after, before)} %."


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Return a percentage with one decimal, rounded half up."""
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _left_out(costs: CostTable, table: PriceTable) -> Iterator[str]:
    if costs.unstated():
        yield f"Lines without a quantity: {', '.join(costs.unstated())}."
    if missing := costs.missing(table):
        yield f"Lines without a price: {', '.join(missing)}."
