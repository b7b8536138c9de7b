"""Options of programs: environment variables, arguments and parameters, and the values that they take.

A line of `data/options-<table>.txt` has a name and the form of its value: `text`, `flag` (no value), `json`, `bytes`,
`integer` or `number` with optional bounds (`1..100`), `one` of choices, `any` of choices in any case, or `some`,
a list of choices with commas.
"""

import functools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from catalog.reading.problems import alternatives, did_you_mean

DATA = Path(__file__).parent / "data"
MANY = 12
"""Choices above this number are not listed in a message."""


class Form(NamedTuple):
    """What the value of an option looks like."""

    kind: str
    detail: str = ""

    def wrong(self, value: str) -> str | None:
        """Return what is wrong with a value and what to write instead; None if it is valid."""
        check = _CHECKS.get(self.kind)
        return check(value, self.detail) if check is not None else None


@functools.cache
def options(table: str) -> Mapping[str, Form]:
    """Return the form of each option by its name."""
    lines = (DATA / f"options-{table}.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 2) for line in lines if not line.startswith("#"))
    return {name: Form(*rest) for name, *rest in rows}


def _number(value: str, detail: str, pattern: str, noun: str) -> str | None:
    least, _, most = detail.partition("..")
    bounds = f" from {least} to {most}" if least and most else f" of {least} or more" if least else ""
    bounds = bounds or (f" up to {most}" if most else "")
    fits = re.fullmatch(pattern, value) is not None
    if fits and (not least or float(value) >= float(least)) and (not most or float(value) <= float(most)):
        return None
    return f"{value!r} is not {noun}{bounds}"


def _integer(value: str, detail: str) -> str | None:
    return _number(value, detail, r"\s*[+-]?\d+\s*", "an integer")


def _decimal(value: str, detail: str) -> str | None:
    return _number(value, detail, r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*", "a number")


def _one(value: str, detail: str) -> str | None:
    choices = detail.split("|")
    if value in choices:
        return None
    hint = did_you_mean(value, choices)
    hint = hint if len(choices) <= MANY else hint.partition("; choose")[0]
    return f"{value!r} is not one of its values{hint}"


def _any(value: str, detail: str) -> str | None:
    return None if value.strip().lower() in detail.lower().split("|") else _one(value, detail)


def _some(value: str, detail: str) -> str | None:
    choices = detail.split("|")
    wrong = [one for part in value.split(",") if (one := part.strip()) not in choices]
    return f"{wrong[0]!r} is not one of its values; choose {alternatives(choices)}" if wrong else None


def _json(value: str, _: str) -> str | None:
    try:
        json.loads(value)
    except ValueError as error:
        return f"is not JSON ({error}); write keys and text in double quotes"
    return None


def _bytes(value: str, _: str) -> str | None:
    fits = re.fullmatch(r"\d+(?:[bkmg]|[kmg]b)?%?", value.lower())
    return None if fits else f"{value!r} is not a size; write it like 64mb"


_CHECKS: Mapping[str, Callable[[str, str], str | None]] = {
    "integer": _integer,
    "number": _decimal,
    "one": _one,
    "any": _any,
    "some": _some,
    "json": _json,
    "bytes": _bytes,
}
