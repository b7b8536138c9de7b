"""A stack file as YAML 1.2, with the line of every value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.problems import Path, Problem, SettingsError, did_you_mean, show

STACK_FILE_KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""What the Pulumi CLI writes at the top of a stack file."""

DEEPEST = 40
"""Nesting beyond this is no stack file, and would exhaust the stack before it is refused."""

_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float")}


@dataclass
class Document:
    """What a stack file says, section by section, and where it says it."""

    name: str
    sections: dict[str, Any] = field(default_factory=dict)
    """The values of the namespace, by section."""

    others: dict[str, Any] = field(default_factory=dict)
    """The values of other namespaces, by their whole key: `aws:region`."""

    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def locate(self, problem: Problem) -> str:
        """`Pulumi.lab.yaml:31: network.cidr: ...`."""
        where = show(problem.path)
        return f"{self.name}:{self.line(problem.path)}: {where}{': ' if where else ''}{problem.message}"


def _scalar(node: ScalarNode, constructor: SafeConstructor) -> Any:  # noqa: ANN401, a YAML scalar is of any type
    """Numbers, booleans and null as YAML 1.2 has them; everything else, dates too, stays text."""
    if str(node.tag) not in _PLAIN_TAGS:
        return node.value
    value = constructor.construct_object(node)
    return value if value is None or isinstance(value, bool | int | float) else node.value


@dataclass
class _Reader:
    """Turns nodes into values and notes lines, repeated keys and encrypted values."""

    document: Document
    constructor: SafeConstructor

    def read(self, node: Node, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > DEEPEST:
            self.document.problems.append(Problem(path, f"is nested more than {DEEPEST} levels deep"))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return _scalar(node, self.constructor) if isinstance(node, ScalarNode) else None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, key_node, value_node in self._pairs(node):
            inner = (*path, key)
            if key in values:
                first = self.document.lines[inner]
                self.document.lines[(*path, f"{key} (again)")] = key_node.start_mark.line + 1
                self.document.problems.append(
                    Problem((*path, f"{key} (again)"), f"{key} stands here twice, first in line {first}; keep one")
                )
                continue
            self.document.lines[inner] = key_node.start_mark.line + 1
            values[key] = self.read(value_node, inner)
        if "secure" in values and len(values) == 1:
            self.document.problems.append(
                Problem(
                    path,
                    "is encrypted and cannot be read without the stack's key; "
                    "put the value into Secrets Manager and name it in the section secrets",
                )
            )
        return values

    def _pairs(self, node: MappingNode) -> Iterator[tuple[str, Node, Node]]:
        for key_node, value_node in node.value:
            if key_node.value == "<<" and isinstance(value_node, MappingNode):
                yield from self._pairs(value_node)
            else:
                yield str(key_node.value), key_node, value_node


def _compose(yaml: YAML, text: str, name: str) -> MappingNode:
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        cause = " ".join(filter(None, (error.context, error.problem)))
        raise SettingsError([f"{name}:{mark.line + 1 if mark else 1}: is no YAML: {cause}"]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        cause = "it is nested too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        raise SettingsError([f"{name}:1: is no YAML: {cause}"]) from None
    if node is None:
        raise SettingsError(
            [f"{name}:1: is empty; a stack file begins with `config:` and `ai-platform:project:` below"]
        )
    if not isinstance(node, MappingNode):
        raise SettingsError([f"{name}:{node.start_mark.line + 1}: is no stack file; it begins with `config:`"])
    return node


def parse(text: str, name: str, namespace: str) -> Document:
    """Read a stack file.

    Mistakes that leave something to read are collected in `Document.problems`.

    Raises:
        SettingsError: the file is empty, no YAML, or holds no `config:`.
    """
    yaml = YAML(typ="safe", pure=True)
    root = _compose(yaml, text, name)
    document = Document(name)
    reader = _Reader(document, yaml.constructor)
    config: Node | None = None
    for key_node, value_node in root.value:
        key = str(key_node.value)
        document.lines[(key,)] = key_node.start_mark.line + 1
        if key == "config":
            config = value_node
        elif key not in STACK_FILE_KEYS:
            document.problems.append(Problem((key,), f"is no key of a stack file{did_you_mean(key, STACK_FILE_KEYS)}"))
    if not isinstance(config, MappingNode):
        raise SettingsError([*map(document.locate, document.problems), f"{name}:1: config: is missing or no map"])
    values = reader.read(config, ())
    _divide(document, values, namespace)
    return document


def _divide(document: Document, values: Mapping[str, Any], namespace: str) -> None:
    """Split the values by namespace; the paths of this namespace begin at the section."""
    prefix = f"{namespace}:"

    def shorten(path: Path) -> Path:
        first = str(path[0]) if path else ""
        return (first.removeprefix(prefix), *path[1:]) if first.startswith(prefix) else path

    document.lines = {shorten(path): line for path, line in document.lines.items()}
    document.problems = [Problem(shorten(problem.path), problem.message) for problem in document.problems]
    for key, value in values.items():
        if key.startswith(prefix):
            document.sections[key.removeprefix(prefix)] = value
        elif ":" in key:
            document.others[key] = value
        else:
            document.problems.append(Problem((key,), f"has no namespace; write it as {prefix}{key}"))


def decode(values: Mapping[str, str], namespace: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Pulumi's configuration, in which every object is a JSON text, as sections and as values of other namespaces."""
    sections: dict[str, Any] = {}
    others: dict[str, Any] = {}
    prefix = f"{namespace}:"
    for key, text in values.items():
        if not key.startswith(prefix):
            others[key] = text
            continue
        try:
            sections[key.removeprefix(prefix)] = json.loads(text)
        except ValueError:
            sections[key.removeprefix(prefix)] = text
    return sections, others
