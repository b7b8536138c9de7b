"""`aiplatform plan`: load, preview, write, show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, quiet
from aiplatform.cli.stacks import Stack, load_stack, load_stacks, plan_folder, record_stack
from aiplatform.cost.bill import Bill
from aiplatform.cost.compare import changes as cost_changes
from aiplatform.cost.compare import known
from aiplatform.cost.document import COST, amounts, cost_json
from aiplatform.cost.pricer import bill
from aiplatform.cost.show import comparison, summary
from aiplatform.errors import FAILED, FINE
from aiplatform.finding import FailOn, Finding, as_json
from aiplatform.findings.checks import FINDINGS, fails, findings, findings_json, show
from aiplatform.first_up import FIRST_UP, FirstUp, first_up, first_up_json
from aiplatform.first_up import summary as duration
from aiplatform.preview.plan import Json, Plan
from aiplatform.preview.provenance import provenance
from aiplatform.preview.tree import render
from aiplatform.preview.write import outdate, write
from aiplatform.report.page import report
from catalog.prices import PriceTable, load_prices
from catalog.reading.problems import SettingsError
from catalog.reading.problems import show as shown_path
from config.loader import stack_file


@dataclass(frozen=True)
class Planned:
    """A stack with all that its plan says."""

    stack: Stack
    folder: Path
    plan: Plan
    bill: Bill
    findings: tuple[Finding, ...]
    lasts: FirstUp

    def document(self) -> dict[str, Json]:
        """Return the summary that `--json` prints; the files of the folder have all of it."""
        return {
            "stack": self.stack.name,
            "folder": str(self.folder),
            "resources": sum(one.custom for one in self.plan.resources),
            **amounts(self.bill.total),
            "currency": self.bill.currency,
            "atLeast": self.bill.at_least,
            "estimated": self.bill.estimated,
            "firstUpSeconds": self.lasts.seconds,
            "findings": as_json(self.findings),
            "outputs": dict(self.plan.outputs),
            "knownAfterUp": sorted(self.plan.after_up),
            "provenance": self.plan.provenance.document() if self.plan.provenance else None,
        }


def plan_stacks(
    names: Sequence[str], *, changes: Sequence[str], out: Path | None, fail_on: FailOn, as_json: bool
) -> int:
    """Preview stacks, write and show the findings, and return the exit status.

    Nothing is written unless every stack file is valid; an earlier plan of one that is not is moved aside. A finding of
    the severity `fail_on` or higher results in a failure, after all output.
    """
    several = len(dict.fromkeys(names)) > 1

    def directory(folder: Path, name: str) -> Path:
        if out is None:
            return plan_folder(folder, name, changed=bool(changes))
        return out / name if several else out

    stacks = load_stacks(names, changes, lambda folder, name: _outdated(directory(folder, name)))
    made = []
    for stack in stacks:
        folder = directory(stack.folder, stack.name)
        with about(stack.name):
            try:
                planned = _planned(stack, folder)
            except Exception:
                _outdated(folder)
                raise
            made.append(planned)
            if not as_json:
                _show(planned)
    if as_json:
        print_json([one.document() for one in made])
    return FAILED if any(fails(one.findings, fail_on) for one in made) else FINE


def _outdated(directory: Path) -> None:
    """Move a plan that this run was to replace aside."""
    if (aside := outdate(directory)) is not None:
        note(f"note: the previous plan is now in {_shown(aside)}")


def _planned(stack: Stack, directory: Path) -> Planned:
    """Preview and write a stack."""
    prices = _prices()
    plan = record_stack(stack, warn=False)
    file = stack_file(stack.folder, stack.name)
    plan = replace(plan, provenance=provenance(plan, file, _changes(stack), prices.compiled.isoformat()))
    costs = _bill(plan, stack)
    found = findings(plan, stack.settings, costs, stack.loaded.warnings)
    lasts = first_up(plan)
    written = {COST: cost_json(costs), FINDINGS: findings_json(found), FIRST_UP: first_up_json(lasts)}
    write(plan, directory, written | report(plan, stack.settings, costs, found, lasts))
    return Planned(stack, directory, plan, costs, found, lasts)


def _changes(stack: Stack) -> Mapping[str, Json]:
    return {shown_path(path): value for path, value in stack.changes.items()}


def _show(planned: Planned) -> None:
    screen = Console(highlight=False)
    if not quiet.get():
        render(planned.plan, screen)
        difference = _difference(planned.stack, planned.bill) if planned.stack.changes else ()
        for line in (summary(planned.bill), *difference, duration(planned.lasts)):
            screen.print(line, soft_wrap=True, markup=False)
    show(planned.findings, screen)
    if not quiet.get():
        why = ", because of --set: the plan of record is unchanged" if planned.stack.changes else ""
        screen.print(f"Written to {_shown(planned.folder)}{why}", soft_wrap=True, markup=False)


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
    # Its warnings are not those of this run.
    before = known(_bill(record_stack(unchanged, warn=False), unchanged))
    after = known(changed, f"{stack.name} as changed")
    return tuple(comparison(before, after, cost_changes(before, after), "expected"))


def _shown(directory: Path) -> Path:
    return directory.relative_to(Path.cwd()) if directory.is_relative_to(Path.cwd()) else directory
