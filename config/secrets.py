"""Secrets Manager."""

from pydantic import Field

from catalog.reading.model import Model
from config.types.references import SecretRef
from config.types.storage import SecretName


class Secret(Model):
    """Named in section `ai-platform:secrets`. The value never stands in the stack file."""

    name: SecretName | None = None
    """`<project>/<key>` when left out."""

    description: str = Field(min_length=1)
    """What it is for, shown in Secrets Manager."""

    recovery_days: int = Field(default=7, ge=7, le=30)
    """How long a deleted secret can be restored."""

    generate: bool = False
    """True lets AWS make a password once; false leaves the secret empty for a person to fill."""


class SecretKey(Model):
    """One property of a secret."""

    secret: SecretRef
    """A key of `secrets`."""

    property: str = Field(default="password", min_length=1)
    """The key in the secret's JSON value."""
