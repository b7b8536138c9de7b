"""Secrets of Secrets Manager."""

from typing import ClassVar

from pydantic import Field

from catalog.reading.model import Model
from config.types.arns import SecretArn
from config.types.existing import OrExisting
from config.types.references import SecretRef
from config.types.storage import SecretName


class Secret(OrExisting):
    """An entry of section `ai-platform:secrets`. The stack file never contains the value."""

    APPLIES: ClassVar[frozenset[str]] = frozenset({"description"})

    existing: SecretArn | None = None
    """ARN of a secret that exists, which the stack uses and does not change: docs/adopt.md. Default: the stack creates
    the secret."""

    name: SecretName | None = None
    """Name in Secrets Manager. Default: `<project>/<key>`."""

    description: str = Field(min_length=1, max_length=2048)
    """Description in Secrets Manager."""

    recovery_days: int | None = Field(default=None, ge=7, le=30)
    """Recovery window of a deleted secret in days, in which its name is taken. Default: 7 in a protected stack;
    otherwise none, so that the stack can be destroyed and created again."""

    generate: bool = False
    """True generates a password once; false creates the secret without a value, which you set later."""

    authority: bool = False
    """True stores the certificate (PEM) of the authority of `tls` in the property `certificate`, for clients on EC2
    instances and elsewhere that verify Kafka's or Redis's certificate."""


class SecretKey(Model):
    """A property of a secret."""

    secret: SecretRef
    """A key of `secrets`."""

    property: str = Field(default="password", min_length=1)
    """The key in the secret's JSON value."""
