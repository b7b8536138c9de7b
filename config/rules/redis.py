"""Redis: how many Sentinels agree, ports and memory."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.workloads.redis import SENTINEL_PORT, majority

_REDIS: Path = ("workloads", "redis")
LEAST_MIB = 64
"""Less memory for data than this is a mistyped unit."""


def quorum(stack: Stack) -> Iterator[Problem]:
    """Most of the Sentinels have to miss the primary, and one of them may be missing itself."""
    redis = stack.settings.workloads.redis
    if redis is None or redis.quorum is None:
        return
    least, most = majority(redis.sentinels), redis.sentinels - 1
    choice = str(least) if least == most else f"{least} to {most}"
    because = ((*_REDIS, "sentinels"),)
    if redis.quorum > redis.sentinels:
        message = f"{redis.quorum} is more than the {redis.sentinels} Sentinels that there are; write {choice}"
    elif redis.quorum < least:
        message = f"{redis.quorum} of {redis.sentinels} Sentinels are not most of them; write {choice}"
    elif redis.quorum > most:
        message = (
            f"{redis.quorum} of {redis.sentinels} Sentinels are all: with one lost none is replaced; write {choice}"
        )
    else:
        return
    yield Problem((*_REDIS, "quorum"), message, because=because)


def ports_and_memory(stack: Stack) -> Iterator[Problem]:
    """Servers and Sentinels have ports of their own, and data has room."""
    redis = stack.settings.workloads.redis
    if redis is None:
        return
    if redis.port == SENTINEL_PORT:
        yield Problem((*_REDIS, "port"), f"{redis.port} is the Sentinels'; choose another, like 6379")
    if redis.memory_mib() < LEAST_MIB:
        yield Problem(
            (*_REDIS, "resources", "limits", "memory"),
            f"{redis.resources.limits.memory} leaves {redis.memory_mib()} MiB for data; write 128Mi or more",
        )


RULES: tuple[Rule, ...] = (quorum, ports_and_memory)
