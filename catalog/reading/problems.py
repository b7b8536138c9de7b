"""What is wrong with a stack file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from catalog.errors import UserError

Path = tuple[str | int, ...]
"""The way to a value: `("network", "subnets", "private", 1, "cidr")`."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One mistake: the value's path, and one sentence with the cause and the fix."""

    path: Path
    message: str
    severity: Severity = "error"
    because: tuple[Path, ...] = ()
    """Other values that the message rests on: where one of them is wrong itself, this problem is not reported."""

    line: int | None = None
    """Where a key is wrong and not the value at `path`: the key's own line."""


class SettingsError(UserError):
    """A stack file that cannot be used: one line for each error, in the order of the file."""


def show(path: Path) -> str:
    """`network.subnets.private[1].cidr`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` most likely means, whatever its case."""
    by_lower = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`; did you mean cpu?`, or the names that exist, or that there are none."""
    names = tuple(choices)
    best = nearest(word, names)
    if best:
        return f"; did you mean {best}?"
    return f"; choose one of {', '.join(names)}" if names else ""
