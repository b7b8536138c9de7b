"""Volumes that restrict pods to zones: an EBS volume can only be used in its zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiplatform.fit.workloads import Workload

Object = Mapping[str, Any]
ZONE_KEYS = ("topology.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone", "topology.ebs.csi.eks.amazonaws.com/zone")
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
EBS = ("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs")


@dataclass(frozen=True)
class Volumes:
    """The PersistentVolumes, claims and storage classes of a plan."""

    classes: Mapping[str, Object]
    claims: Mapping[tuple[str, str], Object]
    volumes: Mapping[str, Object]

    @classmethod
    def of(cls, objects: Iterable[Object]) -> "Volumes":
        """Return those among Kubernetes objects."""
        given = list(objects)
        return cls(
            {_name(one): one for one in given if one["kind"] == "StorageClass"},
            {(_namespace(one), _name(one)): one for one in given if one["kind"] == "PersistentVolumeClaim"},
            {_name(one): one for one in given if one["kind"] == "PersistentVolume"},
        )

    def place(self, workload: Workload) -> Workload:
        """Return the workload, restricted to the zones of its volumes."""
        if not workload.claims and not workload.classes:
            return workload
        found = [self._zones_of_claim((workload.namespace, name)) for name in workload.claims]
        found += [self._zones_of_class(name) for name in workload.classes]
        known = [zones for zones in found if zones is not None]
        if not known:
            return workload
        return replace(workload, where=replace(workload.where, zones=frozenset.intersection(*known)))

    def storage_class(self, name: str) -> Object | None:
        """Return a storage class by name, the default one for an empty name; None if there is none."""
        if name:
            return self.classes.get(name)
        return next((one for one in self.classes.values() if _annotation(one, DEFAULT_CLASS) == "true"), None)

    def class_name(self, claim: Object) -> str:
        """Return the name of a claim's storage class; empty for the default one."""
        return str((claim.get("spec") or {}).get("storageClassName") or "")

    def _zones_of_claim(self, key: tuple[str, str]) -> frozenset[str] | None:
        claim = self.claims.get(key)
        if claim is None:
            return None
        volume = self.volumes.get(str((claim.get("spec") or {}).get("volumeName") or ""))
        return self._zones_of_class(self.class_name(claim)) if volume is None else volume_zones(volume)

    def _zones_of_class(self, name: str) -> frozenset[str] | None:
        storage_class = self.storage_class(name)
        if storage_class is None or not storage_class.get("allowedTopologies"):
            return None
        return _zones(storage_class["allowedTopologies"], "matchLabelExpressions")


def volume_zones(volume: Object) -> frozenset[str] | None:
    """Return the zones in which a PersistentVolume can be used; None for all zones."""
    required = ((volume.get("spec") or {}).get("nodeAffinity") or {}).get("required") or {}
    return _zones(required.get("nodeSelectorTerms") or (), "matchExpressions")


def waits_for_pods(storage_class: Object) -> bool:
    """Return whether volumes are provisioned in the zone of their pod (WaitForFirstConsumer)."""
    return storage_class.get("volumeBindingMode") == "WaitForFirstConsumer"


def is_ebs(storage_class: Object) -> bool:
    """Return whether its volumes are EBS volumes, which are in one zone."""
    return storage_class.get("provisioner") in EBS


def _zones(terms: Sequence[Object], key: str) -> frozenset[str] | None:
    found = [
        str(value)
        for term in terms
        for expression in term.get(key) or ()
        if expression.get("key") in ZONE_KEYS
        for value in expression.get("values") or ()
    ]
    return frozenset(found) or None


def _name(item: Object) -> str:
    return str((item.get("metadata") or {}).get("name", ""))


def _namespace(item: Object) -> str:
    return str((item.get("metadata") or {}).get("namespace") or "default")


def _annotation(item: Object, key: str) -> str:
    return str(((item.get("metadata") or {}).get("annotations") or {}).get(key, ""))
