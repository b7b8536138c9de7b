"""Read a saved `plan.json` or `cost.json` for a comparison."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from aiplatform.cost.bill import NOTHING, Bill, Sizes
from aiplatform.cost.compare import Gap, Known, known, place
from aiplatform.cost.document import VERSION
from aiplatform.errors import CallError
from aiplatform.preview.plan import Json, Plan, Resource
from catalog.reading.document import located


class UnreadableError(CallError):
    """A file that is neither a plan nor a bill, or has another version: one located line."""


def read_known(path: Path, price: Callable[[Plan], Bill]) -> Known:
    """Return the bill in a file, or the bill of the plan in it, calculated by `price`.

    Raises:
        UnreadableError: the file is invalid.
    """
    text, value = _parsed(path)
    if not isinstance(value, dict) or not {"lines", "resources"} & value.keys():
        raise _wrong(path, 1, "is no plan.json and no cost.json; `aiplatform plan` writes both")
    try:
        return _bill(path, text, value) if "lines" in value else known(price(_plan(value)), str(path))
    except _AbsentError as absent:
        message = f"{absent}; an older version wrote it, or it is no plan: write it again with `aiplatform plan`"
        raise _wrong(path, 1, message) from None


def _parsed(path: Path) -> tuple[str, Json]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise _wrong(path, 1, f"cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise _wrong(path, error.lineno, f"is no JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise _wrong(path, 1, "is no JSON text in UTF-8") from None


def _wrong(path: Path, line: int, message: str) -> UnreadableError:
    return UnreadableError(located(str(path), line, message))


class _AbsentError(Exception):
    """A key is missing or has a value of another type."""


def _get(values: Json, key: str, kinds: type | tuple[type, ...], where: str) -> Json:
    value = values.get(key) if isinstance(values, dict) else None
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in _kinds(kinds)):
        raise _AbsentError(f"{where}{key}: is missing or of another kind")
    return value


def _kinds(kinds: type | tuple[type, ...]) -> tuple[type, ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def known_bill(title: str, value: Mapping[str, Json]) -> Known | None:
    """Return the comparable parts of the content of a `cost.json`; None if another version of the program wrote it."""
    try:
        return _known(title, value) if value.get("version") == VERSION else None
    except _AbsentError:
        return None


def _bill(path: Path, text: str, value: Mapping[str, Json]) -> Known:
    if value.get("version") != VERSION:
        line = next((number for number, each in enumerate(text.splitlines(), 1) if '"version"' in each), 1)
        given = value.get("version", "none")
        raise _wrong(
            path, line, f"version: {given} is not {VERSION}, which this program reads; write it again with a new plan"
        )
    return _known(str(path), value)


def _known(title: str, value: Mapping[str, Json]) -> Known:
    lines: dict[tuple[str, str], Sizes] = {}
    estimated: set[tuple[str, str]] = set()
    for number, line in enumerate(_get(value, "lines", list, "")):
        where = f"lines[{number}]."
        key = place(_get(line, "urn", str, where)), _get(line, "item", str, where)
        lines[key] = lines.get(key, NOTHING) + _amounts(line, where)
        # Bills of older versions have no estimates.
        if line.get("estimated"):
            estimated.add(key)
    assumptions = _get(value, "assumptions", dict, "")
    numbers = {name: Decimal(_get(assumptions, name, (int, Decimal), "assumptions.")) for name in assumptions}
    return Known(title, lines, _amounts(value, ""), dict(_gaps(value)), numbers, frozenset(estimated))


def _gaps(value: Mapping[str, Json]) -> Iterator[tuple[tuple[str, str], Gap]]:
    for number, one in enumerate(_get(value, "missing", list, "")):
        where = f"missing[{number}]."
        quantity = Decimal(_get(one, "quantity", (int, Decimal), where))
        key = place(_get(one, "urn", str, where)), _get(one, "item", str, where)
        yield key, Gap(quantity, _get(one, "why", str, where))


def _amounts(value: Json, where: str) -> Sizes:
    numbers = (_get(value, size, (int, Decimal), where) for size in ("minimum", "monthly", "maximum"))
    return Sizes(*map(Decimal, numbers))


def _plan(value: Mapping[str, Json]) -> Plan:
    return Plan(
        project=_get(value, "project", str, ""),
        stack=_get(value, "stack", str, ""),
        resources=_resources(value, "resources"),
        outputs=_get(value, "outputs", dict, ""),
        reads=_resources(value, "reads") if "reads" in value else (),
    )


def _resources(value: Mapping[str, Json], key: str) -> tuple[Resource, ...]:
    return tuple(_resource(each, f"{key}[{number}].") for number, each in enumerate(_get(value, key, list, "")))


def _resource(value: Json, where: str) -> Resource:
    optional = (str, type(None))
    missing = {"parent", "provider"} - (value.keys() if isinstance(value, dict) else set())
    if missing:
        raise _AbsentError(f"{where}{min(missing)}: is missing")
    return Resource(
        urn=_get(value, "urn", str, where),
        type=_get(value, "type", str, where),
        name=_get(value, "name", str, where),
        parent=_get(value, "parent", optional, where),
        provider=_get(value, "provider", optional, where),
        dependencies=tuple(map(str, _get(value, "dependencies", list, where))),
        inputs=_get(value, "inputs", dict, where),
    )
