"""`aiplatform cost`: load, preview, price, show."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json
from aiplatform.cli.stacks import Stack, load_stack, record_stack
from aiplatform.cost.bill import Bill, Group, Size
from aiplatform.cost.compare import Known, changes, known
from aiplatform.cost.document import comparison_document, document
from aiplatform.cost.pricer import bill
from aiplatform.cost.read import read_known
from aiplatform.cost.show import comparison, table
from aiplatform.errors import CallError
from aiplatform.preview.plan import Plan
from catalog.prices import PriceTable, load_prices, stale


def show_cost(
    name: str,
    *,
    changed: Sequence[str],
    as_json: bool,
    by: Group,
    size: Size,
    prices: Path | None,
    compare: str | None,
) -> None:
    """Print the monthly cost of a stack, or the difference to another stack or a saved plan."""
    price_table = load_prices(prices)
    _check_file(compare)
    stack = load_stack(name, changed)
    other = _other(compare, stack, price_table)
    priced, costs = _bill(stack, price_table), stack.settings.costs
    for sentence in stale(price_table, date.today(), costs.price_max_age_days, regions=[priced.region]):
        advice = f"`aiplatform prices refresh --region {priced.region}` dates them"
        note(f"warning: {sentence}; {advice}")
    screen = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    if other is None:
        if as_json:
            print_json(document(priced))
        else:
            screen.print("\n".join(table(priced, costs, by=by, size=size)))
        return
    mine = known(priced, " ".join((name, *(f"--set {change}" for change in changed))))
    differing = changes(other, mine)
    if as_json:
        print_json(comparison_document(other, mine, differing))
    else:
        screen.print("\n".join(comparison(other, mine, differing, size)))


def _is_file(compare: str) -> bool:
    return compare.endswith(".json") or "/" in compare


def _check_file(compare: str | None) -> None:
    """Check a saved file before the preview, which takes time."""
    if compare is not None and _is_file(compare) and not Path(compare).is_file():
        raise CallError(f"{compare}:1: there is no such file")


def _other(compare: str | None, stack: Stack, prices: PriceTable) -> Known | None:
    """Return the other side of the comparison: another stack without changes, or a saved plan or bill."""
    if compare is None:
        return None
    if _is_file(compare):
        return read_known(Path(compare), _pricing(stack, prices))
    return known(_bill(load_stack(compare), prices))


def _bill(stack: Stack, prices: PriceTable) -> Bill:
    with about(stack.name):
        return _pricing(stack, prices)(record_stack(stack))


def _pricing(stack: Stack, prices: PriceTable) -> Callable[[Plan], Bill]:
    settings = stack.settings
    return partial(bill, costs=settings.costs, prices=prices, today=date.today(), settings=settings)
