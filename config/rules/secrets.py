"""Variables whose names say that their values are secret."""

import re
from collections.abc import Iterator
from typing import Any

from catalog.reading.problems import Path, Problem
from catalog.reading.secrets import is_named_secret
from config.overrides import overridden
from config.rules.stack import Rule, Stack

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def named_secrets(stack: Stack) -> Iterator[Problem]:
    """No environment variable that is named like a secret has its value in the stack file."""
    refused = {one.path for one in overridden(stack.settings) if one.refusal() is not None}
    for path, value in _texts(stack.sections, ()):
        name, within = str(path[-1]), path[-2] if len(path) > 1 else ""
        if within == "secrets" or path in refused or not _VARIABLE.fullmatch(name):
            continue
        if is_named_secret(name, value):
            yield Problem(
                path,
                f"{name} is named like a secret, which users with access to this file could read; store the value in "
                "Secrets Manager, add the secret to the section secrets, and refer to its key",
            )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401, a YAML value is of any type
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, (*path, index))


RULES: tuple[Rule, ...] = (named_secrets,)
