"""Resources added, changed field by field, removed and renamed."""

from collections import Counter
from collections.abc import Iterator

from aiplatform.diff.fields import Field, fields, inputs_of
from aiplatform.diff.line import Line, Pair, Side, is_real, pairs, subject
from aiplatform.diff.replaced import replaced
from catalog.aws.aws_type import Json

TITLE = "Resources"
ORDER = 90

_FIELDS = 12
"""Fields of a resource that are shown."""

_OPTIONS = ("protect", "retainOnDelete")


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return every difference; of a stack that is new or gone, the number of resources of each type."""
    if before is None or after is None:
        return list(_all(before or after, "added" if before is None else "no longer planned"))
    found = replaced(before, after)
    return [
        line
        for pair in pairs(before, after)
        if is_real(pair.one) or pair.one["type"].startswith("pulumi:providers")
        for line in _of(pair, is_replaced=pair.one["urn"] in found)
    ]


def _all(side: Side | None, what: str) -> Iterator[Line]:
    if side is None:
        return
    counts = Counter(str(one["type"]) for one in side.resources.values() if is_real(one))
    for type_, count in sorted(counts.items()):
        yield Line(type_, f"{count} {what}", "info")


def _of(pair: Pair, *, is_replaced: bool) -> Iterator[Line]:
    name, urn = subject(pair.one), str(pair.one["urn"])
    if pair.before is None:
        yield Line(name, "added", "info", urn)
        return
    if pair.after is None:
        yield Line(name, "removed", "info", urn)
        return
    if pair.is_renamed:
        yield Line(name, f"renamed in the state by an alias, from {pair.before['urn']}", "info", urn)
    changed = [*fields(*inputs_of(pair)), *_options(pair)]
    if changed:
        more = len(changed) - _FIELDS
        text = "; ".join(map(str, changed[:_FIELDS])) + (f"; and {more} more fields" if more > 0 else "")
        yield Line(name, f"{'replaced' if is_replaced else 'changed'}: {text}", "info", urn)
    elif is_replaced:
        yield Line(name, "replaced with what it refers to", "info", urn)


def _options(pair: Pair) -> Iterator[Field]:
    for option in _OPTIONS:
        old, new = (_flag(side.get(option) if side else None) for side in pair)
        if old != new:
            yield Field(option, old, new)


def _flag(value: Json) -> str:
    return "true" if value is True else "false"
