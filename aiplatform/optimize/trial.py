"""Plan a stack with changes, and compare its bill and findings with those of the unchanged stack."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiplatform.cost.bill import Sizes
from aiplatform.cost.compare import Known, difference
from aiplatform.finding import Finding
from aiplatform.findings.stack_file import RULE as STACK_FILE
from catalog.reading.problems import Path
from config.settings import Settings

Changes = Mapping[Path, Any]

OF_THE_ACCOUNT = ("quota-request", "quota-unknown")
"""Rules about the AWS account, whose quotas can be increased: what they find is to be done before a change."""

SAID = (*OF_THE_ACCOUNT, STACK_FILE)
"""Rules with findings that are shown beside a change, and do not forbid it."""


@dataclass(frozen=True)
class Trial:
    """A planned stack; without `bill`, the stack file or the program refuses the changes."""

    settings: Settings | None = None
    bill: Known | None = None
    findings: tuple[Finding, ...] = ()
    """Findings of severity error and warning."""

    refused: tuple[str, ...] = ()
    """Why there is no plan."""


_QUOTA = re.compile(r"L-[0-9A-F]{8}")

Plan = Callable[[Changes], Trial]
"""Plans a stack with changes."""


@dataclass(frozen=True)
class Verdict:
    """What a change does to a stack."""

    saving: Sizes | None = None
    """USD a month; None if it cannot be planned or its price is unknown."""

    broken: tuple[str, ...] = ()
    """Errors and warnings that the unchanged stack does not have."""

    unknown: tuple[str, ...] = ()
    """Prices that the table lacks, so that nothing is known about a saving."""

    said: tuple[str, ...] = ()
    """New warnings about the stack file, and quotas that have to be increased."""


def verdict(base: Trial, tried: Trial) -> Verdict:
    """Compare a changed stack with the base."""
    if base.bill is None or tried.bill is None:
        return Verdict(broken=tried.refused)
    before = set(map(_subject, base.findings))
    new = [one for one in tried.findings if _subject(one) not in before]
    broken = dict.fromkeys(f"{one.rule}: {one.message}" for one in new if one.rule not in SAID)
    said = dict.fromkeys(f"{one.message}; {one.fix}" for one in new if one.rule in SAID)
    less = difference(tried.bill, base.bill)
    unknown = () if less is not None else _unknown(base.bill, tried.bill)
    return Verdict(less, tuple(broken), unknown, tuple(said))


def _subject(finding: Finding) -> tuple[str, ...]:
    """Return what a finding is about: the figures of a quota can differ, and the resources that count against it."""
    if finding.rule == STACK_FILE:
        return finding.rule, finding.urn, finding.message
    quotas = _QUOTA.findall(finding.message) if finding.rule in OF_THE_ACCOUNT else []
    return finding.rule, *(quotas or (finding.urn,))


def _unknown(before: Known, after: Known) -> tuple[str, ...]:
    keys = {**before.missing, **after.missing}
    differing = [key for key in keys if before.missing.get(key) != after.missing.get(key)]
    return tuple(dict.fromkeys(f"{item}: {keys[place, item].why}" for place, item in differing))


def merged(changes: Sequence[Changes]) -> dict[Path, Any]:
    """Return all changes; a later one replaces earlier ones of the same setting, and those inside it."""
    found: dict[Path, Any] = {}
    for one in changes:
        for path, value in one.items():
            for other in [other for other in found if other[: len(path)] == path]:
                del found[other]
            found[path] = value
    return found
