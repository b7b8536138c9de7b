"""The inputs of a resource on both sides, and the fields that differ."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from aiplatform.diff.line import Pair
from catalog.aws.aws_type import SECRET, UNKNOWN, Json

Path: TypeAlias = tuple[str, ...]

_NAMES = ("name", "key", "id", "mountPath", "deviceName", "Sid")
"""Fields by which items of a list are found on the other side, as in a strategic merge patch."""

_ITEMS = 12
"""Items of both lists, up to which these are shown in full."""

_LONGEST = 120
ABSENT = "(none)"


class Field(NamedTuple):
    """A field that differs, with both values as they are shown."""

    path: str
    before: str
    after: str

    def __str__(self) -> str:
        if SECRET in (self.before, self.after):
            return f"{self.path}: {SECRET} changed"
        return f"{self.path}: {self.before} → {self.after}"


def inputs_of(pair: Pair) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
    """Return the inputs before and after; what an update ignores is as before."""
    before: Mapping[str, Json] = pair.before["inputs"] if pair.before else {}
    after: Mapping[str, Json] = pair.after["inputs"] if pair.after else {}
    if not (pair.before and pair.after):
        return before, after
    ignored = list(pair.after.get("ignoreChanges", ()))
    if after.get("ignoreScalingChanges") is True:
        # https://www.pulumi.com/registry/packages/eks/api-docs/managednodegroup/#ignorescalingchanges_python
        ignored.append("scalingConfig.desiredSize")
    for path in ignored:
        after = _as_before(before, after, tuple(path.replace("[", ".").replace("]", "").split(".")))
    return before, after


def _as_before(before: Json, after: Json, path: Path) -> Json:
    """Return the value with the part at a path as it was before; a path that is in neither changes nothing."""
    name, rest = path[0], path[1:]
    if name == "*":
        return before
    if isinstance(after, list) and isinstance(before, list) and name.isdigit():
        number = int(name)
        if number >= min(len(before), len(after)):
            return after
        value = _as_before(before[number], after[number], rest) if rest else before[number]
        return [*after[:number], value, *after[number + 1 :]]
    if not isinstance(after, Mapping) or not isinstance(before, Mapping):
        return after
    if not rest:
        return {**{key: value for key, value in after.items() if key != name}, **_only(before, name)}
    return {**after, name: _as_before(before.get(name), after[name], rest)} if name in after else after


def _only(value: Mapping[str, Json], name: str) -> dict[str, Json]:
    return {name: value[name]} if name in value else {}


def fields(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Field, ...]:
    """Return the fields that differ in the order of their paths."""
    return tuple(
        sorted(Field(".".join(path), _shown(old), _shown(new)) for path, old, new in _differing((), before, after))
    )


def _differing(path: Path, before: Json, after: Json) -> Iterator[tuple[Path, Json, Json]]:
    before, after = _opened(before), _opened(after)
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _differing((*path, name), before.get(name), after.get(name))
        return
    if isinstance(before, list) and isinstance(after, list):
        named = _named(before, after)
        if named is not None:
            old, new = named
            for name in sorted(old.keys() | new.keys()):
                yield from _differing((*path[:-1], f"{path[-1]}[{name}]"), old.get(name), new.get(name))
            return
        yield from _lists(path, before, after)
        return
    yield path, before, after


def _opened(value: Json) -> Json:
    """Return the document in a string of JSON, such as a policy, without empty values; other values as they are."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _named(before: list[Json], after: list[Json]) -> tuple[dict[str, Json], dict[str, Json]] | None:
    """Return the items of two lists by name; None if an item has none or two have the same."""
    items = [*before, *after]
    if not items or not all(isinstance(one, Mapping) for one in items):
        return None
    name = next((each for each in _NAMES if all(isinstance(one.get(each), str | int) for one in items)), None)
    if name is None:
        return None
    old, new = ({str(one[name]): one for one in side} for side in (before, after))
    return (old, new) if len(old) == len(before) and len(new) == len(after) else None


def _lists(path: Path, before: list[Json], after: list[Json]) -> Iterator[tuple[Path, Json, Json]]:
    """Yield the items that one list has alone. As many on both sides are the same items, which changed."""
    old = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    if (not old and not new) or _is_short(before, after):
        yield path, before, after
    elif len(old) != len(new) or not path:
        yield path, old, new
    else:
        for one, other in zip(old, new, strict=True):
            yield from _differing((*path[:-1], f"{path[-1]}[{after.index(other)}]"), one, other)


def _is_short(before: list[Json], after: list[Json]) -> bool:
    """Return whether two lists of plain values are shown in full."""
    return len(before) + len(after) <= _ITEMS and not any(isinstance(one, Mapping | list) for one in (*before, *after))


def _shown(value: Json) -> str:
    if value is None or value == []:
        return ABSENT
    if value in (SECRET, UNKNOWN):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    if SECRET in text and text != SECRET:
        text = SECRET if isinstance(value, str) else text
    text = " ".join(text.split()) or '""'
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
