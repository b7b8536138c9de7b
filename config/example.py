"""The examples of every setting: docs/example-stack.yaml, and docs/example-existing.yaml for what exists already."""

import functools
import json
import sysconfig
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from catalog.reading.document import parse
from catalog.reading.problems import Path
from config.reference import EVERY, setting_at
from config.settings import NAMESPACE

NAMES = ("example-stack.yaml", "example-existing.yaml")
_INSIDE = FilePath(__file__).parents[1] / "share" / "aiplatform"
SHARED = _INSIDE if _INSIDE.is_dir() else FilePath(sysconfig.get_path("data")) / "share" / "aiplatform"
"""Files of the repository in the zipapp, or in an installed package."""


def example_files() -> list[FilePath]:
    """Return the files of the project's folder, or those of the installed package; none without them."""
    folders = (FilePath(__file__).parents[1] / "docs", SHARED)
    found = (next((one / name for one in folders if (one / name).is_file()), None) for name in NAMES)
    return [place for place in found if place is not None]


@functools.cache
def examples() -> dict[Path, Any]:
    """Return the first value of each path in the examples, with `*` for names and indexes."""
    read = (parse(file.read_text(encoding="utf-8"), file.name, NAMESPACE) for file in example_files())
    found: dict[Path, Any] = {}
    for path, value in (one for document in read for one in _values(document.sections, ())):
        setting = setting_at(path)
        if setting is not None:
            found.setdefault(setting.path, value)
            # A part of an allowed value has an example of its own, and the value of its owner is longer.
    return found


def example_at(path: Path) -> str:
    """Return the example of a setting as YAML in one line; empty without one."""
    exact = tuple(EVERY if isinstance(part, int) else part for part in path)
    found = examples()
    return flow(found[exact]) if exact in found else ""


def flow(value: Any) -> str:  # noqa: ANN401, a YAML value is of any type
    """Return a value as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _plain(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _key(text: str) -> str:
    return text if _plain(text) else json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> bool:
    """Return whether a string needs no quotes in a flow of YAML, in any of its versions."""
    word = bool(text) and text[0].isalpha() and all(one.isalnum() or one in "-_./@+" or one == " " for one in text)
    return (
        word
        and text == text.strip()
        and text.lower() not in {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
    )


def _values(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401, a YAML value is of any type
    if path:
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, one in items:
        yield from _values(one, (*path, part))
