"""`aiplatform optimize`: plan changes of a stack file that save money, show them, and write the best set."""

import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import typer

from aiplatform.cli.boundary import about, explained
from aiplatform.cli.changes import read_changes
from aiplatform.cli.stacks import Stack, load_stack, record_stack
from aiplatform.cost.compare import known
from aiplatform.cost.pricer import bill
from aiplatform.errors import FAILED, FINE, CallError, writing
from aiplatform.findings.checks import findings
from aiplatform.optimize.advice import ADVICE
from aiplatform.optimize.edit import edited
from aiplatform.optimize.idea import KEEPS, KEPT, Keep
from aiplatform.optimize.search import TryAll, search
from aiplatform.optimize.show import applied, document, text
from aiplatform.optimize.trial import Changes, Trial, verdict
from catalog.errors import UserError
from catalog.prices import load_prices
from catalog.reading.document import parse
from catalog.reading.problems import SettingsError, did_you_mean
from config.loader import load_file, read, stack_file
from config.settings import NAMESPACE

WORKERS = 2


def optimize_stack(name: str, *, keep: Sequence[str], accept: Sequence[str], write: bool, as_json: bool) -> None:
    """Print what saves money, and write the best set if `write` is set."""
    kept = [_word("--keep", one) for one in keep]
    accepted = [_word("--accept", one) for one in accept]
    stack = load_stack(name)
    # Before the other processes begin: they inherit the modules that this imports.
    base = planned(stack.folder, name, {})
    if base.bill is None:
        raise SettingsError(base.refused)
    with _trying(stack) as try_all:
        found = search(ADVICE, load_prices(), base, try_all, keep=kept, accept=accepted)
    file = read(stack.folder, name)
    if as_json:
        typer.echo(json.dumps(document(name, found), indent=2, ensure_ascii=False))
    else:
        typer.echo(text(name, found, lambda path: f"{file.name}:{file.line(path)}"))
    if write and found.best.changes:
        _write(stack, dict(found.best.changes))
    elif write:
        typer.echo(f"{file.name} is unchanged", err=True)


def apply_changes(name: str, file: Path, *, write: bool) -> int:
    """Plan the changes of a file, print what they save and break, and write them if `write` is set.

    Returns FAILED, and writes nothing, if the changed stack has a new error or warning, or cannot be planned.
    """
    changes = read_changes(file)
    stack = load_stack(name)
    base, tried = planned(stack.folder, name, {}), planned(stack.folder, name, changes)
    if base.bill is None:
        raise SettingsError(base.refused)
    seen = verdict(base, tried)
    typer.echo("\n".join(applied(name, file.name, base, tried, seen)))
    if seen.broken:
        return FAILED
    if write:
        _write(stack, changes)
    return FINE


def _word(option: str, text: str) -> Keep:
    found = next((one for one in KEEPS if one == text), None)
    if found is None:
        listed = "; ".join(f"{word}: {what}" for word, what in KEPT.items())
        raise CallError(f"{option} {text}: unknown{did_you_mean(text, KEEPS)} ({listed})")
    return found


def _write(stack: Stack, changes: Changes) -> None:
    file = stack_file(stack.folder, stack.name)
    text_ = edited(file.read_text(encoding="utf-8"), changes.items())
    planned_ = load_file(stack.folder, stack.name, changes=changes).sections
    if parse(text_, file.name, NAMESPACE).sections != planned_:
        raise CallError(
            f"{file.name}: cannot be changed, because values share an anchor; change the lines above yourself"
        )
    with writing(file):
        file.write_text(text_, encoding="utf-8")
    typer.echo(f"Written to {file.name}: {len(changes)} settings", err=True)


@contextmanager
def _trying(stack: Stack) -> Iterator[TryAll]:
    """Plan in processes of their own: one for each core, at most two."""
    tried = partial(planned, stack.folder, stack.name)
    workers = min(WORKERS, os.cpu_count() or 1)
    if workers == 1 or sys.platform != "linux":
        yield lambda all_changes: list(map(tried, all_changes))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield lambda all_changes: list(pool.map(tried, all_changes))


def planned(folder: Path, name: str, changes: Changes) -> Trial:
    """Plan a stack with changes: its bill, and its findings of severity error and warning."""
    try:
        stack = Stack(name, folder, load_file(folder, name, changes=changes))
        plan = record_stack(stack, warn=False)
    except Exception as error:
        if isinstance(error, SettingsError | UserError) or "RunError" in type(error).__name__:
            return Trial(refused=explained(error)[0])
        raise
    settings = stack.settings
    with about(name):
        priced = bill(plan, settings.costs, load_prices(), today=date.today(), settings=settings)
        every = findings(plan, settings, priced, stack.loaded.warnings)
        found = tuple(one for one in every if one.severity != "info")
    # Commands run without garbage collection; here a process makes many plans.
    del plan
    gc.collect()
    return Trial(settings, known(priced), found)
