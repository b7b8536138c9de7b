"""Write a section into the text of a stack file; comments and other settings stay."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from aiplatform.optimize.edit import written
from config.settings import NAMESPACE

_ABSENT = object()


def with_section(text: str, section: str, values: Mapping[str, Any], *, without: Collection[str]) -> str:
    """Return the text with the settings of a section, and without others of it.

    A setting that has its value already is not touched; the others are the first ones of the section.
    """
    config = _value(YAML(typ="rt", pure=True).compose(text), "config")
    name = f"{NAMESPACE}:{section}"
    node = _value(config, name)
    held = YAML(typ="safe", pure=True).load(text)["config"].get(name) or {}
    gone = {*without, *(key for key, value in values.items() if held.get(key, _ABSENT) != value)}
    new = {key: value for key, value in values.items() if key in gone}
    lines = text.splitlines(keepends=True)
    column = config.value[0][0].start_mark.column
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        for key, first, last in reversed(list(_spans(node))):
            if key in gone:
                del lines[first : last + 1]
        at, indent = node.value[0][0].start_mark.line, node.value[0][0].start_mark.column
    else:
        # A section in one line, or none: its lines are written anew.
        spans = {key: (first, last) for key, first, last in _spans(config)}
        first, last = spans.get(name, (max(last for _, last in spans.values()) + 1,) * 2)
        new = {**values, **{key: value for key, value in held.items() if key not in {*values, *without}}}
        lines[first : last + 1 if name in spans else first] = [f"{' ' * column}{name}:\n"]
        at, indent = first + 1, column + 2
    return "".join([*_ended(lines[:at]), _lines(new, indent), *lines[at:]])


def _value(node: Any, key: str) -> Any:  # noqa: ANN401, nodes of ruamel have no common type
    return next((value for name, value in node.value if name.value == key), None)


def _ended(lines: list[str]) -> list[str]:
    """Return lines of which the last one has an end, too."""
    return [*lines[:-1], f"{lines[-1].rstrip()}\n"] if lines else lines


def _spans(node: MappingNode) -> Iterator[tuple[str, int, int]]:
    """Yield the keys of a block map, with the first and the last line of each, without comments between them."""
    for key, value in node.value:
        yield str(key.value), key.start_mark.line, max(key.start_mark.line, _last(value))


def _last(node: Node) -> int:
    """Return the last line of a value: that of a block ends with the last value in it."""
    if node.start_mark.index == node.end_mark.index:
        # Nothing is written for the value; its marks are those of what follows.
        return -1
    is_flow = isinstance(node, MappingNode | SequenceNode) and node.flow_style
    if isinstance(node, MappingNode | SequenceNode) and node.value and not is_flow:
        last = node.value[-1]
        return max(map(_last, last)) if isinstance(last, tuple) else _last(last)
    # The mark of a scalar that continues over lines is behind its line end.
    mark = node.end_mark
    return int(mark.line if mark.column or is_flow else mark.line - 1)


def _lines(values: Mapping[str, Any], indent: int) -> str:
    """Return a map as YAML: tiers with their lists in lines of their own, everything else in one line."""
    pad = " " * indent
    text = ""
    for key, value in values.items():
        if isinstance(value, Mapping) and any(isinstance(one, list) and _are_maps(one) for one in value.values()):
            text += f"{pad}{key}:\n{_lines(value, indent + 2)}"
        elif isinstance(value, list) and _are_maps(value):
            text += f"{pad}{key}:\n" + "".join(f"{pad}  - {written(one)}\n" for one in value)
        else:
            text += f"{pad}{key}: {written(value)}\n"
    return text


def _are_maps(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(one, Mapping) for one in values)
