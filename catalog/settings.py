"""Since which version there is a setting, and what an edit of it does, read from `data/settings.csv`."""

import csv
import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

UNRELEASED = "unreleased"


class History(NamedTuple):
    """A row of the table."""

    since: str = UNRELEASED
    """The first version of this project with the setting."""

    edit: str = ""
    """What another value does to a platform that runs; empty where no plan has shown it."""


@functools.cache
def settings() -> Mapping[str, History]:
    """Return the rows by the path of the setting, with `*` for names and indexes."""
    text = (files("catalog") / "data" / "settings.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["setting"]: History(row["since"] or UNRELEASED, row["edit"]) for row in rows}


def history(path: str) -> History:
    """Return the row of a setting; one that the table lacks is in no release."""
    return settings().get(path, History())
