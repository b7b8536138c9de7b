"""The base class of errors that a user can correct."""

from collections.abc import Iterable


class UserError(Exception):
    """An error of the user's input, environment or access, not of the program.

    Each line has a location, a cause and, if known, a fix: `Pulumi.lab.yaml:31: network.cidr: ...; ...`.
    """

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))
