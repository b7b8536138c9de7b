"""Effective requests of pods, as the scheduler calculates them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.quantities import Amounts, amount

Object = Mapping[str, Any]
PORT = "hostPort:"
"""Prefix of host ports as resources; each node has one of every port."""


def pod_requests(spec: Object, defaults: Amounts) -> dict[str, int]:
    """Return the effective request of a pod: the sum of its containers, or its largest init container if that is
    higher.

    Sidecars count together with the init containers that start after them. A missing request is the limit, or else the
    one in `defaults`, from the namespace's LimitRange.
    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
    """
    sidecars: dict[str, int] = {}
    largest: dict[str, int] = {}
    for container in spec.get("initContainers") or ():
        asked = container_requests(container, defaults)
        if container.get("restartPolicy") == "Always":
            sidecars = _sum(sidecars, asked)
            largest = _largest(largest, sidecars)
        else:
            largest = _largest(largest, _sum(sidecars, asked))
    running = sidecars
    for container in spec.get("containers") or ():
        running = _sum(running, container_requests(container, defaults))
    # What is said of the pod as a whole takes the place of what its containers say.
    whole = {**_largest(largest, running), **container_requests(spec, {})}
    overhead = _amounts(spec.get("overhead"))
    return {name: value for name, value in _sum(whole, overhead, _ports(spec)).items() if value > 0}


def container_requests(container: Object, defaults: Amounts) -> dict[str, int]:
    """Return the requests of a container, with `defaults` for missing ones."""
    resources = container.get("resources") or {}
    return {**defaults, **_amounts(resources.get("limits")), **_amounts(resources.get("requests"))}


def limit_range_defaults(limit_ranges: Iterable[Object]) -> dict[str, int]:
    """Return the default requests of containers by the LimitRanges of a namespace.

    https://kubernetes.io/docs/concepts/policy/limit-range/
    """
    found: dict[str, int] = {}
    for limit_range in limit_ranges:
        for limit in (limit_range.get("spec") or {}).get("limits") or ():
            if limit.get("type") == "Container":
                # A field that is left out takes the next one's value.
                given = [limit.get(field) or {} for field in ("min", "max", "default", "defaultRequest")]
                found = {**{name: value for part in given for name, value in _amounts(part).items()}, **found}
    return found


def _amounts(quantities: object) -> dict[str, int]:
    if not isinstance(quantities, Mapping):
        return {}
    found = {}
    for name, quantity in quantities.items():
        try:
            found[str(name)] = amount(str(name), quantity)
        except ValueError:
            # Only the cloud can tell it, or the API server refuses it: no matter of fitting.
            continue
    return found


def _sum(*parts: Amounts) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, value in part.items():
            total[name] = total.get(name, 0) + value
    return total


def _largest(one: Amounts, other: Amounts) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in (*one, *other)}


def _ports(spec: Object) -> dict[str, int]:
    host = spec.get("hostNetwork") is True
    containers: Sequence[Object] = spec.get("containers") or ()
    ports = [port for container in containers for port in container.get("ports") or ()]
    numbers = [
        (port.get("protocol", "TCP"), port.get("hostPort") or (host and port.get("containerPort"))) for port in ports
    ]
    return {f"{PORT}{protocol}/{number}": 1 for protocol, number in numbers if number}
