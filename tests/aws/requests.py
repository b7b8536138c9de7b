"""Convert the inputs of a Pulumi resource to the requests that its provider sends to AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiplatform.preview.plan import Json
from tests.aws.model import operation

Inputs = Mapping[str, Json]

HERE = "."
"""Place of a structure whose members belong to the level of the structure itself."""

ID = "\0id"
"""Placeholder for the id of the resource, in requests after its creation."""


@dataclass(frozen=True)
class To:
    """The place and the format of an input in a request."""

    member: str
    """Dotted path; a list on the path gets one element."""

    read: Callable[[Json], Json] = lambda value: value


@dataclass(frozen=True)
class Call:
    """A request. The first one of a type has every input that is neither another request's nor the provider's own."""

    service: str
    operation: str
    takes: Mapping[str, str | To] = field(default_factory=dict)
    """Places of inputs whose name in the API differs, by dotted path without lists. An input inside a structure is
    placed relative to that structure.
    """

    fixed: Mapping[str, Json] = field(default_factory=dict)
    """Values that the provider itself sets, by dotted member; `ID` for the resource's id."""

    also: Mapping[str, str] = field(default_factory=dict)
    """Inputs that this request requires, too, while the first one keeps them."""

    when: str | None = None
    """The request is only sent if this input is set and true."""


@dataclass(frozen=True)
class Entry:
    """All requests of the provider for a type of resource."""

    calls: tuple[Call, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    """Inputs that AWS does not receive, with their effect in the provider."""

    named: str | None = None
    """The input that Pulumi sets to a generated name if the program does not set it."""

    taggable: bool = False
    """Whether the provider's default tags are added."""

    before: Callable[[Inputs], Inputs] = lambda inputs: inputs
    """Returns the inputs in the nesting of the request, for changes that a renaming cannot express."""


@dataclass(frozen=True)
class Request:
    """A request to a service."""

    service: str
    operation: str
    values: Mapping[str, Json]

    @property
    def api(self) -> str:
        """Return service and operation."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True)
class Asked:
    """The requests of a resource."""

    requests: tuple[Request, ...]
    unmapped: tuple[str, ...]
    """Inputs that neither the table nor the API contains."""

    used: frozenset[str]
    """Paths of `takes` and names of `own` with values."""


def requests_of(
    entry: Entry, logical: str, inputs: Inputs, *, identifier: str = "id", default_tags: Mapping[str, str] | None = None
) -> Asked:
    """Return the requests that the provider sends to create and configure a resource."""
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
    """Return items as a list: Terraform uses a block for a list of at most one item, and a map for keys and values."""
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
    """Return a value in the API's type: Terraform stores some numbers and booleans as text, and vice versa."""
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in {"integer", "long"} and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
