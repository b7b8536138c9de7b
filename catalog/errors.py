"""The base of every error that a user can correct."""

from collections.abc import Iterable


class UserError(Exception):
    """An error of the user's input, environment or access, and not of the program.

    Each of its lines has a place, a cause and, where one is known, a fix: `Pulumi.lab.yaml:31: network.cidr: ...; ...`.
    """

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))
