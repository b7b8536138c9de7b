"""Run the checks of all tenants in parallel."""

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
"""Maximum number of parts that are checked in parallel: they spend nearly all of their time waiting for responses."""

QUESTIONS = 32
"""Maximum number of parallel requests of single checks, over all parts."""


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
    """Run the checks of parts for tenants; return results in the order of tenants, then of parts.

    `cluster` and `cloud` can be the error with which they are not available, which the checks report, or None if no
    part uses them.
    """
    all_ = settings.tenants.all(settings.project.name) if settings.tenants else ()
    with ThreadPoolExecutor(LISTS) as lists, ThreadPoolExecutor(QUESTIONS) as questions:

        def spread(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
            # A function that runs in this pool does not use it: it would wait for itself.
            return list(questions.map(function, items))

        platform = Subject(settings, cluster, cloud, caller, spread=spread, machine_=machine)
        jobs = [(part, platform) for part in parts if not part.of_tenant]
        for one in tenants:
            subject = replace(platform, tenant_=one, others=closest(one, all_))
            jobs += [(part, subject) for part in parts if part.of_tenant]
        return list(lists.map(lambda job: checked(*job), jobs))


def closest(tenant: Tenant, tenants: Sequence[Tenant]) -> tuple[Tenant, ...]:
    """Return the other tenants in cyclic order from the next number, so that each is checked equally often."""
    place = tenants.index(tenant)
    return (*tenants[place + 1 :], *tenants[:place])


def checked(part: Part, subject: Subject) -> Result:
    """Run the checks of a part in order; each has access to the results of previous ones."""
    found: list[Checked] = []
    for check in part.of(subject.settings):
        found.append(Checked(check, _outcome(check, subject.after(*(one.outcome for one in found)))))
    return Result(part, subject.tenant_, tuple(found))


def _outcome(check: Check, subject: Subject) -> Outcome:
    """Run a check; an error is a failed result."""
    try:
        return check.run(subject)
    except RefusedError as error:
        if error.code == UNREACHABLE:
            return failed(f"no answer: {error.message}", "try again; then ask the administrator of the platform")
        if error.code in EXPIRED:
            return failed("the login has expired", "log in again")
        return failed(f"refused ({error.code}): {error.message}", "you have no permission for this; ask the instructor")
    except AccessError as error:
        return failed(str(error))
    except Exception as error:
        return failed(f"the answer was not understood ({type(error).__name__}: {error})")
