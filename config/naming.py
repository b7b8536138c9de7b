"""A rule for the names of AWS resources: how default names follow it, and whether a name does."""

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
    """How AWS resources of this platform are called. Without it a default name is the project's, a hyphen and what the
    thing is."""

    pattern: str = Field(default="{project}-{type}-{environment}-{suffix}", max_length=100)
    """With {project}, {type}, {environment} and, where a name may go on, {suffix}; the first three are there once."""

    exceptions: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = Field(default=(), max_length=100)
    """Names that stay as they are, such as those of somebody else's design."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        tokens = _TOKEN.findall(self.pattern)
        for token in tokens:
            if token not in TOKENS:
                raise ValueError(
                    f"{{{token}}} is nothing a name is made of; write {', '.join(f'{{{one}}}' for one in TOKENS)}"
                )
        for token in TOKENS:
            if tokens.count(token) > 1 or (token in NEEDED and token not in tokens):
                raise ValueError(f"{self.pattern!r} has to hold {{{token}}} once")
        if not self.pattern.startswith("{project}-"):
            raise ValueError(f"{self.pattern!r} has to begin with {{project}}-: who deploys may change what does")
        if not re.fullmatch(r"[a-z0-9-]*", _TOKEN.sub("", self.pattern)):
            raise ValueError(
                f"{self.pattern!r} holds more than lower-case letters, digits and hyphens between its parts"
            )
        return self

    def name(self, kind: str, *, project: str, environment: str) -> str:
        """The name of a thing of this kind: `{project}-{kind}-{environment}`."""
        pattern = re.sub(_SUFFIX, "", self.pattern)
        return pattern.format(project=project, type=kind, environment=environment).strip("-")

    def follows(self, name: str, *, project: str, environment: str) -> bool:
        """Whether a name has the rule's form, or is an exception."""
        if name in self.exceptions:
            return True
        parts = {"project": re.escape(project), "type": _WORDS, "environment": re.escape(environment)}
        with_suffix, without = self.pattern, re.sub(_SUFFIX, "", self.pattern)
        return any(
            re.fullmatch(_TOKEN.sub(lambda token: {**parts, "suffix": _WORDS}[token[1]], pattern), name)
            for pattern in (with_suffix, without)
        )
