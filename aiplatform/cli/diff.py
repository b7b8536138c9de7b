"""`aiplatform diff`: plan both sides, compare, show, and fail by the limits of the call."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from aiplatform.cli.output import written
from aiplatform.diff.difference import Difference, compare
from aiplatform.diff.formats import FORMATS, Comparison, Format
from aiplatform.diff.git import merge_base
from aiplatform.diff.sections.money import increase
from aiplatform.diff.sources import Planned, Source, source
from aiplatform.errors import FAILED, FINE, CallError
from aiplatform.finding import FailOn
from aiplatform.interrupts import unfinished
from aiplatform.preview.project import project_folder


def show_difference(
    base: str | None,
    head: str | None,
    *,
    stacks: Sequence[str],
    format_: Format,
    out: Path | None,
    fail_on: FailOn,
    fail_on_replace: Sequence[str],
    max_increase: float | None,
) -> int:
    """Show what the change from `base` to `head` does to stacks, and return the exit status.

    Raises:
        CallError: a revision, a folder or a stack does not exist.
    """
    project = project_folder(Path.cwd())
    with tempfile.TemporaryDirectory(prefix="aiplatform-diff-") as scratch, unfinished(Path(scratch)):
        before = source(base or merge_base(project), project, Path(scratch))
        after = source(head, project, Path(scratch))
        found = _differences(before, after, _names(before, after, stacks))
    gates = tuple(_gates(found, fail_on, fail_on_replace, max_increase))
    title = "the merge base with main" if base is None else before.title
    written(FORMATS[format_](Comparison(title, after.title, found, gates)), out)
    incomplete = any(one.before is None and one.after is None for one in found)
    return FAILED if gates or incomplete else FINE


def _names(before: Source, after: Source, chosen: Sequence[str]) -> list[str]:
    known = sorted({*before.stacks(), *after.stacks()})
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise CallError(f"--stack {name}: neither side has it; choose {', '.join(known) or 'none'}" for name in unknown)
    if not known:
        raise CallError("neither side has a stack file Pulumi.<stack>.yaml")
    return list(dict.fromkeys(chosen)) or known


def _differences(before: Source, after: Source, stacks: Sequence[str]) -> tuple[Difference, ...]:
    """Plan all sides of all stacks on all cores, and compare them in the order of the stacks."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        planned = list(
            pool.map(
                lambda work: work[0].planned(work[1]), [(side, name) for name in stacks for side in (before, after)]
            )
        )
    pairs = zip(planned[::2], planned[1::2], strict=True)
    return tuple(_difference(name, old, new) for name, (old, new) in zip(stacks, pairs, strict=True))


def _difference(stack: str, old: Planned, new: Planned) -> Difference:
    """Return the difference of a stack. A side that cannot be planned is no stack that is new or gone."""
    notes = (*old.notes, *new.notes)
    if (old.side is None and not old.is_absent) or (new.side is None and not new.is_absent):
        return Difference(stack, None, None, (), notes)
    return compare(stack, old.side, new.side, notes)


def _gates(
    found: Sequence[Difference], fail_on: FailOn, fail_on_replace: Sequence[str], max_increase: float | None
) -> Iterator[str]:
    """Yield why the change fails."""
    for one in found:
        if one.fails(fail_on):
            yield f"{one.stack}: has lines of the severity {fail_on} or higher"
        for type_, urns in one.replaced_types().items():
            if any(type_ == wanted or type_.rpartition(":")[2] == wanted for wanted in fail_on_replace):
                yield f"{one.stack}: replaces or deletes {len(urns)} {type_}"
        if max_increase is not None and (one.before or one.after):
            by = increase(one.before, one.after)
            if by is None:
                yield f"{one.stack}: the increase is unknown, which may be more than {max_increase:,.2f} USD a month"
            elif by > Decimal(str(max_increase)):
                yield f"{one.stack}: costs {by:,.2f} USD a month more, and {max_increase:,.2f} are allowed"
