"""From the inputs of a Pulumi resource to the requests that its provider sends to AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiplatform.preview.plan import Json
from tests.aws.model import operation

Inputs = Mapping[str, Json]

HERE = "."
"""As the place of an input: what is inside of it goes where it stands itself."""

ID = "\0id"
"""Stands for the id of the resource, in requests that follow its creation."""


@dataclass(frozen=True)
class To:
    """Where an input goes in a request, and how it is said there."""

    member: str
    """Dotted; a list on the way gets one element."""

    read: Callable[[Json], Json] = lambda value: value


@dataclass(frozen=True)
class Call:
    """One request. The first of a type takes every input that no other claims and that is not the provider's own."""

    service: str
    operation: str
    takes: Mapping[str, str | To] = field(default_factory=dict)
    """Inputs by their dotted path, lists left out, where the API has another name than the input. An input inside a
    structure is placed relative to that structure."""

    fixed: Mapping[str, Json] = field(default_factory=dict)
    """What the provider says by itself, by dotted member; `ID` for the resource's id."""

    also: Mapping[str, str] = field(default_factory=dict)
    """Inputs that this request needs too, without taking them from the first."""

    when: str | None = None
    """Nothing is sent unless this input is there and true."""


@dataclass(frozen=True)
class Entry:
    """All that the provider sends for one type of resource."""

    calls: tuple[Call, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    """Inputs that AWS never sees, each with what the provider does with it."""

    named: str | None = None
    """The input that Pulumi fills with a name of its own where the program gives none."""

    taggable: bool = False
    """Whether the provider's default tags go with it."""

    before: Callable[[Inputs], Inputs] = lambda inputs: inputs
    """The inputs in the nesting of the request, where no renaming can express it."""


@dataclass(frozen=True)
class Request:
    """What is sent."""

    service: str
    operation: str
    values: Mapping[str, Json]

    @property
    def api(self) -> str:
        """Service and operation."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True)
class Asked:
    """The requests of one resource."""

    requests: tuple[Request, ...]
    unmapped: tuple[str, ...]
    """Inputs that the table says nothing about and the API does not know."""

    used: frozenset[str]
    """The paths of `takes` and the names of `own` that something was found under."""


def requests_of(
    entry: Entry, logical: str, inputs: Inputs, *, identifier: str = "id", default_tags: Mapping[str, str] | None = None
) -> Asked:
    """What the provider sends to create a resource and to set it up as asked."""
    given = _completed(entry, logical, inputs, default_tags or {})
    claimed = {path for call in entry.calls[1:] for path in call.takes if "." not in path}
    claimed |= {call.when for call in entry.calls[1:] if call.when}
    writer = _Writer(identifier)
    sent = []
    for number, call in enumerate(entry.calls):
        wanted = {path for path in call.takes if "." not in path}
        names = [name for name in given if name in wanted or (number == 0 and name not in claimed | entry.own.keys())]
        due = bool(given.get(call.when)) if call.when else bool(names) or number == 0
        if due:
            sent.append(
                writer.write(call, {name: given[name] for name in [*names, *(call.also.keys() & given.keys())]})
            )
    used = writer.used | ((entry.own.keys() | {call.when for call in entry.calls if call.when}) & given.keys())
    return Asked(tuple(sent), tuple(writer.unmapped), frozenset(used))


def _completed(entry: Entry, logical: str, inputs: Inputs, default_tags: Mapping[str, str]) -> dict[str, Json]:
    given = {name: value for name, value in entry.before(inputs).items() if value is not None}
    if entry.named and not {entry.named, f"{entry.named}Prefix"} & given.keys():
        given[entry.named] = f"{logical}-0a1b2c3"
    if entry.taggable and (default_tags or given.get("tags")):
        given["tags"] = {**default_tags, **given.get("tags", {})}
    return given


class _Writer:
    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self.unmapped: list[str] = []
        self.used: set[str] = set()

    def write(self, call: Call, inputs: Inputs) -> Request:
        shape = operation(call.service, call.operation).input_shape
        values: dict[str, Json] = {}
        for member, value in call.fixed.items():
            _place(values, shape, member, self._identifier if value == ID else value)
        self._fill(values, shape, call, inputs, "")
        return Request(call.service, call.operation, values)

    def _fill(self, into: dict[str, Json], shape: Any, call: Call, inputs: Inputs, above: str) -> None:
        for name, value in inputs.items():
            path = f"{above}.{name}".removeprefix(".")
            target = call.takes.get(path) or call.also.get(path) or _namesake(shape, name)
            if path in call.takes:
                self.used.add(path)
            if target is None:
                self.unmapped.append(f"{path} is not known to {call.service}:{call.operation}")
                continue
            if target == HERE:
                self._fill(into, shape, call, value, path)
                continue
            to = To(target) if isinstance(target, str) else target
            member = _member(shape, to.member)
            _place(into, shape, to.member, self._fit(to.read(value), member, call, path))

    def _fit(self, value: Json, shape: Any, call: Call, path: str) -> Json:
        match shape.type_name:
            case "structure" if isinstance(value, Mapping):
                inner: dict[str, Json] = {}
                self._fill(inner, shape, call, value, path)
                return inner
            case "list":
                return [self._fit(item, shape.member, call, path) for item in _items(value, shape)]
            case _:
                return _scalar(value, shape.type_name)


def _namesake(shape: Any, name: str) -> str | None:
    return next((member for member in shape.members if member.lower() == name.lower()), None)


def _member(shape: Any, path: str) -> Any:
    for name in path.split("."):
        while shape.type_name == "list":
            shape = shape.member
        shape = shape.members[name]
    return shape


def _place(into: dict[str, Json], shape: Any, path: str, value: Json) -> None:
    name, _, rest = path.partition(".")
    member = shape.members[name]
    if not rest:
        old = into.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            value = {**old, **value}
        elif isinstance(old, list) and isinstance(value, list) and len(old) == len(value) == 1:
            value = [{**old[0], **value[0]}]
        into[name] = value
        return
    if member.type_name == "list":
        _place(into.setdefault(name, [{}])[0], member.member, rest, value)
    else:
        _place(into.setdefault(name, {}), member, rest, value)


def _items(value: Json, shape: Any) -> list[Json]:
    """Terraform has a single block for a list of at most one, and a map for a list of keys and values."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or shape.member.type_name != "structure":
        return [value]
    names = list(shape.member.members)
    key = next((name for name in names if name in {"Key", "TagKey"}), None)
    if key is None or key.lower() in {name.lower() for name in value}:
        return [value]
    return [{key: name, key.replace("Key", "Value"): text} for name, text in value.items()]


def _scalar(value: Json, kind: str) -> Json:
    """Terraform keeps some numbers and truths as text, and the other way round."""
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in {"integer", "long"} and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
