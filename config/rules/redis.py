"""Redis: Sentinel quorum, ports and memory."""

from collections.abc import Iterator

from catalog.quantities import MEMORY, MIB, amount
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.workloads.redis import MEMORY_PERCENT, SENTINEL_PORT, majority

_REDIS: Path = ("workloads", "redis")
LEAST_MIB = 64
"""Minimum memory for data in MiB: less than this is probably a wrong unit."""

MOST_PERCENT = 85
"""Maximum percent of the memory limit for data: replication and client buffers and fragmentation are not counted in
maxmemory. https://redis.io/docs/latest/operate/oss_and_stack/management/admin/#memory"""

COPIES = 2
"""Files of the data in the volume while the append-only file or a snapshot is written again."""


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
        key: Path = ("resources", "limits", "memory") if redis.max_memory is None else ("maxMemory",)
        value = redis.max_memory or redis.resources.limits.memory
        yield Problem((*_REDIS, *key), f"{value} leaves {redis.memory_mib()} MiB for data; set 128Mi or more")


def data(stack: Stack) -> Iterator[Problem]:
    """The memory for data fits into the memory limit, and its files into the volume."""
    redis = stack.settings.workloads.redis
    if redis is None:
        return
    limit, memory = amount(MEMORY, redis.resources.limits.memory) // MIB, redis.memory_mib()
    most, usual = limit * MOST_PERCENT // 100, limit * MEMORY_PERCENT // 100
    because: Path = (*_REDIS, "resources", "limits", "memory")
    if memory > most:
        yield Problem(
            (*_REDIS, "maxMemory"),
            f"{memory} MiB of the memory limit, {limit} MiB, leave too little for buffers, so that the kernel kills "
            f"Redis before it evicts keys or rejects writes; set {usual}Mi, and {most}Mi at most",
            because=(because,),
        )
    elif memory > usual and redis.persistence != "none":
        yield Problem(
            (*_REDIS, "maxMemory"),
            f"{memory} MiB is more than {MEMORY_PERCENT} % of the memory limit, {limit} MiB: pages that change while "
            f"{redis.persistence} files are written need the rest; set {usual}Mi",
            severity="warning",
            because=(because,),
        )
    stored = amount(MEMORY, redis.storage) // MIB
    if redis.persistence != "none" and COPIES * memory > stored:
        yield Problem(
            (*_REDIS, "storage"),
            f"{redis.storage} is less than {COPIES} files of the data, {memory} MiB each, while one is written again; "
            f"set {-(-COPIES * memory // 1024)}Gi or more",
            because=((*_REDIS, "maxMemory"), because),
        )


def unused(stack: Stack) -> Iterator[Problem]:
    """Persistence and eviction match the use."""
    redis = stack.settings.workloads.redis
    if redis is None:
        return
    if redis.persistence != "appendonly" and "synchronization" in redis.model_fields_set:
        yield Problem(
            (*_REDIS, "synchronization"),
            f"has no effect with persistence: {redis.persistence}; remove it, or set persistence: appendonly",
            because=((*_REDIS, "persistence"),),
        )
    if redis.use == "queue" and redis.eviction.startswith("allkeys"):
        yield Problem(
            (*_REDIS, "eviction"),
            f"{redis.eviction} evicts queued messages and sessions when the memory is full; set noeviction, or "
            "use: cache",
            severity="warning",
            because=((*_REDIS, "use"),),
        )


RULES: tuple[Rule, ...] = (quorum, ports_and_memory, data, unused)
