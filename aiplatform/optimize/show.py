"""The result as text and as JSON."""

from collections.abc import Callable, Iterator
from textwrap import wrap
from typing import Any

from aiplatform.cost.bill import SIZES, Sizes, cents
from aiplatform.cost.compare import Known
from aiplatform.optimize.edit import written
from aiplatform.optimize.idea import Change, Idea
from aiplatform.optimize.search import Found, Offer
from aiplatform.optimize.trial import Trial, Verdict
from catalog.reading.problems import Path, show

Where = Callable[[Path], str]
"""Returns file and line of a setting, or of the section that contains it."""

_AMOUNT = 10
_INDENT = " " * (_AMOUNT + 2)
_WIDTH = 120


def text(stack: str, found: Found, where: Where) -> str:
    """Return the offers with saving, loss and lines, the best set, and what is not offered and why."""
    return "\n".join(_lines(stack, found, where))


def _lines(stack: str, found: Found, where: Where) -> Iterator[str]:
    bill = found.base.bill
    if bill is None:
        return
    least = "at least " if bill.at_least else ""
    least += "an estimated " if bill.estimated else ""
    yield f"{stack} costs {least}{cents(bill.total.expected):,} USD a month. Savings in USD a month, expected size:"
    yield ""
    for offer in found.offers:
        yield from _offer(offer, where)
    if not found.offers:
        yield "Nothing saves money."
    yield ""
    yield from _best(bill, found)
    for title, others in (
        ("Not offered:", found.refused),
        ("Price not known, nothing is said about a saving:", found.unknown),
    ):
        if others:
            yield ""
            yield title
            for one in others:
                reasons = (*one.verdict.broken, *one.verdict.unknown)
                yield from _wrapped(f"- {one.idea.text}: {'; '.join(reasons[:1])}", "")


def _offer(offer: Offer, where: Where) -> Iterator[str]:
    yield f"{cents(offer.saving):>{_AMOUNT},}  {offer.idea.text}"
    if offer.idea.gives_up:
        keep = f" (--keep {offer.idea.keep})" if offer.idea.keep else ""
        yield from _wrapped(f"gives up {offer.idea.gives_up}{keep}", _INDENT)
    for check in offer.checks:
        yield from _wrapped(f"check first: {check}", _INDENT)
    yield from (f"{_INDENT}{where(change[0])}: {_line(change)}" for change in offer.idea.changes)


def _best(bill: Known, found: Found) -> Iterator[str]:
    best = found.best
    if best.saving is None or best.trial.bill is None or not best.ideas:
        return
    before, after = cents(bill.total.expected), cents(best.trial.bill.total.expected)
    share = (before - after) / before * 100 if before else before
    yield (
        f"The best set together, without what has to be checked first: {cents(best.saving.expected):,} USD a month "
        f"({share:.0f} %), from {before:,} to {after:,}"
    )
    yield from (f"- {idea.text}" for idea in best.ideas)
    yield ""
    yield from (f"  {_line(change)}" for change in best.changes)


def applied(stack: str, file: str, base: Trial, tried: Trial, seen: Verdict) -> Iterator[str]:
    """Yield what the changes of a file do to a stack."""
    if base.bill is not None and tried.bill is not None:
        before, after = cents(base.bill.total.expected), cents(tried.bill.total.expected)
        if seen.saving is None:
            yield f"{stack} with {file}: what it saves is not known, because prices are missing"
        else:
            saved = cents(seen.saving.expected)
            costs = f"{stack} with {file} costs {after:,} USD a month instead of {before:,}"
            yield f"{costs}, {saved:,} less (expected size)"
    for title, lines in (("breaks", seen.broken), ("without a price", seen.unknown), ("check first", seen.said)):
        for line in lines:
            yield from _wrapped(f"{title}: {line}", "")


def _line(change: Change) -> str:
    path, value = change
    return f"{show(path)}: {written(value)}"


def _wrapped(line: str, indent: str) -> Iterator[str]:
    yield from wrap(line, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False)


def document(stack: str, found: Found) -> dict[str, Any]:
    """Return the result as plain values."""
    bill = found.base.bill
    best = found.best
    return {
        "stack": stack,
        "currency": "USD",
        "monthly": float(cents(bill.total.expected)) if bill else None,
        "atLeast": bill.at_least if bill else None,
        "estimated": bool(bill.estimated) if bill else None,
        "offers": [
            {
                **_idea(one.idea),
                "saving": _sizes(one.verdict.saving),
                "checkFirst": list(one.checks),
            }
            for one in found.offers
        ],
        "best": {
            "ideas": [idea.text for idea in best.ideas],
            "changes": [{"path": list(path), "value": value} for path, value in best.changes],
            "saving": _sizes(best.saving),
            "monthly": float(cents(best.trial.bill.total.expected)) if best.trial.bill else None,
        },
        "notOffered": [{**_idea(one.idea), "reasons": list(one.verdict.broken)} for one in found.refused],
        "unknown": [{**_idea(one.idea), "reasons": list(one.verdict.unknown)} for one in found.unknown],
    }


def _idea(idea: Idea) -> dict[str, Any]:
    return {
        "text": idea.text,
        "changes": [{"path": list(path), "value": value} for path, value in idea.changes],
        "givesUp": idea.gives_up,
        "keep": idea.keep,
    }


def _sizes(saving: Sizes | None) -> dict[str, float] | None:
    return None if saving is None else {size: float(cents(saving.at(size))) for size in SIZES}
