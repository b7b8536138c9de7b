"""A finding about a plan: the schema of `findings.json`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""Severities, highest first."""

FailOn = Literal["error", "warning", "info", "never"]
"""Lowest severity that results in a failure."""


@dataclass(frozen=True)
class Finding:
    """A result of a check of a plan."""

    rule: str
    """Name of the check in kebab case, such as `fit-pending`."""

    severity: Severity
    urn: str
    """URN of the resource."""

    message: str
    """What is wrong, with figures."""

    fix: str
    """The smallest change that fixes it."""


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity in a stable order, without duplicates."""
    return tuple(
        sorted(set(findings), key=lambda one: (SEVERITIES.index(one.severity), one.rule, one.urn, one.message, one.fix))
    )


def as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return the content of `findings.json` as plain values, in order."""
    return [asdict(one) for one in in_order(findings)]
