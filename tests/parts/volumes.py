"""Volumes for claims, as the EBS CSI driver's provisioner makes and deletes them: nothing here is a disk.

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
    """One round: a volume for each claim whose pod has a node, and none where the claim is gone."""
    for claim in api.list("v1", "PersistentVolumeClaim"):
        annotations = claim["metadata"].get("annotations", {})
        node = annotations.get(_NODE)
        if node and annotations.get(_WANTED_BY) == DRIVER and not claim["spec"].get("volumeName"):
            _provide(api, claim, node)
    for volume in _own(api):
        # Without the finalizer the API server deletes a volume that nobody has deleted on the disks' side.
        if volume.get("status", {}).get("phase") == "Released":
            api.delete(volume)
            _let_go(api, volume)


def left(api: Api) -> list[str]:
    """The volumes that there are."""
    return [volume["metadata"]["name"] for volume in _own(api)]


def _own(api: Api) -> list[Object]:
    return [
        volume
        for volume in api.list("v1", "PersistentVolume")
        if volume["metadata"].get("annotations", {}).get(_BY) == DRIVER
    ]


def _provide(api: Api, claim: Object, node: str) -> None:
    """In the zone of the node that the scheduler has chosen; the volume controller binds it."""
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
        # Gone, or the API server has changed it since: then it is still there in the next round.
        if error.status not in {404, 409, 422}:
            raise
