"""Resources that exist already, and that a stack uses instead of creating its own."""

from typing import ClassVar

from catalog.reading.model import Model


class OrExisting(Model):
    """An entry of a section that is created, or that exists.

    The stack does not create, change, bill or delete an existing resource. IAM policies, variables and outputs name it
    as if it were created.
    """

    APPLIES: ClassVar[frozenset[str]] = frozenset()
    """Fields that describe an existing resource; the others say how it is created."""

    existing: str | None = None
    """Name or ARN of a resource that exists."""
