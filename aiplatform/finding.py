"""What a check has to say about a plan: the contract of `findings.json`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst one first."""

FailOn = Literal["error", "warning", "info", "never"]
"""The severity from which on a finding is a failure."""


@dataclass(frozen=True)
class Finding:
    """One thing that somebody should know before the plan is built."""

    rule: str
    """What was checked, in kebab case: `fit-pending`."""

    severity: Severity
    urn: str
    """The resource that it is about."""

    message: str
    """What is the matter, with figures."""

    fix: str
    """The nearest change that helps."""


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; equal findings give the same order, and stand there once."""
    return tuple(
        sorted(set(findings), key=lambda one: (SEVERITIES.index(one.severity), one.rule, one.urn, one.message, one.fix))
    )


def as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The content of `findings.json`: plain values, in order."""
    return [asdict(one) for one in in_order(findings)]
