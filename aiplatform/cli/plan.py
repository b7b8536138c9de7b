"""`aiplatform plan`: load, record, write, show."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import RunError
from rich.console import Console

from aiplatform.cli.changes import parse_change
from aiplatform.cost.bill import Bill
from aiplatform.cost.compare import changes as cost_changes
from aiplatform.cost.compare import known
from aiplatform.cost.document import COST, cost_json
from aiplatform.cost.pricer import bill
from aiplatform.cost.show import comparison, summary
from aiplatform.errors import FAILED, FINE, WRONG
from aiplatform.finding import FailOn
from aiplatform.findings.checks import FINDINGS, fails, findings, findings_json, show
from aiplatform.preview.plan import Plan
from aiplatform.preview.project import PROGRAM, project_folder
from aiplatform.preview.record import ACCOUNT, record
from aiplatform.preview.tree import render
from aiplatform.preview.write import NotAPlanError, write
from aiplatform.report.page import REPORT, page
from catalog.prices import PriceTable, load_prices
from catalog.reading.problems import Path as SettingPath
from catalog.reading.problems import SettingsError
from config.loader import Loaded, load_file
from config.settings import NAMESPACE

SHOWN_EVERY = 20
"""Resources between two updates of the progress: drawing each would take longer than making it."""


def plan_stacks(
    stacks: Sequence[str], *, changes: Sequence[str], out: Path | None, fail_on: FailOn, traceback: bool
) -> int:
    """Preview stacks, write what was found, show it; the exit status.

    Nothing is written unless every stack file is right. A finding as severe as `fail_on` is a failure, after all that
    there is to see has been shown.
    """
    errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    try:
        folder = project_folder(Path.cwd())
        changed = dict(map(parse_change, changes))
    except (FileNotFoundError, ValueError) as error:
        errors.print(str(error))
        return WRONG
    loaded = load_stacks(folder, stacks, changed, errors)
    if loaded is None:
        return WRONG
    screen = Console(highlight=False)
    failed = False
    for stack, found in loaded.items():
        directory = (out / stack if len(loaded) > 1 else out) if out else folder / ".plan" / stack
        try:
            plan = record_stack(folder, stack, found, errors)
            costs = _bill(plan, found)
            found_wrong = findings(plan, found.settings, costs)
            difference = _difference(folder, stack, costs, errors) if changes else ()
            written = {COST: cost_json(costs), FINDINGS: findings_json(found_wrong)}
            write(plan, directory, written | {REPORT: page(plan, found.settings, costs, found_wrong)})
        except (RunError, NotAPlanError) as error:
            errors.print(f"{stack}: {error}")
            return WRONG
        except OSError as error:
            errors.print(f"{stack}: {error.filename or directory}: {error.strerror or error}")
            return WRONG
        except Exception as error:
            if traceback:
                raise
            errors.print(f"{stack}: {type(error).__name__}: {error} (--traceback shows where)")
            return FAILED
        render(plan, screen)
        for line in (summary(costs), *difference):
            screen.print(line, soft_wrap=True, markup=False)
        show(found_wrong, screen)
        failed |= fails(found_wrong, fail_on)
        screen.print(f"Written to {_shown(directory)}", soft_wrap=True)
    return FAILED if failed else FINE


def _bill(plan: Plan, loaded: Loaded) -> Bill:
    return bill(plan, loaded.settings.costs, _prices(), today=date.today(), settings=loaded.settings)


@cache
def _prices() -> PriceTable:
    """Read once, however many stacks and changes are priced."""
    return load_prices()


def _difference(folder: Path, stack: str, changed: Bill, errors: Console) -> tuple[str, ...]:
    """What a changed stack costs beside the one in its file, line by line; nothing where that one is not right."""
    try:
        loaded = load_file(folder, stack)
    except SettingsError:
        return ()
    before = known(_bill(record_stack(folder, stack, loaded, errors), loaded))
    after = known(changed, f"{stack} as changed")
    return tuple(comparison(before, after, cost_changes(before, after), "expected"))


def load_stacks(
    folder: Path, stacks: Sequence[str], changes: Mapping[SettingPath, Any], errors: Console
) -> dict[str, Loaded] | None:
    """The settings of stacks by name, with these values changed; None where one is wrong, which has been said."""
    loaded: dict[str, Loaded] = {}
    wrong = False
    for stack in dict.fromkeys(stacks):
        try:
            loaded[stack] = load_file(folder, stack, changes=changes)
        except SettingsError as error:
            wrong = True
            for line in error.lines:
                errors.print(line)
    return None if wrong else loaded


def record_stack(folder: Path, stack: str, loaded: Loaded, errors: Console) -> Plan:
    """What a loaded stack builds."""
    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in loaded.sections.items()}
    placed = loaded.settings.project
    with _progress(stack, errors) as heard:
        return record(
            folder / PROGRAM,
            project=NAMESPACE,
            stack=stack,
            config=config,
            account=placed.account_id or ACCOUNT,
            region=placed.region,
            heard=heard,
        )


@contextmanager
def _progress(stack: str, errors: Console) -> Iterator[Callable[[int], None] | None]:
    """Shows how far the program is; nothing where nobody looks, so that a log holds results alone."""
    if not sys.stderr.isatty():
        yield None
        return
    with errors.status(f"Previewing {stack}") as status:

        def heard(resources: int) -> None:
            if resources % SHOWN_EVERY == 0:
                status.update(f"Previewing {stack}: {resources} resources")

        yield heard


def _shown(directory: Path) -> Path:
    return directory.relative_to(Path.cwd()) if directory.is_relative_to(Path.cwd()) else directory
