"""Makes the checks of all tenants at the same time."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from aiplatform.errors import EXPIRED, AccessError
from aiplatform.verify.model import (
    Caller,
    Check,
    Checked,
    Cloud,
    Cluster,
    Machine,
    Outcome,
    Part,
    Result,
    Subject,
    failed,
)
from aiplatform.verify.problem import UNREACHABLE, RefusedError
from config.settings import Settings
from config.tenants import Tenant

LISTS = 64
"""How many lists of checks are worked through at the same time: each waits for answers nearly all of its time."""

QUESTIONS = 32
"""How many questions of one check are asked at the same time, over all lists."""


def verify(
    settings: Settings,
    tenants: Sequence[Tenant],
    parts: Sequence[Part],
    *,
    cluster: Cluster | AccessError | None,
    cloud: Cloud | AccessError | None,
    caller: Caller,
    machine: Machine | None = None,
) -> list[Result]:
    """Make these parts' checks for these tenants; in the order of the tenants, then of the parts.

    The cluster and the cloud may be why they cannot be asked, which the checks then report, or None where no part asks.
    """
    all_ = settings.tenants.all(settings.project.name) if settings.tenants else ()
    with ThreadPoolExecutor(LISTS) as lists, ThreadPoolExecutor(QUESTIONS) as questions:

        def spread(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
            # Never used by what runs in it, so that nothing waits for itself.
            return list(questions.map(function, items))

        platform = Subject(settings, cluster, cloud, caller, spread=spread, machine_=machine)
        jobs = [(part, platform) for part in parts if not part.of_tenant]
        for one in tenants:
            subject = replace(platform, tenant_=one, others=closest(one, all_))
            jobs += [(part, subject) for part in parts if part.of_tenant]
        return list(lists.map(lambda job: checked(*job), jobs))


def closest(tenant: Tenant, tenants: Sequence[Tenant]) -> tuple[Tenant, ...]:
    """The other tenants, from the next number on and round, so that all are asked about equally often."""
    place = tenants.index(tenant)
    return (*tenants[place + 1 :], *tenants[:place])


def checked(part: Part, subject: Subject) -> Result:
    """One part, check by check: the last one may look at what the others found."""
    found: list[Checked] = []
    for check in part.of(subject.settings):
        found.append(Checked(check, _outcome(check, subject.after(*(one.outcome for one in found)))))
    return Result(part, subject.tenant_, tuple(found))


def _outcome(check: Check, subject: Subject) -> Outcome:
    """What a check found; that it could not be made is something that it found, too."""
    try:
        return check.run(subject)
    except RefusedError as error:
        if error.code == UNREACHABLE:
            return failed(f"no answer: {error.message}", "try again; then ask whoever runs the platform")
        if error.code in EXPIRED:
            return failed("the login has expired", "log in again")
        return failed(f"refused ({error.code}): {error.message}", "do your rights reach this? Ask the instructor")
    except AccessError as error:
        return failed(str(error))
    except Exception as error:
        return failed(f"the answer was not understood ({type(error).__name__}: {error})")
