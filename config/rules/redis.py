"""Redis: Sentinel quorum, ports and memory."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.workloads.redis import SENTINEL_PORT, majority

_REDIS: Path = ("workloads", "redis")
LEAST_MIB = 64
"""Minimum memory for data in MiB: less than this is probably a wrong unit."""


def quorum(stack: Stack) -> Iterator[Problem]:
    """The quorum is a majority of the Sentinels, and less than all of them."""
    redis = stack.settings.workloads.redis
    if redis is None or redis.quorum is None:
        return
    least, most = majority(redis.sentinels), redis.sentinels - 1
    choice = str(least) if least == most else f"{least} to {most}"
    because = ((*_REDIS, "sentinels"),)
    if redis.quorum > redis.sentinels:
        message = f"{redis.quorum} exceeds the {redis.sentinels} Sentinels; set {choice}"
    elif redis.quorum < least:
        message = f"{redis.quorum} of {redis.sentinels} Sentinels is not a majority; set {choice}"
    elif redis.quorum > most:
        message = (
            f"{redis.quorum} of {redis.sentinels} Sentinels allows no failover while one is unavailable; set {choice}"
        )
    else:
        return
    yield Problem((*_REDIS, "quorum"), message, because=because)


def ports_and_memory(stack: Stack) -> Iterator[Problem]:
    """Servers and Sentinels have different ports, and the memory limit leaves room for data."""
    redis = stack.settings.workloads.redis
    if redis is None:
        return
    if redis.port == SENTINEL_PORT:
        yield Problem((*_REDIS, "port"), f"{redis.port} is the port of the Sentinels; choose another, such as 6379")
    if redis.memory_mib() < LEAST_MIB:
        yield Problem(
            (*_REDIS, "resources", "limits", "memory"),
            f"{redis.resources.limits.memory} leaves {redis.memory_mib()} MiB for data; set 128Mi or more",
        )


RULES: tuple[Rule, ...] = (quorum, ports_and_memory)
