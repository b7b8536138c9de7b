"""`aiplatform plan`: load, preview, write, show."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.stacks import Stack, load_stack, load_stacks, record_stack
from aiplatform.cost.bill import Bill
from aiplatform.cost.compare import changes as cost_changes
from aiplatform.cost.compare import known
from aiplatform.cost.document import COST, cost_json
from aiplatform.cost.pricer import bill
from aiplatform.cost.show import comparison, summary
from aiplatform.errors import FAILED, FINE
from aiplatform.finding import FailOn, Finding
from aiplatform.findings.checks import FINDINGS, fails, findings, findings_json, show
from aiplatform.first_up import FIRST_UP, first_up, first_up_json
from aiplatform.first_up import summary as duration
from aiplatform.preview.plan import Plan
from aiplatform.preview.tree import render
from aiplatform.preview.write import write
from aiplatform.report.page import REPORT, page
from catalog.prices import PriceTable, load_prices
from catalog.reading.problems import SettingsError


def plan_stacks(names: Sequence[str], *, changes: Sequence[str], out: Path | None, fail_on: FailOn) -> int:
    """Preview stacks, write and show the findings, and return the exit status.

    Nothing is written unless every stack file is valid. A finding of the severity `fail_on` or higher results in a
    failure, after all output.
    """
    stacks = load_stacks(names, changes)
    failed = False
    for stack in stacks:
        directory = (out / stack.name if len(stacks) > 1 else out) if out else stack.plan_folder
        with about(stack.name):
            failed |= fails(_planned(stack, directory, changed=bool(changes)), fail_on)
    return FAILED if failed else FINE


def _planned(stack: Stack, directory: Path, *, changed: bool) -> tuple[Finding, ...]:
    """Preview, write and show a stack, and return its findings."""
    plan = record_stack(stack)
    costs = _bill(plan, stack)
    found = findings(plan, stack.settings, costs, stack.loaded.warnings)
    difference = _difference(stack, costs) if changed else ()
    lasts = first_up(plan)
    written = {COST: cost_json(costs), FINDINGS: findings_json(found), FIRST_UP: first_up_json(lasts)}
    write(plan, directory, written | {REPORT: page(plan, stack.settings, costs, found, lasts)})
    screen = Console(highlight=False)
    render(plan, screen)
    for line in (summary(costs), *difference, duration(lasts)):
        screen.print(line, soft_wrap=True, markup=False)
    show(found, screen)
    screen.print(f"Written to {_shown(directory)}", soft_wrap=True)
    return found


def _bill(plan: Plan, stack: Stack) -> Bill:
    return bill(plan, stack.settings.costs, _prices(), today=date.today(), settings=stack.settings)


@cache
def _prices() -> PriceTable:
    """Return the price table, which is read once for all stacks and changes."""
    return load_prices()


def _difference(stack: Stack, changed: Bill) -> tuple[str, ...]:
    """Return the difference in cost to the unchanged stack, line by line; nothing if that one is invalid."""
    try:
        unchanged = load_stack(stack.name)
    except SettingsError:
        return ()
    before = known(_bill(record_stack(unchanged), unchanged))
    after = known(changed, f"{stack.name} as changed")
    return tuple(comparison(before, after, cost_changes(before, after), "expected"))


def _shown(directory: Path) -> Path:
    return directory.relative_to(Path.cwd()) if directory.is_relative_to(Path.cwd()) else directory
