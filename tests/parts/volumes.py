"""Simulated volumes for claims, created and deleted as by the provisioner of the EBS CSI driver, without disks.

https://github.com/kubernetes-csi/external-provisioner
"""

from tests.parts.api import MERGE, Api, Object, RefusedError

DRIVER = "ebs.csi.aws.com"
ZONE = "topology.kubernetes.io/zone"
_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer"
_BY = "pv.kubernetes.io/provisioned-by"
_WANTED_BY = "volume.kubernetes.io/storage-provisioner"
_NODE = "volume.kubernetes.io/selected-node"


def work(api: Api) -> None:
    """Run one round: create a volume for each claim whose pod has a node, and delete volumes without a claim."""
    for claim in api.list("v1", "PersistentVolumeClaim"):
        annotations = claim["metadata"].get("annotations", {})
        node = annotations.get(_NODE)
        if node and annotations.get(_WANTED_BY) == DRIVER and not claim["spec"].get("volumeName"):
            _provide(api, claim, node)
    for volume in _own(api):
        # Without the finalizer the API server deletes a volume before its disk is deleted.
        if volume.get("status", {}).get("phase") == "Released":
            api.delete(volume)
            _let_go(api, volume)


def left(api: Api) -> list[str]:
    """Return the existing volumes."""
    return [volume["metadata"]["name"] for volume in _own(api)]


def _own(api: Api) -> list[Object]:
    return [
        volume
        for volume in api.list("v1", "PersistentVolume")
        if volume["metadata"].get("annotations", {}).get(_BY) == DRIVER
    ]


def _provide(api: Api, claim: Object, node: str) -> None:
    """Create a volume in the zone of the node that the scheduler chose; the volume controller binds it."""
    zone = api.get("v1", "Node", None, node)["metadata"]["labels"][ZONE]
    metadata, spec = claim["metadata"], claim["spec"]
    name = f"pvc-{metadata['uid']}"
    expression = {"key": ZONE, "operator": "In", "values": [zone]}
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {_BY: DRIVER}, "finalizers": [_FINALIZER]},
        "spec": {
            "capacity": spec["resources"]["requests"],
            "accessModes": spec["accessModes"],
            "storageClassName": spec["storageClassName"],
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "uid": metadata["uid"]}
            | {key: metadata[key] for key in ("namespace", "name")},
            "csi": {"driver": DRIVER, "volumeHandle": f"vol-{metadata['uid'][:8]}"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}},
        },
    }
    api.apply(volume)


def _let_go(api: Api, volume: Object) -> None:
    finalizers = [one for one in volume["metadata"].get("finalizers", []) if one != _FINALIZER]
    try:
        api.call("PATCH", api.path_of(volume), {"metadata": {"finalizers": finalizers}}, content_type=MERGE)
    except RefusedError as error:
        # It is deleted, or the API server changed it: then the next round handles it.
        if error.status not in {404, 409, 422}:
            raise
