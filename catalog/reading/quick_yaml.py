"""A fast YAML reader that keeps the line of every value, for data files of thousands of lines that every plan reads.

`catalog.reading.document` reads stack files; it checks more and is a hundred times slower.
"""

from collections.abc import Mapping
from typing import NamedTuple

import yaml

DEEPEST = 20
"""Maximum nesting: deeper nesting could exhaust the C stack of the parser."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value(NamedTuple):
    """A value as written: scalars are not converted, so that `0.10` keeps its digits."""

    line: int
    """The line of its key, or of the value if it has no key."""

    text: str | None = None
    """The text of a scalar; None for a map or a list."""

    plain: bool = False
    """Whether the text is not quoted: only then can it be a number, a boolean or null."""

    values: Mapping[str, "Value"] | None = None
    """The values of a map; None for a scalar, or for a list, whose items are not kept."""

    @property
    def empty(self) -> bool:
        """Return whether the value is null or empty."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


class Slip(NamedTuple):
    """A YAML error with its line."""

    line: int
    path: str
    message: str


class _Frame:
    """A map or list during parsing."""

    __slots__ = ("key", "key_line", "line", "values")

    def __init__(self, line: int, values: dict[str, Value] | None) -> None:
        self.line = line
        self.values = values
        self.key: str | None = None
        self.key_line = 0


class _Refused(Exception):  # noqa: N818, it is an error of the file, not of the program
    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


class _Reader:
    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self.root: Value | None = None
        self.frames: list[_Frame] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(line, event.value, plain=not event.style)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(line, {} if isinstance(event, yaml.MappingStartEvent) else None)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self.frames.pop()
            self._add(Value(frame.line, None, False, frame.values))
        elif isinstance(event, yaml.AliasEvent):
            raise _Refused(line, f"*{event.anchor} is an alias, which is not supported; write the value itself")
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _Refused(line, "has a second document; remove one")

    def _scalar(self, line: int, text: str, *, plain: bool) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.values is None or frame.key is not None:
            self._add(Value(frame.key_line if frame and frame.key is not None else line, text, plain))
            return
        if text in frame.values:
            path = ".".join([*(frame.key for frame in self.frames if frame.key), text])
            first = frame.values[text].line
            self.slips.append(Slip(line, path, f"duplicate key, first in line {first}; remove one"))
        frame.key, frame.key_line = text, line

    def _open(self, line: int, values: dict[str, Value] | None) -> None:
        if len(self.frames) >= DEEPEST:
            raise _Refused(line, f"is nested more than {DEEPEST} levels deep")
        around = self.frames[-1] if self.frames else None
        if around and around.values is not None:
            if around.key is None:
                raise _Refused(line, "has a key that is not a string")
            line = around.key_line
        self.frames.append(_Frame(line, values))

    def _add(self, value: Value) -> None:
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if frame.values is not None and frame.key is not None:
            frame.values.setdefault(frame.key, value)
            frame.key = None


def read(text: str) -> tuple[Value | None, list[Slip]]:
    """Parse a file; return its root, or None if it cannot be parsed, and its errors."""
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except _Refused as error:
        return None, [*reader.slips, Slip(error.line, "", str(error))]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        cause = " ".join(filter(None, (error.context, error.problem)))
        return None, [*reader.slips, Slip(mark.line + 1 if mark else 1, "", f"invalid YAML: {cause}")]
    except yaml.YAMLError as error:
        cause = str(error).partition("\n")[0]
        return None, [*reader.slips, Slip(_line_of(text, error), "", f"invalid YAML: {cause}")]
    return reader.root or Value(1), reader.slips


def _line_of(text: str, error: yaml.YAMLError) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
