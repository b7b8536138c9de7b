"""`--set network.nat=single`: change single values of a stack file for one run."""

import re
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
    path: list[str | int] = []
    rest = f"{written.strip()}."
    while rest:
        match = _PART.match(rest)
        if match is None:
            message = f"--set {text}: {written!r} is no path; write it like nodeGroups.cpu.scaling.max"
            raise CallError(redacted(message))
        path.append(match[1] or match[2] or match[3])
        path += [int(index) for index in re.findall(r"\d+", match[4])]
        rest = rest[match.end() :]
    try:
        return tuple(path), YAML(typ="safe", pure=True).load(value)
    except YAMLError:
        raise CallError(redacted(f"--set {text}: {value!r} is no YAML value")) from None
