"""Problems of a stack file, and the format of their messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from catalog.errors import UserError

Path = tuple[str | int, ...]
"""The path of a value: `("network", "subnets", "private", 1, "cidr")`."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One error or warning: the path of the value, and one sentence with the cause and the fix."""

    path: Path
    message: str
    severity: Severity = "error"
    because: tuple[Path, ...] = ()
    """Other values that the message depends on: if one of them is invalid, this problem is not reported."""

    line: int | None = None
    """The line of the key, where the key is invalid and not the value at `path`."""


class SettingsError(UserError):
    """An invalid stack file: one line for each error, in the order of the file."""


def show(path: Path) -> str:
    """Format a path as `network.subnets.private[1].cidr`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is most similar to `word`, ignoring case; None if no choice is similar."""
    by_lower = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return `; did you mean cpu?`, or `; choose cpu or gpu`; empty if there is nothing to choose from."""
    names = tuple(choices)
    best = nearest(word, names)
    if best:
        return f"; did you mean {best}?"
    return f"; choose {alternatives(names)}" if names else ""


def alternatives(names: Iterable[str]) -> str:
    """Format names as `cpu, gpu or system`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
