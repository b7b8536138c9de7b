"""All steps of bootstrap, and of its reversal."""

from collections.abc import Iterator

from aiplatform.bootstrap.bucket import bucket_removal, bucket_steps, exists
from aiplatform.bootstrap.identities import (
    boundary_steps,
    policy_removal,
    provider_removal,
    provider_steps,
    role_removal,
    role_steps,
)
from aiplatform.bootstrap.key import key_removal, key_steps
from aiplatform.bootstrap.step import Change, Kept, Step
from aiplatform.bootstrap.wanted import ALIAS, Wanted
from aiplatform.verify.model import Cloud

NEW_KEY = "(the new key)"
"""The ARN of the key in a dry run without one."""


def made(home: Cloud, wanted: Wanted) -> Iterator[Step]:
    """Yield what the account lacks. `home` is the API of the region of the state."""
    exists(home, wanted)
    key = yield from key_steps(home)
    used = yield from bucket_steps(home, wanted, key)
    if wanted.repository is None:
        return
    yield from boundary_steps(home, wanted)
    yield from provider_steps(home, wanted)
    keys = tuple(dict.fromkeys((key or NEW_KEY, used or NEW_KEY)))
    for role in wanted.roles:
        yield from role_steps(home, wanted, role, keys)


def removed(home: Cloud, wanted: Wanted) -> Iterator[Step]:
    """Yield what can be removed, and what stays with the reason: the reverse of `made`."""
    gone: set[str] = set()
    for role in wanted.roles:
        for step in role_removal(home, role):
            if isinstance(step, Change) and step.what == f"the role {role.name}":
                gone.add(role.name)
            yield step
    yield from policy_removal(home, wanted.boundary)
    users = yield from provider_removal(home, wanted, frozenset(gone))
    if users:
        yield Kept(f"left: the bucket {wanted.bucket} and {ALIAS}, which other roles of GitHub can use")
        return
    stays = yield from bucket_removal(home, wanted)
    if stays:
        yield Kept(f"left: {ALIAS}, without which these objects cannot be read")
        return
    yield from key_removal(home)
