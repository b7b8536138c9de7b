"""Findings about volumes that keep pods pending: no storage class, no common zone, a zone without nodes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiplatform.finding import Finding
from aiplatform.fit.cluster import admits
from aiplatform.fit.nodes import Group
from aiplatform.fit.pods import Sourced, name_of
from aiplatform.fit.volumes import Volumes, is_ebs, volume_zones, waits_for_pods
from aiplatform.fit.workloads import Workload

Object = Mapping[str, Any]


def volume_findings(
    sourced: Sequence[Sourced], workloads: Sequence[Workload], groups: Sequence[Group]
) -> Iterator[Finding]:
    """Yield findings about the volumes of a plan, with node groups in `zones`."""
    zones = {zone for group in groups for zone in group.zones if group.scale.maximum}
    volumes = Volumes.of([one.object for one in sourced])
    for one in sourced:
        if one.object["kind"] == "PersistentVolume":
            yield from _volume(one, zones)
    for workload in workloads:
        yield from _of_group(workload, volumes, groups)
        for name in workload.classes:
            yield from _of_class(workload, name, volumes, groups, zones)
        for claim_name in workload.claims:
            claim = volumes.claims.get((workload.namespace, claim_name))
            if claim is not None:
                yield from _of_claim(workload, claim, volumes, groups, zones)


def _of_group(workload: Workload, volumes: Volumes, groups: Sequence[Group]) -> Iterator[Finding]:
    """Yield a finding where no group can bring a node in the zone of the workload's volume.

    An Auto Scaling group chooses the zone of a node that is added, unless it has one zone only:
    https://docs.aws.amazon.com/eks/latest/best-practices/cas.html
    """
    claims = [volumes.claims.get((workload.namespace, name)) for name in workload.claims]
    # A claim of an existing volume is restricted to its zone by the volume.
    new = [claim for claim in claims if claim is not None and not (claim.get("spec") or {}).get("volumeName")]
    classes = {*workload.classes, *map(volumes.class_name, new)}
    if not any((found := volumes.storage_class(name)) is not None and is_ebs(found) for name in classes):
        return
    fitting = [one for one in groups if one.scale.maximum and any(admits(workload.where, kind) for kind in one.kinds())]
    tied = {kind.zone for one in fitting for kind in one.kinds() if admits(workload.where, kind)}
    served = {zone for one in fitting for zone in one.zones if one.pool or one.scale.minimum >= len(one.zones)}
    served |= {one.zones[0] for one in fitting if len(one.zones) == 1}
    over = [one for one in fitting if len(one.zones) > 1 and set(one.zones) & (tied - served)]
    if over:
        first = over[0]
        yield Finding(
            "volume-group-zones",
            "warning",
            workload.urn,
            f"{workload.identity}: its EBS volume stays in one zone, but node group {first.name} has "
            f"{len(first.zones)} zones and a minimum of {first.scale.minimum}: a replaced node can be in a zone "
            "without the volume, and the pod stays pending",
            f"set {first.path}.scaling.min to {len(first.zones)}, or a node group for each zone with zones: "
            f"[{first.zones[0]}]",
        )


def _volume(one: Sourced, zones: set[str]) -> Iterator[Finding]:
    tied = volume_zones(one.object)
    if tied is not None and not tied & zones:
        yield Finding(
            "volume-zone",
            "error",
            one.urn,
            f"PersistentVolume {name_of(one.object)} is in {' or '.join(sorted(tied))}, where no node group has nodes",
            f"add the zone to a node group, or create the volume in {' or '.join(sorted(zones))}",
        )


def _of_claim(
    workload: Workload, claim: Object, volumes: Volumes, groups: Sequence[Group], zones: set[str]
) -> Iterator[Finding]:
    spec = claim.get("spec") or {}
    if spec.get("volumeName"):
        return
    yield from _of_class(workload, volumes.class_name(claim), volumes, groups, zones)
    modes = tuple(spec.get("accessModes") or ())
    most = workload.replicas.maximum
    if most > 1 and modes and set(modes) <= {"ReadWriteOnce", "ReadWriteOncePod"}:
        yield Finding(
            "volume-shared",
            "warning",
            workload.urn,
            f"{workload.identity}: up to {most} pods share the claim {name_of(claim)}, which only one node can use "
            f"({modes[0]}): pods on other nodes stay pending",
            "use a StatefulSet with a claim for each pod, or a ReadWriteMany volume (EFS)",
        )


def _of_class(
    workload: Workload, name: str, volumes: Volumes, groups: Sequence[Group], zones: set[str]
) -> Iterator[Finding]:
    storage_class = volumes.storage_class(name)
    if storage_class is None:
        if not name:
            yield Finding(
                "volume-class",
                "error",
                workload.urn,
                f"{workload.identity}: its volume has no storage class, and the cluster has no default StorageClass "
                "(EKS has none since 1.30): the pod stays pending",
                "set addons.ebsCsi.defaultStorageClass to true, or set a storage class",
            )
        return
    reached = {kind.zone for group in groups for kind in group.kinds() if admits(workload.where, kind)}
    if is_ebs(storage_class) and not waits_for_pods(storage_class) and reached and reached != zones:
        yield Finding(
            "volume-binding",
            "warning",
            workload.urn,
            f"{workload.identity}: its volume is provisioned in one of {', '.join(sorted(zones))} before a node is "
            f"chosen, but its pods can only run in {', '.join(sorted(reached))}",
            f"set volumeBindingMode of StorageClass {name_of(storage_class)} to WaitForFirstConsumer",
        )
