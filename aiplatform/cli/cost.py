"""`aiplatform cost`: load, record, price, show."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pulumi import RunError
from rich.console import Console

from aiplatform.cli.changes import parse_change
from aiplatform.cli.plan import load_stacks, record_stack
from aiplatform.cost.bill import Bill, Group, Size
from aiplatform.cost.compare import Known, changes, known
from aiplatform.cost.document import comparison_document, cost_json
from aiplatform.cost.pricer import bill
from aiplatform.cost.read import UnreadableError, read_known
from aiplatform.cost.show import comparison, table
from aiplatform.errors import FAILED, FINE, WRONG
from aiplatform.preview.plan import Plan
from aiplatform.preview.project import project_folder
from catalog.prices import PricesError, PriceTable, load_prices, stale
from catalog.reading.problems import Path as SettingPath
from config.costs import Costs
from config.loader import Loaded
from config.settings import Settings

Print = Callable[[str], None]


def show_cost(
    stack: str,
    *,
    changed: Sequence[str],
    as_json: bool,
    by: Group,
    size: Size,
    prices: Path | None,
    compare: str | None,
) -> int:
    """Print what a stack costs a month, or how that differs from another stack or a kept plan; the exit status."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)
    screen = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    try:
        folder = project_folder(Path.cwd())
        settings = dict(map(parse_change, changed))
        price_table = load_prices(prices)
        _check_file(compare)
        found = _bills(folder, stack, settings=settings, prices=price_table, compare=compare, errors=errors)
    except PricesError as error:
        for problem in error.problems:
            errors.print(problem)
        return WRONG
    except (FileNotFoundError, ValueError, UnreadableError, RunError) as error:
        errors.print(str(error))
        return WRONG
    except Exception as error:
        errors.print(f"{stack}: {type(error).__name__}: {error}")
        return FAILED
    if found is None:
        return WRONG
    priced, costs, other = found
    for sentence in stale(price_table, date.today(), costs.price_max_age_days, regions=[priced.region]):
        errors.print(f"warning: {sentence}; `aiplatform prices refresh --region {priced.region}` dates them")
    if other is None:
        screen.print(cost_json(priced).rstrip() if as_json else "\n".join(table(priced, costs, by=by, size=size)))
        return FINE
    mine = known(priced, " ".join((stack, *(f"--set {change}" for change in changed))))
    differing = changes(other, mine)
    if as_json:
        screen.print(json.dumps(comparison_document(other, mine, differing), indent=2, ensure_ascii=False))
    else:
        screen.print("\n".join(comparison(other, mine, differing, size)))
    return FINE


def _is_file(compare: str | None) -> bool:
    return compare is not None and (compare.endswith(".json") or "/" in compare)


def _check_file(compare: str | None) -> None:
    """A kept file that cannot be read is said before the time for a preview is spent."""
    if compare is not None and _is_file(compare) and not Path(compare).is_file():
        raise FileNotFoundError(f"{compare}:1: there is no such file")


def _bills(
    folder: Path,
    stack: str,
    *,
    settings: dict[SettingPath, Any],
    prices: PriceTable,
    compare: str | None,
    errors: Console,
) -> tuple[Bill, Costs, Known | None] | None:
    """The stack's bill, and what it is compared with; None where a stack file is wrong, which has been said."""
    loaded = load_stacks(folder, [stack], settings, errors)
    if loaded is None:
        return None
    mine, other = loaded[stack], None
    if compare is not None and not _is_file(compare):
        against = load_stacks(folder, [compare], {}, errors)
        if against is None:
            return None
        other = known(_bill(folder, compare, against[compare], prices, errors))
    elif compare is not None:
        other = read_known(Path(compare), _pricing(mine.settings, prices))
    return _bill(folder, stack, mine, prices, errors), mine.settings.costs, other


def _bill(folder: Path, stack: str, loaded: Loaded, prices: PriceTable, errors: Console) -> Bill:
    return _pricing(loaded.settings, prices)(record_stack(folder, stack, loaded, errors))


def _pricing(settings: Settings, prices: PriceTable) -> Callable[[Plan], Bill]:
    return partial(bill, costs=settings.costs, prices=prices, today=date.today(), settings=settings)
