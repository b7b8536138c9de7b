"""A case of what AWS or Kubernetes reject."""

from typing import NamedTuple


class Case(NamedTuple):
    """A change of the base stack file, the lines that answer it, and a public source."""

    edits: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    source: str
