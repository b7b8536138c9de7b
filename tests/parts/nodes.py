"""Simulated nodes of a stack's node groups and pools, with the capacity of their instance types."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import Group, Scale, groups
from aiplatform.fit.placement import place
from aiplatform.fit.pods import objects, workloads
from aiplatform.preview.plan import Plan
from catalog.capacity import allocatable
from config.nodes import NodeGroup, Scaling
from config.settings import Settings
from tests.parts.api import MERGE, Api, Object

GROUP_LABEL = "eks.amazonaws.com/nodegroup"
ZONE_LABEL = "topology.kubernetes.io/zone"
GPU = "nvidia.com/gpu"


def node_objects(settings: Settings, size: Callable[[Scaling], int]) -> Iterator[Object]:
    """Yield the nodes of every group at a size, spread over the group's zones as an Auto Scaling group does."""
    for name, group in settings.node_groups.items():
        zones = group.zones or sorted({subnet.zone for subnet in settings.network.tiers().private})
        for index, zone in enumerate(islice(cycle(zones), size(group.scaling))):
            # Names of groups can contain underscores; names of nodes, which are addresses, cannot.
            yield node_object(f"{name.replace('_', '-')}-{index}", name, group, zone, settings.project.region)


def pool_groups(settings: Settings, plan: Plan) -> list[Group]:
    """Return the nodes that Karpenter would create for the plan's pods, as groups of one instance type in one zone.

    Each kind without GPUs has one additional node: the scheduler can fill nodes in another order than `aiplatform fit`.
    """
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    sourced = objects(plan)
    brought = pools(sourced, zones)
    if not brought:
        return []
    cluster = place([*groups(settings), *brought], workloads(sourced), "expected", "expected").cluster
    found = []
    for kind, nodes in cluster.of_kind.items():
        if kind.group.pool and nodes:
            count = len(nodes) + (GPU not in kind.group.offered)
            fixed = replace(
                kind.group, name=f"{kind.group.name}/{kind.zone}", zones=(kind.zone,), pool="", pool_limits={}
            )
            found.append(replace(fixed, scale=Scale(count, count, count)))
    return found


def pool_objects(settings: Settings, plan: Plan) -> Iterator[Object]:
    """Yield the nodes of those groups. Their names are fixed; those of Karpenter's claims are random."""
    for group in pool_groups(settings, plan):
        for index in range(group.scale.expected):
            name = f"{group.name.replace('/', '-').replace('.', '-')}-{index}"
            labels = {
                **group.labels,
                "kubernetes.io/hostname": name,
                "topology.kubernetes.io/region": settings.project.region,
                ZONE_LABEL: group.zones[0],
            }
            offered = {
                resource: f"{amount}m" if resource == "cpu" else str(amount)
                for resource, amount in group.offered.items()
            }
            taints = [taint._asdict() for taint in group.taints]
            yield {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": name, "labels": {key: value for key, value in labels.items() if value}},
                "spec": {"taints": taints} if taints else {},
                "status": {"allocatable": offered, "capacity": offered},
            }


def twin(node: Object, name: str) -> Object:
    """Return another node with the same attributes, as its group or pool would create it."""
    other = deepcopy(node)
    other["metadata"] = {"name": name, "labels": {**node["metadata"]["labels"], "kubernetes.io/hostname": name}}
    return other


def node_object(name: str, group_name: str, group: NodeGroup, zone: str, region: str) -> Object:
    """Return a node of a group with its first instance type, which Auto Scaling prefers."""
    instance_type = group.instance_types[0]
    labels = {
        **group.all_labels(),
        GROUP_LABEL: group_name,
        "eks.amazonaws.com/capacityType": "SPOT" if group.capacity == "spot" else "ON_DEMAND",
        "kubernetes.io/arch": "arm64" if group.kind().architecture == "arm64" else "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": instance_type,
        "topology.kubernetes.io/region": region,
        ZONE_LABEL: zone,
    }
    taints = [taint.model_dump(include={"key", "value", "effect"}) for taint in group.all_taints()]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"taints": taints} if taints else {},
        "status": {"allocatable": _offered(group), "capacity": _offered(group)},
    }


def _offered(group: NodeGroup) -> dict[str, str]:
    offered = allocatable(
        group.instance_types[0], disk_gib=group.pods_disk_gib(group.instance_types[0]), max_pods=group.max_pods
    )
    return {
        "cpu": f"{offered.cpu_millis}m",
        "memory": f"{offered.memory_mib}Mi",
        "ephemeral-storage": f"{offered.disk_mib}Mi",
        "pods": str(offered.pods),
        **({GPU: str(offered.gpus)} if offered.gpus else {}),
    }


def add_node(api: Api, node: Object) -> None:
    """Add a node: Kubernetes reads its capacity only from its status."""
    api.apply({key: value for key, value in node.items() if key != "status"})
    path = f"/api/v1/nodes/{node['metadata']['name']}/status"
    api.call("PATCH", path, {"status": node["status"]}, content_type=MERGE)


def on_nodes(pods: list[Object]) -> dict[str, list[Any]]:
    """Return the pods of each node; the empty name has those without a node."""
    found: dict[str, list[Any]] = {}
    for pod in pods:
        found.setdefault(pod["spec"].get("nodeName", ""), []).append(pod)
    return found
