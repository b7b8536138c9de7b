"""Kubernetes quantities as whole numbers: CPU in thousandths of a core, all else in bytes or pieces."""

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

CPU = "cpu"
MEMORY = "memory"
DISK = "ephemeral-storage"
PODS = "pods"
GPU = "nvidia.com/gpu"
MIB = 1024**2
GIB = 1024**3

UNKNOWN = 2**50
"""Of an instance type that the table lacks: nothing is said about it rather than something wrong."""

Amounts = Mapping[str, int]
"""How much of each resource."""

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_SUFFIXES = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
    **{suffix: Fraction(1000**power) for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Fraction(1024**power) for power, suffix in enumerate("KMGTPE", start=1)},
}


@functools.lru_cache(maxsize=4096)
def _number(text: str) -> Fraction:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a Kubernetes quantity")
    digits, exponent, suffix = match.groups()
    # A longer exponent is no amount of anything, and would take all memory to work out.
    if exponent and len(exponent) > 4:
        raise ValueError(f"{text!r} is not a Kubernetes quantity")
    return Fraction(digits) * (Fraction(10) ** int(exponent[1:]) if exponent else _SUFFIXES[suffix or ""])


def amount(resource: str, quantity: object) -> int:
    """A quantity in the unit of its resource, rounded up as the scheduler does.

    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

    Raises:
        ValueError: it is no quantity.
    """
    number = _number(str(quantity)) * (1000 if resource.rpartition(".")[2] == CPU else 1)
    return -(-number.numerator // number.denominator)


MANY_CORES = 10_000
"""Thousandths from which nobody counts in thousandths."""


def shown(resource: str, value: int) -> str:
    """An amount as people write it, with what it is of: `3920m CPU`, `168.5 CPU`, `14162Mi memory`."""
    written = f"{value / 1000:.4g}" if resource == CPU and value >= MANY_CORES else quantity(resource, value)
    return f"{written} {title(resource)}"


def title(resource: str) -> str:
    """What people call a resource."""
    return _TITLES.get(resource, resource)


REQUESTS = "requests."
_OF_PODS = {CPU: CPU, MEMORY: MEMORY, DISK: DISK, PODS: PODS}
"""Keys of a quota that mean the requests of pods though they do not say so."""


def requested(key: str) -> str | None:
    """The resource of nodes whose requests a key of a quota limits; none for limits, storage or counts of objects."""
    resource = key.removeprefix(REQUESTS) if key.startswith(REQUESTS) else _OF_PODS.get(key)
    return None if resource == "storage" or ".storageclass." in key else resource


_TITLES = {CPU: "CPU", DISK: "ephemeral storage"}
_BINARY = (("Gi", GIB), ("Mi", MIB), ("Ki", 1024))


def quantity(resource: str, value: int) -> str:
    """An amount as it stands in a manifest, with the largest unit that gives a whole number."""
    if resource == CPU:
        return f"{value}m" if value % 1000 else str(value // 1000)
    if resource in (MEMORY, DISK):
        return next((f"{value // size}{unit}" for unit, size in _BINARY if value and value % size == 0), str(value))
    return str(value)
