"""Default quotas of AWS accounts, read from `data/quotas.csv`."""

import csv
import functools
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, NamedTuple

from catalog.instance_types import family

SINCE = "2026-11"
"""Month of the table."""


class Quota(NamedTuple):
    """A row of the table."""

    key: str
    service: str
    """Service code in Service Quotas."""

    code: str
    """Quota code in Service Quotas; empty if Service Quotas does not list the quota."""

    default: int
    adjustable: bool
    scope: Literal["region", "account", "parent"]
    """One quota for each Region of an account, one for the account, or one for each resource that has the parts."""

    name: str
    source: str

    @property
    def label(self) -> str:
        """Return service and code: `ec2 L-1216C47A`, or only the service."""
        return f"{self.service} {self.code}".strip()


@functools.cache
def quotas() -> Mapping[str, Quota]:
    """Return the table by key."""
    text = (files("catalog") / "data" / "quotas.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["key"]: _quota(row) for row in rows}


def _quota(row: Mapping[str, str]) -> Quota:
    return Quota(
        row["key"],
        row["service"],
        row["code"],
        int(row["default"]),
        row["adjustable"] == "yes",
        row["scope"],  # type: ignore[arg-type]
        row["name"],
        row["source"],
    )


@functools.cache
def codes() -> frozenset[str]:
    """Return the quota codes of the table."""
    return frozenset(one.code for one in quotas().values() if one.code)


_STANDARD = frozenset({"a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"})
_CLASSES = {**dict.fromkeys(_STANDARD, "Standard"), "gr": "G", "vt": "G"}
"""The class of a family by the letters before its generation, if it is not those letters themselves."""


def vcpu_quota(instance_type: str, *, spot: bool) -> Quota | None:
    """Return the vCPU quota that an instance type counts against; None if the table has none for its family."""
    letters = re.match(r"[a-z]+", family(instance_type))
    name = letters.group() if letters else ""
    return quotas().get(("spot" if spot else "onDemand") + _CLASSES.get(name, name.capitalize()))
