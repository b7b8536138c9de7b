"""The naming rule of AWS resources: default names follow it, and other names are checked."""

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model

TOKENS = ("project", "type", "environment", "suffix")
NEEDED = ("project", "type", "environment")

_TOKEN = re.compile(r"\{([^{}]*)\}")
_WORDS = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_SUFFIX = r"-?\{suffix\}"


class Naming(Model):
    """Naming rule of AWS resources. Without it a default name is the project's name, a hyphen and the kind."""

    pattern: str = Field(default="{project}-{type}-{environment}-{suffix}", max_length=100)
    """Pattern with {project}, {type} and {environment}, once each, and optionally {suffix}."""

    exceptions: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = Field(default=(), max_length=100)
    """Names that are not checked, such as those of an existing design."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        tokens = _TOKEN.findall(self.pattern)
        for token in tokens:
            if token not in TOKENS:
                raise ValueError(f"unknown placeholder {{{token}}}; use {', '.join(f'{{{one}}}' for one in TOKENS)}")
        for token in TOKENS:
            if tokens.count(token) > 1 or (token in NEEDED and token not in tokens):
                raise ValueError(f"{self.pattern!r} must contain {{{token}}} once")
        if not self.pattern.startswith("{project}-"):
            raise ValueError(
                f"{self.pattern!r} must begin with {{project}}-, to which the deploying role's permissions are limited"
            )
        if not re.fullmatch(r"[a-z0-9-]*", _TOKEN.sub("", self.pattern)):
            raise ValueError(f"{self.pattern!r} has other characters than lower-case letters, digits and hyphens")
        return self

    def name(self, kind: str, *, project: str, environment: str) -> str:
        """Return the default name of a kind of resource, such as `{project}-{kind}-{environment}`."""
        pattern = re.sub(_SUFFIX, "", self.pattern)
        return pattern.format(project=project, type=kind, environment=environment).strip("-")

    def follows(self, name: str, *, project: str, environment: str) -> bool:
        """Return whether a name matches the pattern, or is an exception."""
        if name in self.exceptions:
            return True
        parts = {"project": re.escape(project), "type": _WORDS, "environment": re.escape(environment)}
        with_suffix, without = self.pattern, re.sub(_SUFFIX, "", self.pattern)
        return any(
            re.fullmatch(_TOKEN.sub(lambda token: {**parts, "suffix": _WORDS}[token[1]], pattern), name)
            for pattern in (with_suffix, without)
        )
