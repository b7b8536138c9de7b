"""Read a stack file as YAML 1.2, with the line of every value."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from catalog.reading.problems import Path, Problem, SettingsError, did_you_mean, show
from catalog.reading.secrets import HIDDEN, redacted, secret_kind

STACK_FILE_KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""Top-level keys of a stack file, as the Pulumi CLI writes them."""

DEEPEST = 40
"""Maximum nesting: deeper nesting would exhaust the call stack."""

MOST = 20_000
"""Maximum number of values with aliases expanded: aliases of aliases could exhaust the memory."""

_BEYOND = 2**63
"""Numbers are limited to 64 bits: not every JSON parser preserves more."""

_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_MERGE = "tag:yaml.org,2002:merge"
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float")}


@dataclass
class Document:
    """The values of a stack file by section, and their lines."""

    name: str
    sections: dict[str, Any] = field(default_factory=dict)
    """The values of the namespace, by section."""

    others: dict[str, Any] = field(default_factory=dict)
    """The values of other namespaces by full key, such as `aws:region`."""

    lines: dict[Path, int] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    """Numbers and booleans as written: `1.30`, where the value is 1.3."""

    problems: list[Problem] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    """Values that are set on the command line."""

    text: str = ""
    """The content of the file."""

    def line(self, path: Path) -> int:
        """Return the line of a value, or of the nearest map or list that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of(self, problem: Problem) -> int:
        """Return the line of a problem: that of its key, or of its value."""
        return self.line(problem.path) if problem.line is None else problem.line

    def locate(self, problem: Problem) -> str:
        """Format a problem as `Pulumi.lab.yaml:31: network.cidr: ...`, in one line."""
        where = show(problem.path)
        for path in self.changed if problem.line is None else ():
            if problem.path[: len(path)] == path or path[: len(problem.path)] == problem.path:
                return _printable(f"--set {where}: {problem.message}")
        return located(self.name, self.line_of(problem), f"{where}{': ' if where else ''}{problem.message}")

    def hide_secrets(self) -> None:
        """Report the secrets among the values, keys and comments, and replace them."""
        told = len(self.problems)
        self.sections = {section: self._hidden(value, (section,)) for section, value in self.sections.items()}
        # A rule refuses the keys of other namespaces, with a fix of its own; the engine has one.
        self.others = {
            key: self._hidden(value, (key,)) if key.startswith("pulumi:") else HIDDEN if _is_secret(value) else value
            for key, value in self.others.items()
        }
        lines = {self.line_of(problem) for problem in self.problems[told:]}
        for number, line in enumerate(self.text.splitlines(), 1):
            comment = _COMMENT.search(line)
            if comment is not None and number not in lines and (what := secret_kind(comment[1])) is not None:
                self.problems.append(Problem((), f"the comment {_TOLD.format(what)}", line=number))

    def _hidden(self, value: Any, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
        if isinstance(value, dict):
            return {
                key: self._hidden(one, (*path, key)) for key, one in value.items() if not self._is_secret(key, path)
            }
        if isinstance(value, list):
            return [self._hidden(one, (*path, index)) for index, one in enumerate(value)]
        if not isinstance(value, str) or (what := secret_kind(value)) is None:
            return value
        self.problems.append(Problem(path, _TOLD.format(what)))
        return HIDDEN

    def _is_secret(self, key: str, path: Path) -> bool:
        what = secret_kind(key)
        if what is not None:
            self.problems.append(Problem(path, f"the key {_TOLD.format(what)}", line=self.line((*path, key))))
        return what is not None


def _is_secret(value: Any) -> bool:  # noqa: ANN401, a YAML value is of any type
    return isinstance(value, str) and secret_kind(value) is not None


_COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")
_TOLD = (
    "looks like {}, which users with access to this file could read; store the value in Secrets Manager, add the "
    "secret to the section secrets, and refer to its key"
)


def located(name: str, line: int, text: str) -> str:
    """Format a located message in one line; characters that cannot be printed are escaped."""
    return _printable(f"{name}:{line}: {text}")


def _printable(text: str) -> str:
    return redacted("".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text))


class _TooLarge(Exception):  # noqa: N818, it is not an error of the program
    """The file has more values than MOST."""


def _scalar(node: ScalarNode, constructor: SafeConstructor) -> Any:  # noqa: ANN401, a YAML scalar is of any type
    """Parse numbers, booleans and null as in YAML 1.2; everything else, dates included, is a string.

    Raises:
        ValueError: the value is not supported; the text is the message of a problem.
    """
    text = str(node.value)
    if _broken(text):
        raise ValueError("has half of a surrogate pair, which is not a valid character; write the character itself")
    if str(node.tag) not in _PLAIN_TAGS:
        return text
    try:
        value = constructor.construct_object(node)
    except (YAMLError, ValueError, LookupError, TypeError, ArithmeticError):
        raise ValueError(f"{_short(text)!r} cannot be read as {str(node.tag).rpartition(':')[2]}") from None
    if isinstance(value, int) and abs(value) >= _BEYOND:
        raise ValueError(f"{_short(text)} exceeds 64 bits; use a smaller number, or a string in quotes")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{_short(text)} is not a finite number; use a number, or a string in quotes")
    if isinstance(value, int) and _LEADING_ZERO.fullmatch(text):
        raise ValueError(f"{text} begins with a zero and is octal in YAML 1.1; write {value}, or '{text}' for a string")
    return value if value is None or isinstance(value, bool | int | float) else text


def _broken(text: str) -> bool:
    """Return whether text has half a surrogate pair, which can be escaped in YAML but not encoded."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _sources(node: MappingNode) -> Iterator[Node]:
    """Yield the maps that a map merges with `<<`."""
    for key_node, value_node in node.value:
        if str(key_node.tag) == _MERGE:
            yield from value_node.value if isinstance(value_node, SequenceNode) else (value_node,)


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}..."


Typed = Callable[[Path, str], Any]
"""Returns the value of an unquoted scalar at a path; NotImplemented where YAML decides."""


@dataclass
class _Reader:
    """Converts YAML nodes to values; records lines, duplicate keys and encrypted values."""

    document: Document
    constructor: SafeConstructor
    typed: Typed = lambda _path, _text: NotImplemented
    values: int = 0
    around: list[Node] = field(default_factory=list)
    """The ancestors of the current node: an alias to one of them is a cycle."""

    def read(self, node: Node, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        self._count()
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if any(node is other for other in self.around):
            return self._problem(path, "contains itself; remove the alias")
        if len(path) > DEEPEST:
            return self._problem(path, f"is nested more than {DEEPEST} levels deep")
        self.around.append(node)
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, path)
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        finally:
            self.around.pop()

    def pairs(self, node: MappingNode, path: Path, merging: tuple[Node, ...] = ()) -> dict[str, tuple[Node, Node]]:
        """Return the keys of a map with their nodes: its own keys first, then merged ones (https://yaml.org/type/merge.html).

        Problems of a merged map are reported where it is defined, not here.
        """
        found: dict[str, tuple[Node, Node]] = {}
        for key_node, value_node in node.value:
            self._count()
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if str(key_node.tag) == _MERGE:
                continue
            if not isinstance(key_node, ScalarNode) or _broken(key):
                message = "has a key that is not a string; use a string"
            elif key in found:
                message = f"duplicate key {key}, first in line {found[key][0].start_mark.line + 1}; remove one"
            else:
                found[key] = (key_node, value_node)
                continue
            if not merging:
                self._problem(path, message, line=line)
        for source in _sources(node):
            if isinstance(source, MappingNode) and not any(source is other for other in (node, *merging)):
                for key, pair in self.pairs(source, path, (*merging, node)).items():
                    found.setdefault(key, pair)
            elif not merging:
                line = source.start_mark.line + 1
                self._problem(path, "merges a value that is not a map; correct the <<", line=line)
        return found

    def _count(self) -> None:
        self.values += 1
        if self.values > MOST:
            raise _TooLarge

    def _problem(self, path: Path, message: str, *, line: int | None = None) -> None:
        self.document.problems.append(Problem(path, message, line=line))

    def _scalar(self, node: ScalarNode, path: Path) -> Any:  # noqa: ANN401, a YAML scalar is of any type
        if not node.style and (value := self.typed(path, str(node.value))) is not NotImplemented:
            return value
        try:
            value = _scalar(node, self.constructor)
        except ValueError as error:
            return self._problem(path, str(error))
        if isinstance(value, bool | int | float):
            self.document.texts[path] = str(node.value)
        return value

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, (key_node, value_node) in self.pairs(node, path).items():
            self.document.lines[(*path, key)] = key_node.start_mark.line + 1
            values[key] = self.read(value_node, (*path, key))
        if set(values) == {"secure"}:
            self._problem(
                path,
                "is encrypted and cannot be read without the stack's key; "
                "store the value in Secrets Manager and add it to the section secrets",
            )
        return values


def _compose(yaml: YAML, text: str, name: str) -> MappingNode:
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        cause = " ".join(filter(None, (error.context, error.problem)))
        raise SettingsError([located(name, mark.line + 1 if mark else 1, f"invalid YAML: {cause}")]) from None
    except RecursionError:
        raise SettingsError([f"{name}:1: invalid YAML: nested too deep"]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SettingsError(
            [f"{name}:{line}: invalid YAML: it contains the character U+{error.character:04X}"]
        ) from None
    except (YAMLError, ValueError, AssertionError) as error:
        cause = str(error).partition("\n")[0] or "it cannot be read"
        raise SettingsError([located(name, 1, f"invalid YAML: {cause}")]) from None
    if node is None or (isinstance(node, ScalarNode) and not node.value):
        raise SettingsError([f"{name}:1: is empty; begin with `config:` and below it `ai-platform:project:`"])
    if not isinstance(node, MappingNode):
        raise SettingsError([f"{name}:{node.start_mark.line + 1}: is not a stack file; it must begin with `config:`"])
    return node


def parse(text: str, name: str, namespace: str) -> Document:
    """Parse the text of a stack file; `name` is the file name that error messages show.

    Errors that do not prevent reading the rest are collected in `Document.problems`.

    Raises:
        SettingsError: the file is empty, is not YAML, or has no `config:`.
    """
    yaml = YAML(typ="safe", pure=True)
    root = _compose(yaml, text, name)
    document = Document(name, text=text)
    reader = _Reader(document, yaml.constructor)
    try:
        keys = reader.pairs(root, ())
        line, config = 1, None
        for key, (key_node, value_node) in keys.items():
            if key == "config":
                line, config = key_node.start_mark.line + 1, value_node
            elif key not in STACK_FILE_KEYS:
                message = f"unknown key of a stack file{did_you_mean(key, STACK_FILE_KEYS)}"
                document.problems.append(Problem((key,), message, line=key_node.start_mark.line + 1))
        if not isinstance(config, MappingNode):
            missing = Problem(
                ("config",), "is not a map; add the sections below it" if "config" in keys else "is missing", line=line
            )
            raise SettingsError(dict.fromkeys(map(document.locate, (*document.problems, missing))))
        values = reader.read(config, ())
    except _TooLarge:
        raise SettingsError([f"{name}:1: has more than {MOST} values with aliases expanded; remove aliases"]) from None
    _divide(document, values, namespace)
    return document


def parse_value(text: str, path: Path, typed: Typed) -> Any:  # noqa: ANN401, a YAML value is of any type
    """Parse the text of a single value of a stack file.

    Raises:
        ValueError: it is not YAML, or not a valid value.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text) or ScalarNode("tag:yaml.org,2002:null", "")
    except (YAMLError, ValueError, AssertionError, RecursionError):
        raise ValueError(f"{text!r} is no YAML value") from None
    document = Document("")
    value = _Reader(document, yaml.constructor, typed).read(node, path)
    for problem in document.problems:
        raise ValueError(problem.message)
    return value


def _divide(document: Document, values: Mapping[str, Any], namespace: str) -> None:
    """Split the values by namespace; paths of `namespace` begin at the section."""
    prefix = f"{namespace}:"

    def shorten(path: Path) -> Path:
        first = str(path[0]) if path else ""
        return (first.removeprefix(prefix), *path[1:]) if first.startswith(prefix) else path

    document.lines = {shorten(path): line for path, line in document.lines.items()}
    document.texts = {shorten(path): text for path, text in document.texts.items()}
    document.problems = [replace(problem, path=shorten(problem.path)) for problem in document.problems]
    for key, value in values.items():
        if key.startswith(prefix):
            document.sections[key.removeprefix(prefix)] = value
        elif ":" in key:
            document.others[key] = value
        else:
            message = f"has no namespace; write it as {prefix}{key}"
            document.problems.append(Problem((key,), message, line=document.lines[(key,)]))


def decode(values: Mapping[str, str], namespace: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Decode Pulumi's configuration, in which objects are JSON, into sections and values of other namespaces."""
    sections: dict[str, Any] = {}
    others: dict[str, Any] = {}
    prefix = f"{namespace}:"
    for key, text in values.items():
        if not key.startswith(prefix):
            others[key] = text
            continue
        try:
            sections[key.removeprefix(prefix)] = json.loads(text)
        except (ValueError, RecursionError):
            sections[key.removeprefix(prefix)] = text
    return sections, others
