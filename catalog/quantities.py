"""Kubernetes quantities as integers: CPU in millicores, memory and storage in bytes, other resources as counts."""

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
"""Capacity of an instance type that the table lacks: so high that no check reports it."""

Amounts = Mapping[str, int]
"""Amounts by resource name."""

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
    # A longer exponent is never a valid amount, and calculating it would exhaust the memory.
    if exponent and len(exponent) > 4:
        raise ValueError(f"{text!r} is not a Kubernetes quantity")
    return Fraction(digits) * (Fraction(10) ** int(exponent[1:]) if exponent else _SUFFIXES[suffix or ""])


def amount(resource: str, quantity: object) -> int:
    """Convert a quantity to an integer in the unit of its resource, rounded up as the scheduler does.

    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

    Raises:
        ValueError: the quantity is invalid.
    """
    number = _number(str(quantity)) * (1000 if resource.rpartition(".")[2] == CPU else 1)
    return -(-number.numerator // number.denominator)


MANY_CORES = 10_000
"""Millicores from which CPU is shown in cores."""


def shown(resource: str, value: int) -> str:
    """Format an amount with its resource for a message: `3920m CPU`, `168.5 CPU`, `14162Mi memory`."""
    written = f"{value / 1000:.4g}" if resource == CPU and value >= MANY_CORES else quantity(resource, value)
    return f"{written} {title(resource)}"


def title(resource: str) -> str:
    """Return the name of a resource in messages."""
    return _TITLES.get(resource, resource)


REQUESTS = "requests."
_OF_PODS = {CPU: CPU, MEMORY: MEMORY, DISK: DISK, PODS: PODS}
"""Quota keys without the prefix `requests.` that limit requests of pods."""


def requested(key: str) -> str | None:
    """Return the node resource whose requests a quota key limits; None for limits, storage and object counts."""
    resource = key.removeprefix(REQUESTS) if key.startswith(REQUESTS) else _OF_PODS.get(key)
    return None if resource == "storage" or ".storageclass." in key else resource


_TITLES = {CPU: "CPU", DISK: "ephemeral storage"}
_BINARY = (("Gi", GIB), ("Mi", MIB), ("Ki", 1024))


def quantity(resource: str, value: int) -> str:
    """Format an amount as in a manifest, with the largest unit that gives an integer."""
    if resource == CPU:
        return f"{value}m" if value % 1000 else str(value // 1000)
    if resource in (MEMORY, DISK):
        return next((f"{value // size}{unit}" for unit, size in _BINARY if value and value % size == 0), str(value))
    return str(value)
