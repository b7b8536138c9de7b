"""`--set network.nat=single`: change single values of a stack file for one run."""

import re
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from aiplatform.errors import CallError
from catalog.reading.problems import Path
from catalog.reading.secrets import redacted

_PART = re.compile(r"""(?:([A-Za-z0-9_-]+)|'([^']+)'|"([^"]+)")((?:\[\d+\])*)(?:\.|$)""")


def parse_change(text: str) -> tuple[Path, Any]:
    """Return the path and the value of a change. The value is parsed as YAML: `3` is a number and `[a, b]` a list.

    A key with a dot is quoted: `environments.dev.quota.'requests.cpu'='20'`.

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
        return path, YAML(typ="safe", pure=True).load(value)
    except YAMLError:
        raise CallError(redacted(f"--set {text}: {value!r} is no YAML value")) from None


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
