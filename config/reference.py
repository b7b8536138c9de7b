"""What can be set at a path of a stack file, read from its JSON Schema: for `explain`, `--set` and docs/settings.md."""

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from catalog.reading.problems import Path
from config.schema import stack_file_schema
from config.settings import NAMESPACE

Node = Mapping[str, Any]
"""A JSON Schema."""

EVERY = "*"
"""Stands for any name of a map and any index of a list."""

_REF = "#/$defs/"
_PART = re.compile(r"""(?:([^.\[\]'"]+)|'([^']+)'|"([^"]+)")((?:\[(?:\d+|\*)\])*)(?:\.|$)""")
_UNITS = {
    "Seconds": "seconds",
    "Minutes": "minutes",
    "Hours": "hours",
    "Days": "days",
    "Gib": "GiB",
    "GiB": "GiB",
    "Mib": "MiB",
    "Kib": "KiB",
    "Bytes": "bytes",
    "Usd": "USD",
    "Percent": "percent",
    "Gb": "GB",
}
_OF_TYPE = {"integer": "integer", "number": "number", "boolean": "true or false", "null": "null"}


class Setting(NamedTuple):
    """A setting, or a section or map with settings."""

    path: Path
    """`*` stands for names and indexes."""

    nodes: tuple[Node, ...]
    """What it can be, without null."""

    description: str
    required: bool
    default: Any
    """As in the schema; None where the default is derived from other settings, and for required ones."""

    nullable: bool

    @property
    def type(self) -> str:
        """Return the types of its values in words."""
        return " or ".join(dict.fromkeys(map(_type, self.nodes))) or "null"

    @property
    def allowed(self) -> str:
        """Return the allowed values in words; empty without a restriction that the schema knows."""
        return "; ".join(dict.fromkeys(filter(None, map(_allowed, self.nodes))))

    @property
    def unit(self) -> str:
        """Return the unit of a number, by its name; empty without one."""
        name = str(next((part for part in reversed(self.path) if part != EVERY), ""))
        month = " a month" if name.endswith("PerMonth") else ""
        name = name.removesuffix("PerMonth")
        found = next((unit for ending, unit in _UNITS.items() if name.endswith(ending) or name == ending.lower()), "")
        return (
            f"{found}{month}" if found and any(one.get("type") in {"integer", "number"} for one in self.nodes) else ""
        )

    def keys(self) -> tuple[str, ...]:
        """Return the keys below it."""
        return tuple(key for node in self.nodes for key in node.get("properties", ()))

    def is_map(self) -> bool:
        """Return whether its keys are names that the stack file chooses."""
        return any(isinstance(node.get("additionalProperties"), Mapping) for node in self.nodes)

    def is_list(self) -> bool:
        """Return whether it is a list."""
        return any(node.get("type") == "array" for node in self.nodes)


@functools.cache
def _schema() -> Node:
    return stack_file_schema()


def root() -> Setting:
    """Return what contains all sections."""
    config = _schema()["properties"]["config"]
    prefix = f"{NAMESPACE}:"
    sections = {
        "type": "object",
        "properties": {key.removeprefix(prefix): node for key, node in config["properties"].items()},
        "required": [key.removeprefix(prefix) for key in config["required"]],
    }
    return Setting((), (sections,), "All sections of a stack file.", required=True, default=None, nullable=False)


def parse_path(text: str) -> Path | None:
    """Return the path of `databases.*.engine` or `network.subnets.private[1].cidr`; None if it is none."""
    rest = f"{text.strip().removeprefix(f'{NAMESPACE}:')}."
    path: list[str | int] = []
    while rest:
        match = _PART.match(rest)
        if match is None:
            return None
        path.append(match[1] or match[2] or match[3])
        path += [EVERY if index == "*" else int(index) for index in re.findall(r"\[(\d+|\*)\]", match[4])]
        rest = rest[match.end() :]
    return tuple(path)


def setting_at(path: Path) -> Setting | None:
    """Return what can be set at a path; None if nothing can."""
    here: Setting | None = root()
    for part in path:
        here = _below(here, part) if here is not None else None
    return here


def children(setting: Setting) -> Iterator[Setting]:
    """Yield what can be set directly below."""
    for key in dict.fromkeys(setting.keys()):
        if (found := _below(setting, key)) is not None:
            yield found
    if (setting.is_map() or setting.is_list()) and (found := _below(setting, EVERY)) is not None:
        yield found


def every(setting: Setting) -> Iterator[Setting]:
    """Yield all settings below one, at most 12 levels deep."""
    for one in children(setting):
        yield one
        if len(one.path) < 12:
            yield from every(one)


def types_at(path: Path) -> frozenset[str] | None:
    """Return the JSON types that a value at a path can have; None if it is unknown or can be anything."""
    found = setting_at(path)
    if found is None:
        return None
    types = {str(node.get("type") or _of_values(node)) for node in found.nodes}
    if "" in types:
        return None
    return frozenset(types | ({"null"} if found.nullable else set()))


def _of_values(node: Node) -> str:
    values = node.get("enum") or ([node["const"]] if "const" in node else [])
    return "string" if values and all(isinstance(one, str) for one in values) else ""


def _below(setting: Setting, part: str | int) -> Setting | None:
    """Return the setting of a key, name or index; the path has `*` for the latter two."""
    found: list[tuple[Node, str | int, bool]] = []
    for node in setting.nodes:
        if part in node.get("properties", {}):
            found.append((node["properties"][part], part, part in node.get("required", ())))
        elif isinstance(node.get("additionalProperties"), Mapping) and isinstance(part, str):
            found.append((node["additionalProperties"], EVERY, False))
        elif (items := node.get("items") or node.get("prefixItems")) and (isinstance(part, int) or part == EVERY):
            found.append((items if isinstance(items, Mapping) else items[0], EVERY, False))
    if not found:
        return None
    node, name, required = found[0]
    nodes = [one for given, _, _ in found for one in _alternatives(given)]
    return Setting(
        (*setting.path, name),
        tuple(one for one in nodes if one.get("type") != "null"),
        " ".join(str(node.get("description") or _resolved(node).get("description") or "").split()),
        required,
        node.get("default"),
        any(one.get("type") == "null" for one in nodes),
    )


def _resolved(node: Node) -> Node:
    while "$ref" in node:
        node = _schema()["$defs"][node["$ref"].removeprefix(_REF)]
    return node


def _alternatives(node: Node) -> Iterator[Node]:
    node = _resolved(node)
    choices = node.get("anyOf") or node.get("oneOf")
    if choices:
        for one in choices:
            yield from _alternatives(one)
    else:
        yield node


def _type(node: Node) -> str:
    type_ = node.get("type")
    if type_ == "array":
        items = [_type(one) for one in _alternatives(node.get("items", {}))]
        return f"list of {' or '.join(dict.fromkeys(items))}"
    if type_ == "object":
        if isinstance(node.get("additionalProperties"), Mapping):
            values = [_type(one) for one in _alternatives(node["additionalProperties"])]
            return f"map of names to {' or '.join(dict.fromkeys(values))}"
        return "map"
    return _OF_TYPE.get(str(type_), str(type_) if type_ else _of_values(node) or "any value")


_LIMITS: Sequence[tuple[str, str]] = (
    ("minimum", "{} or more"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "{} or less"),
    ("exclusiveMaximum", "less than {}"),
    ("multipleOf", "multiples of {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("minProperties", "at least {} names"),
    ("maxProperties", "at most {} names"),
    ("pattern", "pattern {}"),
)


def _allowed(node: Node) -> str:
    if "enum" in node or "const" in node:
        return ", ".join(_shown(one) for one in node.get("enum", [node.get("const")]))
    if "minimum" in node and "maximum" in node:
        return f"{_shown(node['minimum'])} to {_shown(node['maximum'])}"
    return ", ".join(words.format(_shown(node[key])) for key, words in _LIMITS if key in node)


def _shown(value: Any) -> str:  # noqa: ANN401, a JSON value is of any type
    return value if isinstance(value, str) else json.dumps(value)
