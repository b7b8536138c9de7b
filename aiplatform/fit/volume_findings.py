"""Volumes that keep pods waiting whatever the nodes: no class, no zone in common, a zone without nodes."""

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
    """What the volumes of a plan make impossible, on node groups in these zones."""
    zones = {zone for group in groups for zone in group.zones if group.scale.maximum}
    volumes = Volumes.of([one.object for one in sourced])
    for one in sourced:
        if one.object["kind"] == "PersistentVolume":
            yield from _volume(one, zones)
    for workload in workloads:
        for name in workload.classes:
            yield from _of_class(workload, name, volumes, groups, zones)
        for claim_name in workload.claims:
            claim = volumes.claims.get((workload.namespace, claim_name))
            if claim is not None:
                yield from _of_claim(workload, claim, volumes, groups, zones)


def _volume(one: Sourced, zones: set[str]) -> Iterator[Finding]:
    tied = volume_zones(one.object)
    if tied is not None and not tied & zones:
        yield Finding(
            "volume-zone",
            "error",
            one.urn,
            f"PersistentVolume {name_of(one.object)} is in {' or '.join(sorted(tied))}, where no node group has a node",
            f"give a node group that zone, or make the volume in {' or '.join(sorted(zones))}",
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
            f"{workload.identity}: up to {most} pods share the claim {name_of(claim)}, which one node alone can use "
            f"({modes[0]}): pods on other nodes never start",
            "take a StatefulSet with a claim for each pod, or a volume that is ReadWriteMany (EFS)",
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
                f"{workload.identity}: its volume names no storage class, and the cluster has no default one "
                "(EKS brings none since 1.30): the pod stays pending",
                "set addons.ebsCsi.defaultStorageClass to true, or name a class",
            )
        return
    reached = {kind.zone for group in groups for kind in group.kinds() if admits(workload.where, kind)}
    if is_ebs(storage_class) and not waits_for_pods(storage_class) and reached and reached != zones:
        yield Finding(
            "volume-binding",
            "warning",
            workload.urn,
            f"{workload.identity}: its volume is made in any of {', '.join(sorted(zones))} before a node is chosen, "
            f"and its pods can run in {', '.join(sorted(reached))} alone",
            f"set volumeBindingMode of StorageClass {name_of(storage_class)} to WaitForFirstConsumer",
        )
