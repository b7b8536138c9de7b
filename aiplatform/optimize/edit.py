"""Write changes into the text of a stack file: only the changed values differ, and comments stay."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from aiplatform.optimize.idea import Change
from catalog.reading.problems import Path
from config.settings import NAMESPACE

_PLAIN = re.compile(r"[A-Za-z0-9_/](?:[\w ./*+%@-]|:(?! ))*")
_OTHER = re.compile(r"[-+.\d_e]+|0[box][\da-fA-F_]+|(?i:true|false|null|yes|no|on|off|y|n)|.*[ :]")
"""Texts that a parser of YAML 1.1 or 1.2 reads as something else."""


def edited(text: str, changes: Iterable[Change]) -> str:
    """Return the text of a stack file with changed values.

    What follows from anchors and merge keys is not seen: compare the values of the result with what was planned.
    """
    for (section, *path), value in changes:
        text = _changed(text, ("config", f"{NAMESPACE}:{section}", *path), value)
    return text


def written(value: Any) -> str:  # noqa: ANN401, a YAML value is of any type
    """Return a value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(key)}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and not _OTHER.fullmatch(value)
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _changed(text: str, path: Path, value: Any) -> str:  # noqa: ANN401, as above
    node: Node = YAML(typ="rt", pure=True).compose(text)
    before: Node | None = None
    for depth, part in enumerate(path):
        rest = path[depth + 1 :]
        if isinstance(node, MappingNode):
            pair = next(((key, one) for key, one in node.value if key.value == part), None)
            if pair is None:
                return _inserted(text, node, str(part), rest, value)
            before, node = pair
        elif isinstance(node, SequenceNode) and isinstance(part, int):
            before, node = None, node.value[part]
        else:
            return _replaced(text, before, node, _nested(path[depth:], value))
    return _replaced(text, before, node, value)


def _nested(path: Path, value: Any) -> Any:  # noqa: ANN401, as above
    for part in reversed(path):
        value = {part: value}
    return value


def _replaced(text: str, key: Node | None, node: Node, value: Any) -> str:  # noqa: ANN401, as above
    if key is not None and (_is_block(node) or _is_empty(node)):
        return f"{text[: key.end_mark.index]}: {written(value)}{text[_end(node, key) :]}"
    return text[: node.start_mark.index] + written(value) + text[_end(node) :]


def _inserted(text: str, node: MappingNode, part: str, rest: Path, value: Any) -> str:  # noqa: ANN401, as above
    new = _nested(rest, value)
    if node.flow_style or not node.value:
        at = _end(node.value[-1][1], node.value[-1][0]) if node.value else node.start_mark.index + 1
        return f"{text[:at]}{', ' if node.value else ''}{part}: {written(new)}{text[at:]}"
    indent = node.value[0][0].start_mark.column * " "
    at = text.find("\n", _end(node))
    at = len(text.rstrip("\n")) if at < 0 else at
    line = f"\n{indent}{part}: {written(new)}"
    if part.startswith(f"{NAMESPACE}:") and isinstance(new, Mapping):
        inner = "".join(f"\n{indent}  {key}: {written(one)}" for key, one in new.items())
        line = f"\n\n{indent}{part}:{inner}"
    return text[:at] + line + text[at:]


def _is_block(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and not node.flow_style


def _is_empty(node: Node) -> bool:
    """Return whether nothing is written for a value; its marks are then those of what follows."""
    return bool(node.start_mark.index == node.end_mark.index)


def _end(node: Node, key: Node | None = None) -> int:
    """Return where the value of a key ends: that of a block map or list ends with its last value, without what follows
    it, and an empty one with the colon of its key."""
    if key is not None and _is_empty(node):
        return int(key.end_mark.index) + 1
    if _is_block(node) and node.value:
        last = node.value[-1]
        return _end(last[1], last[0]) if isinstance(node, MappingNode) else _end(last)
    return int(node.end_mark.index)
