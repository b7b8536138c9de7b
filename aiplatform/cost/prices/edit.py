"""Change single values of a YAML file; all other bytes, comments and the order are preserved."""

import json
import re
from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple

import yaml

Row = Mapping[str, str | None]
"""New values of a row's keys; None removes the key."""

_PLAIN = re.compile(r"USD/[\w -]+|[a-z_]+|\d+(?:\.\d+)?")
_OTHER_TRUTHS = {"yes", "no", "on", "off", "y", "n"}


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def scalar(value: str) -> str:
    """Format a value of a row, quoted if required; `null`, `true` and `false` are not quoted."""
    return value if _PLAIN.fullmatch(value) and value not in _OTHER_TRUTHS else json.dumps(value, ensure_ascii=False)


def flow(row: Mapping[str, str]) -> str:
    """Format a row on one line."""
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in row.items()) + "}"


def edited(text: str, changes: Mapping[tuple[str, ...], Row], rows: Mapping[tuple[str, str], str] | None = None) -> str:
    """Return the text with changed values of rows, and with rows added to the regions of sections: whole lines by
    section and region.

    Raises:
        KeyError: a row does not exist.
    """
    source = _Source(text)
    edits = [edit for path, row in changes.items() for edit in source.row(path, row)]
    edits += [source.added(section, region, lines) for (section, region), lines in (rows or {}).items()]
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


class _Source:
    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
        self.root = _mapping(yaml.compose(text, Loader=yaml.SafeLoader))

    def _at(self, mark: yaml.Mark) -> int:
        return int(self.starts[mark.line] + mark.column)

    def row(self, path: tuple[str, ...], values: Row) -> list[_Edit]:
        node: yaml.Node = self.root
        for key in path:
            node = dict(_pairs(_mapping(node)))[key]
        row = _mapping(node)
        found = dict(_pairs(row))
        edits = []
        for key, value in values.items():
            if key in found and value is not None:
                edits.append(_Edit(self._at(found[key].start_mark), self._at(found[key].end_mark), scalar(value)))
            elif key in found:
                edits.append(self._removal(row, key))
        end = self._at(row.value[-1][1].end_mark)
        between = ", " if row.flow_style else "\n" + " " * row.value[0][0].start_mark.column
        added = [f"{between}{key}: {scalar(value)}" for key, value in values.items() if value and key not in found]
        return [*edits, _Edit(end, end, "".join(added))] if added else edits

    def _removal(self, row: yaml.MappingNode, key: str) -> _Edit:
        """Return the removal of a key, from the end of the previous value; the first key is never removed."""
        place = next(index for index, (name, _) in enumerate(row.value) if name.value == key)
        return _Edit(self._at(row.value[place - 1][1].end_mark), self._at(row.value[place][1].end_mark), "")

    def added(self, section: str, region: str, lines: str) -> _Edit:
        """Return the insertion of rows at the end of a region, or of a new region at the end of a section."""
        regions = dict(_pairs(_mapping(dict(_pairs(self.root))[section])))
        if region not in regions:
            return self._append(section, f"  {region}:\n{lines}")
        last = _mapping(_mapping(regions[region]).value[-1][1]).value[-1][1]
        at = self.text.find("\n", self._at(last.end_mark)) + 1
        return _Edit(at, at, lines) if at else _Edit(len(self.text), len(self.text), f"\n{lines}")

    def _append(self, section: str, block: str) -> _Edit:
        keys = [key for key, _ in self.root.value]
        place = next(index for index, key in enumerate(keys) if key.value == section)
        at = self._at(keys[place + 1].start_mark) if place + 1 < len(keys) else len(self.text)
        return _Edit(at, at, block)


def _mapping(node: yaml.Node | None) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise KeyError("is no map")
    return node


def _pairs(node: yaml.MappingNode) -> list[tuple[str, yaml.Node]]:
    return [(str(key.value), value) for key, value in node.value]
