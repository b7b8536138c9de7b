"""`--set network.nat=single`: change single values of a stack file for one run."""

import re
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from aiplatform.errors import CallError
from catalog.reading.document import parse_value
from catalog.reading.problems import Path
from catalog.reading.secrets import redacted
from config.reference import types_at

_PART = re.compile(r"""(?:([A-Za-z0-9_-]+)|'([^']+)'|"([^"]+)")((?:\[\d+\])*)(?:\.|$)""")
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def parse_change(text: str) -> tuple[Path, Any]:
    """Return the path and the value of a change. The value is YAML, and has the type of its setting: `1.10` is a string
    for a version and a number for a price, `[a, b]` is a list.

    A key with a dot is quoted: `environments.dev.quota.'requests.cpu'=20`.

    Raises:
        CallError: the change is invalid; the message says why.
    """
    written, equals, value = text.partition("=")
    if not equals:
        raise CallError(redacted(f"--set {text}: has no value; write it like network.nat=single"))
    path = _path(written)
    if path is None:
        message = f"--set {text}: {written!r} is no path; write it like nodeGroups.cpu.scaling.max"
        raise CallError(redacted(message))
    try:
        return path, _value(value.strip(), path)
    except ValueError as error:
        raise CallError(redacted(f"--set {text}: {error}")) from None


def _path(written: str) -> Path | None:
    path: list[str | int] = []
    rest = f"{written.strip()}."
    while rest:
        match = _PART.match(rest)
        if match is None:
            return None
        path.append(match[1] or match[2] or match[3])
        path += [int(index) for index in re.findall(r"\d+", match[4])]
        rest = rest[match.end() :]
    return tuple(path)


def read_changes(file: FilePath) -> dict[Path, Any]:
    """Return the changes of a file: a YAML map of paths, as `--set` takes them, to values.

    Raises:
        CallError: the file cannot be read, or is invalid.
    """
    try:
        values = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallError(f"{file}: cannot be read: {error.strerror}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise CallError(redacted(f"{file}: is not YAML: {str(error).splitlines()[0]}")) from None
    if not isinstance(values, dict) or not values:
        raise CallError(f"{file}:1: is not a map of changes; write a line for each, like network.nat: single")
    paths = {key: _path(str(key)) for key in values}
    wrong = [f"{file}: {key!r} is no path; write it like network.nat" for key, path in paths.items() if path is None]
    if wrong:
        raise CallError(list(map(redacted, wrong)))
    return {path: values[key] for key, path in paths.items() if path is not None}


def _value(text: str, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
    types = types_at(path)
    if not text or (types is not None and types <= {"string", "null"} and text[0] not in "'\""):
        # `#alerts`, `*/5 * * * *` and `{project}-eks` are no YAML strings, but a string is meant.
        value = _typed(path, text)
        return None if value is NotImplemented else value
    return parse_value(text, path, _typed)


def _typed(path: Path, text: str) -> Any:  # noqa: ANN401, a YAML value is of any type
    """Return an unquoted scalar as its setting's type takes it; NotImplemented where YAML decides."""
    types = types_at(path)
    if types is None:
        return NotImplemented
    if "boolean" in types and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if "null" in types and text in {"", "~", "null"}:
        return None
    if types & {"integer", "number"}:
        return NotImplemented if "string" in types else _number(text, types)
    return text if "string" in types else NotImplemented


def _number(text: str, types: frozenset[str]) -> Any:  # noqa: ANN401, NotImplemented has a type of its own
    """Return a whole number that is written as 1e3 or 3.0; YAML decides about others."""
    try:
        number = float(text)
    except ValueError:
        return NotImplemented
    whole = "integer" in types and not text.lstrip("+-").isdecimal() and number.is_integer() and abs(number) < 2**53
    return int(number) if whole else NotImplemented
