"""Classes of databases and node types of caches that are cheaper than another one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from catalog.instance_types import family, sizes

_SERVICES = ("db.", "cache.")


def smaller_classes(current: str, prices: Mapping[str, Decimal]) -> Iterator[tuple[str, str]]:
    """Yield the cheapest class with the same memory, and the cheapest with the next size below, half or less, each with
    what it gives up.

    `prices` are those of the classes of one engine in a region, in USD an hour. A class has the memory of the EC2
    instance type of its name: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
    """
    price, memory = prices.get(current), _memory(current)
    if price is None or memory is None:
        return
    cheaper = sorted((other, name) for name, other in prices.items() if other < price)
    below = max((size for _, name in cheaper if (size := _memory(name)) and size <= memory // 2), default=None)
    for wanted in (memory, below):
        found = next((name for _, name in cheaper if wanted and _memory(name) == wanted), None)
        if found is not None and wanted is not None:
            yield found, _loss(current, found, wanted, memory)


def _memory(name: str) -> int | None:
    """Return the memory of a class in MiB; None for a name that is no instance type."""
    size = sizes().get(_machine(name))
    return size.memory_mib if size else None


def _machine(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _SERVICES if name.startswith(prefix)), name)


def _loss(current: str, other: str, left: int, memory: int) -> str:
    less = f"memory for connections and cached data: {left / 1024:g} GiB remain of {memory / 1024:g}"
    losses = [less] if left < memory else []
    if family(_machine(other)).startswith("t") and not family(_machine(current)).startswith("t"):
        losses.append("steady CPU: a T class has a baseline and credits")
    return ", and ".join(losses)
