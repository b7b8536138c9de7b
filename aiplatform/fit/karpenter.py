"""Karpenter's NodePools as node groups: one group for each allowed node size, within the limits of the pool."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiplatform.fit.nodes import TYPE_LABEL, ZONE_LABEL, Group, Scale
from aiplatform.fit.pods import Sourced, labels_of, name_of, number
from aiplatform.fit.selectors import Selector, Taint, matches, requirements
from catalog.capacity import type_offers
from catalog.instance_types import family, instance_kind, instance_store_gib, sizes
from catalog.quantities import CPU, GIB, GPU, MEMORY, amount

Object = Mapping[str, Any]
POOL_LABEL = "karpenter.sh/nodepool"
AWS = "karpenter.k8s.aws"
DISK_GIB = 20
"""Root disk in GiB of a node class without block device mappings."""

MOST_NODES = 1000
"""Maximum nodes of a group; the limits of the pool are lower."""


def pools(sourced: Iterable[Sourced], zones: tuple[str, ...]) -> list[Group]:
    """Return the NodePools among Kubernetes objects as groups, one for each node size, largest first.

    https://karpenter.sh/docs/concepts/nodepools/
    """
    given = list(sourced)
    classes = {name_of(one.object): one.object for one in given if one.object["kind"] == "EC2NodeClass"}
    return [group for one in given if one.object["kind"] == "NodePool" for group in _pool(one.object, classes, zones)]


def _pool(pool: Object, classes: Mapping[str, Object], zones: tuple[str, ...]) -> Iterator[Group]:
    template = (pool.get("spec") or {}).get("template") or {}
    spec = template.get("spec") or {}
    wanted = requirements(spec.get("requirements"))
    of_zone = tuple(one for one in wanted if one.key == ZONE_LABEL)
    allowed = tuple(zone for zone in zones if matches(of_zone, {ZONE_LABEL: zone}))
    node_class = classes.get(str((spec.get("nodeClassRef") or {}).get("name", "")), {})
    taints = tuple(
        Taint(str(one["key"]), str(one.get("value") or ""), str(one["effect"])) for one in spec.get("taints") or ()
    )
    kubelet = (node_class.get("spec") or {}).get("kubelet") or {}
    for instance_type in _types(wanted):
        yield Group(
            f"{name_of(pool)}/{instance_type}",
            (instance_type,),
            allowed,
            {**_labels(instance_type), POOL_LABEL: name_of(pool), **labels_of(template)},
            taints,
            type_offers(
                instance_type,
                disk_gib=_disk(node_class, instance_type),
                max_pods=number(kubelet.get("maxPods"), 0) or None,
            ),
            Scale(0, 0, MOST_NODES),
            pool=name_of(pool),
            pool_limits=limits_of(pool),
        )


def allowed_types(pool: Object) -> tuple[str, ...]:
    """Return the instance types that a NodePool allows, in the order of the table."""
    template = (pool.get("spec") or {}).get("template") or {}
    return tuple(_allowed(requirements((template.get("spec") or {}).get("requirements"))))


def _allowed(wanted: Selector) -> Iterator[str]:
    # What says nothing of types is no matter here: zones, capacity types and labels of the pool's own.
    about_types = tuple(one for one in wanted if one.key in _labels("t3.large"))
    return (name for name in sizes() if matches(about_types, _labels(name)))


def _types(wanted: Selector) -> list[str]:
    """Return one instance type for each node size that a pool allows: types of the same size are equivalent."""
    found: dict[object, str] = {}
    for name in _allowed(wanted):
        size = sizes()[name]
        alike = (size.gpus, size.vcpus, size.memory_mib, size.gpu, _labels(name)["kubernetes.io/arch"])
        found.setdefault(alike, name)
    return sorted(found.values(), key=lambda one: (-sizes()[one].gpus, -sizes()[one].vcpus, -sizes()[one].memory_mib))


def _labels(instance_type: str) -> dict[str, str]:
    """https://karpenter.sh/docs/concepts/scheduling/#well-known-labels"""
    size, name = sizes()[instance_type], family(instance_type)
    return {
        TYPE_LABEL: instance_type,
        "kubernetes.io/arch": "arm64" if instance_kind(instance_type).architecture == "arm64" else "amd64",
        "kubernetes.io/os": "linux",
        f"{AWS}/instance-family": name,
        f"{AWS}/instance-category": name[: _letters(name)],
        f"{AWS}/instance-generation": name[_letters(name) :][:1],
        f"{AWS}/instance-size": instance_type.partition(".")[2],
        f"{AWS}/instance-cpu": str(size.vcpus),
        f"{AWS}/instance-memory": str(size.memory_mib),
        f"{AWS}/instance-gpu-count": str(size.gpus),
        f"{AWS}/instance-gpu-name": size.gpu.lower(),
        f"{AWS}/instance-gpu-manufacturer": "nvidia" if size.gpus else "",
    }


def _letters(name: str) -> int:
    return next((index for index, letter in enumerate(name) if not letter.isalpha()), len(name))


def _disk(node_class: Object, instance_type: str) -> int:
    """https://karpenter.sh/docs/concepts/nodeclasses/#specinstancestorepolicy"""
    store = instance_store_gib(instance_type)
    if store and (node_class.get("spec") or {}).get("instanceStorePolicy") == "RAID0":
        return store
    volumes = [
        str((one.get("ebs") or {}).get("volumeSize") or "")
        for one in (node_class.get("spec") or {}).get("blockDeviceMappings") or ()
    ]
    return max((amount("storage", one) // GIB for one in volumes if one), default=DISK_GIB)


def limits_of(pool: Object) -> Mapping[str, int]:
    """Return the limits of a NodePool: CPU in millicores, memory in bytes, and GPUs."""
    limits = (pool.get("spec") or {}).get("limits") or {}
    return {name: amount(name, limits[name]) for name in (CPU, MEMORY, GPU) if name in limits}
