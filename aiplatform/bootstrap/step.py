"""Steps that change an account: read first, applied one at a time, so that a second run finishes what one began."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from aiplatform.errors import THROTTLED, AccessError
from aiplatform.verify.model import Cloud
from aiplatform.verify.problem import RefusedError

VERBS = {
    "add": "added",
    "attach": "attached",
    "create": "created",
    "delete": "deleted",
    "detach": "detached",
    "restore": "restored",
    "schedule": "scheduled",
    "set": "set",
}
"""What a change does, and has done."""

NOT_YET = frozenset({"InvalidInput", "MalformedPolicyDocument", "NoSuchEntity"})
"""Codes of IAM for what was created a moment ago:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency"""

TRIES, PAUSE = 5, 3
"""Attempts of such a request, and seconds between them."""


class Change(NamedTuple):
    """A change of the account."""

    verb: str
    what: str
    apply: Callable[[], object]


class Kept(NamedTuple):
    """What stays as it is, with the reason."""

    text: str


Step = Change | Kept


def request(aws: Cloud, service: str, operation: str, **arguments: Any) -> Callable[[], object]:  # noqa: ANN401, JSON
    """Return a request that is sent when a change is applied."""
    return partial(aws.call, service, operation, **arguments)


def found(aws: Cloud, service: str, operation: str, absent: frozenset[str], **arguments: Any) -> Any:  # noqa: ANN401
    """Return the response of an operation; None for the codes of what does not exist."""
    try:
        return aws.call(service, operation, **arguments)
    except RefusedError as error:
        if error.code in absent:
            return None
        raise


def lines(steps: Iterator[Step], *, dry_run: bool) -> Iterator[tuple[Step, str]]:
    """Apply the changes in their order, and yield each with its line. A dry run applies none.

    Raises:
        AccessError: AWS rejects a request.
    """
    for step in steps:
        if isinstance(step, Kept):
            yield step, step.text
        elif dry_run:
            yield step, f"would {step.verb} {step.what}"
        else:
            _apply(step)
            yield step, f"{VERBS[step.verb]} {step.what}"


def _apply(change: Change) -> None:
    for left in reversed(range(TRIES)):
        try:
            change.apply()
        except RefusedError as error:
            if error.code not in NOT_YET or not left:
                raise AccessError(
                    f"cannot {change.verb} {change.what}: {explained(error)}; what is done stays, and the same "
                    "command finishes the rest"
                ) from error
            time.sleep(PAUSE)
        else:
            return


def explained(error: RefusedError) -> str:
    """Return why AWS rejects a request."""
    return f"AWS throttles the requests ({error.code}); try again later" if error.code in THROTTLED else str(error)
