"""Edits of a living resource that AWS or the API server rejects, although a plan shows them as an update in place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from catalog.aws.aws_type import Json

Inputs = Mapping[str, Json]


class Refusal(NamedTuple):
    """Why an edit is rejected."""

    text: str
    fix: str
    source: str
    severity: Literal["error", "warning", "info"] = "error"


Check = Callable[[Inputs, Inputs], Iterator[Refusal]]

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_STORAGE = f"{_RDS}USER_PIOPS.ModifyingExisting.html"
_ENGINE = f"{_RDS}USER_UpgradeDBInstance.Upgrading.html"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/"
_CACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html"
_VOLUME = "https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html"
_KUBERNETES = "https://kubernetes.io/docs/"


def at(value: Json, path: str) -> Json:
    """Return the value at a path with dots; None where there is none."""
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def version(value: Json) -> tuple[int, ...]:
    """Return the numbers of a version such as `8.0.mysql_aurora.3.08.0` up to the first part that is none."""
    found: list[int] = []
    for part in str(value or "").split("."):
        if not part.isdigit():
            break
        found.append(int(part))
    return tuple(found)


def major(engine: str, value: Json) -> tuple[int, ...]:
    """Return the major version of an engine: one number, and two of MySQL, MariaDB and PostgreSQL before 10."""
    numbers = version(value)
    two = "mysql" in engine or "mariadb" in engine or numbers[:1] < (10,)
    return numbers[: 2 if two else 1]


def is_older(before: Json, after: Json) -> bool:
    """Return whether a version is older, as far as both name it: 17 is no older than 17.5."""
    old, new = version(before), version(after)
    size = min(len(old), len(new))
    return size > 0 and new[:size] < old[:size]


def _database(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    yield from _database_storage(before, after)
    yield from _database_engine(before, after)


def _database_storage(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    old, new = before.get("allocatedStorage"), after.get("allocatedStorage")
    if not isinstance(old, int) or not isinstance(new, int):
        return
    if new < old:
        yield Refusal(
            f"storage cannot shrink: {old} to {new} GiB",
            f"keep {old} GiB, or restore the data into a new database",
            _STORAGE,
        )
    elif old < new and new * 10 < old * 11:
        yield Refusal(
            f"storage grows by less than 10 %: {old} to {new} GiB", f"set at least {-(-old * 11 // 10)} GiB", _STORAGE
        )
    elif new > old:
        yield Refusal(
            "RDS takes no other change of its storage until this one is optimized, at least six hours",
            "make further changes of the storage later",
            _STORAGE,
            "info",
        )


def _database_engine(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    engine = str(after.get("engine", ""))
    if before.get("engine") != after.get("engine"):
        return
    old, new = before.get("engineVersion"), after.get("engineVersion")
    if is_older(old, new):
        yield Refusal(
            f"{engine} cannot be downgraded: {old} to {new}",
            f"keep {old}, or restore a snapshot of {new} into a new database",
            _ENGINE,
        )
    elif major(engine, old) != major(engine, new) and version(old) and version(new):
        if after.get("allowMajorVersionUpgrade") is not True:
            yield Refusal(
                f"a major upgrade of {engine} from {old} to {new} requires allowMajorVersionUpgrade",
                "test it on a restored snapshot, then set allowMajorVersionUpgrade with the version",
                _ENGINE,
            )
        if "mysql" in engine and (major(engine, old), major(engine, new)) == ((5, 7), (8, 4)):
            yield Refusal(f"{engine} cannot skip a major version: {old} to {new}", "upgrade to 8.0 first", _ENGINE)


def _cluster(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    yield from _minor(before, after)
    modes = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
    old, new = before.get("authenticationMode"), after.get("authenticationMode")
    if old in modes and new in modes and modes.index(new) < modes.index(old):
        yield Refusal(
            f"the authentication mode cannot go back from {old} to {new}",
            f"keep {old}",
            f"{_EKS}setting-up-access-entries.html",
        )
    old, new = before.get("encryptionConfigKeyArn"), after.get("encryptionConfigKeyArn")
    if old and new and old != new:
        yield Refusal(
            "the key that encrypts secrets cannot be changed",
            "keep the key, or make a new cluster",
            f"{_EKS}enable-kms.html",
        )


def _minor(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    old, new = version(before.get("version")), version(after.get("version"))
    if len(old) < 2 or len(new) < 2 or old[:2] == new[:2]:
        return
    steps = new[1] - old[1]
    names = f"{before['version']} to {after['version']}"
    if steps == -1:
        yield Refusal(
            f"EKS rolls back one minor version only within 7 days of its upgrade: {names}",
            f"roll back with `aws eks update-cluster-version` in that time, or keep {before['version']}",
            f"{_EKS}rollback-cluster.html",
            "warning",
        )
    elif steps < 0:
        yield Refusal(
            f"EKS cannot be downgraded by several minor versions: {names}",
            f"keep {before['version']}",
            f"{_EKS}rollback-cluster.html",
        )
    elif steps > 1:
        yield Refusal(
            f"EKS upgrades by one minor version at a time: {names}",
            f"set {old[0]}.{old[1] + 1} first, with its nodes and add-ons, then the next",
            f"{_EKS}update-cluster.html",
        )


def _nodes(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    for name in ("version", "releaseVersion"):
        old, new = before.get(name), after.get(name)
        if is_older(str(old).replace("-", "."), str(new).replace("-", ".")):
            yield Refusal(
                f"{name} of a managed node group cannot be downgraded outside of a rollback of its cluster: "
                f"{old} to {new}",
                "keep it, or make a new node group",
                f"{_EKS}update-managed-node-group.html",
                "warning",
            )
            return


def _cache(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    old, new = before.get("numCacheClusters"), after.get("numCacheClusters")
    if new == 1 and isinstance(old, int) and old > 1 and after.get("automaticFailoverEnabled"):
        yield Refusal("automatic failover requires two nodes", "disable it, or keep two nodes", _CACHE)


def _volumes(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    old, new = before.get("rootBlockDevice") or {}, after.get("rootBlockDevice") or {}
    yield from _volume(old.get("volumeSize"), new.get("volumeSize"))


def _disk(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    yield from _volume(before.get("size"), after.get("size"))


def _volume(old: Json, new: Json) -> Iterator[Refusal]:
    if not isinstance(old, int) or not isinstance(new, int) or old == new:
        return
    if new < old:
        yield Refusal(
            f"an EBS volume cannot shrink: {old} to {new} GiB", f"keep {old} GiB, or copy to a new volume", _VOLUME
        )
    else:
        yield Refusal(
            "EBS modifies a volume four times in 24 hours, each after the previous is complete; the file system grows "
            "only when it is extended",
            "run `growpart` and `xfs_growfs` or `resize2fs` on the instance",
            _VOLUME,
            "info",
        )


def _claim(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    path = "spec.resources.requests.storage"
    old, new = at(before, path), at(after, path)
    if _bytes(new) < _bytes(old):
        yield Refusal(
            f"a claim cannot shrink: {old} to {new}",
            f"keep {old}, or copy the data to a new claim",
            f"{_KUBERNETES}concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims",
        )
    if at(before, "spec.volumeMode") != at(after, "spec.volumeMode"):
        yield _immutable("spec.volumeMode", f"{_KUBERNETES}concepts/storage/persistent-volumes/")


def _stateful_set(before: Inputs, after: Inputs) -> Iterator[Refusal]:
    old, new = at(before, "spec.volumeClaimTemplates"), at(after, "spec.volumeClaimTemplates")
    if old and old != new:
        yield Refusal(
            "existing claims keep their size and storage class: volumeClaimTemplates is for new pods only",
            "change each claim with `kubectl patch pvc` too; a claim cannot shrink",
            f"{_KUBERNETES}concepts/workloads/controllers/statefulset/#limitations",
            "warning",
        )


_SUFFIXES = {"": 1, "m": 0.001}
_SUFFIXES |= {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)}
_SUFFIXES |= {letter: 1000**power for power, letter in enumerate("kMGTPE", 1)}


def _bytes(value: Json) -> float:
    """Return a quantity of Kubernetes in bytes; 0 for what is none."""
    given = str(value or "")
    number = given.rstrip("kKMGTPEim")
    try:
        return float(number) * _SUFFIXES[given[len(number) :]]
    except (KeyError, ValueError):
        return 0


def _immutable(path: str, source: str) -> Refusal:
    return Refusal(f"{path} is immutable", "keep it, or replace the object with `pulumi up --replace`", source)


def _same(*paths: str, source: str) -> Check:
    def check(before: Inputs, after: Inputs) -> Iterator[Refusal]:
        for path in paths:
            if at(before, path) != at(after, path):
                yield _immutable(path, source)

    return check


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "aws:rds/instance:Instance": (_database,),
    "aws:rds/cluster:Cluster": (_database_engine,),
    "aws:elasticache/replicationGroup:ReplicationGroup": (_cache,),
    "aws:ec2/instance:Instance": (_volumes,),
    "aws:ebs/volume:Volume": (_disk,),
    "eks:index:Cluster": (_cluster,),
    "aws:eks/cluster:Cluster": (_minor,),
    "eks:index:ManagedNodeGroup": (_nodes,),
    "aws:eks/nodeGroup:NodeGroup": (_nodes,),
    "kubernetes:apps/v1:StatefulSet": (_stateful_set,),
    "kubernetes:core/v1:PersistentVolumeClaim": (_claim,),
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": (
        _same(
            "value",
            "preemptionPolicy",
            source=f"{_KUBERNETES}reference/kubernetes-api/workload-resources/priority-class-v1/",
        ),
    ),
    "kubernetes:storage.k8s.io/v1:StorageClass": (
        _same("reclaimPolicy", "volumeBindingMode", source=f"{_KUBERNETES}concepts/storage/storage-classes/"),
    ),
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": (
        _same(
            "spec.scope",
            source=f"{_KUBERNETES}tasks/extend-kubernetes/custom-resources/custom-resource-definitions/",
        ),
    ),
    "kubernetes:batch/v1:Job": (
        _same("spec.completionMode", source=f"{_KUBERNETES}concepts/workloads/controllers/job/"),
    ),
}
"""Checks of an edit that replaces nothing, by type."""

BINDING = (
    "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/webhooks/elbv2/"
    "targetgroupbinding_validator.go"
)

FIXED_REFERENCES: Mapping[str, tuple[str, Refusal]] = {
    "eks:index:Cluster": (
        "privateSubnetIds publicSubnetIds subnetIds",
        Refusal(
            "the subnets of a cluster stay in the VPC of its creation",
            "build the new network as a new stack and move the workloads",
            f"{_EKS}network-reqs.html",
        ),
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        "subnetIds",
        Refusal(
            "the subnets of a DB subnet group stay in its VPC",
            "build the new network as a new stack and restore a snapshot there",
            f"{_RDS}USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        ),
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": (
        "subnetIds",
        Refusal(
            "the subnets of a cache subnet group stay in its VPC",
            "build the new network as a new stack",
            "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html",
        ),
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        "subnets subnetMappings",
        Refusal(
            "the subnets of a load balancer stay in its VPC",
            "build the new network as a new stack",
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html",
        ),
    ),
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding": (
        "spec.targetGroupARN",
        Refusal("spec.targetGroupARN is immutable", "delete the binding before `pulumi up`; it is made again", BINDING),
    ),
}
"""Inputs with the ID of another resource that stays as long as the resource does: an update after the replacement of
the other is rejected."""

SAME_ZONES = Refusal(
    "the subnets of the control plane stay in the zones of its creation",
    "keep these zones for the cluster, and use the others for nodes alone",
    f"{_EKS}network-reqs.html",
)

_PROTECTIONS = ("deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection")


def undeletable(token: str, inputs: Inputs) -> Iterator[Refusal]:
    """Yield why AWS rejects the deletion of a resource with these inputs."""
    if any(inputs.get(name) is True for name in _PROTECTIONS):
        yield Refusal(
            "AWS does not delete it while its deletion protection is enabled",
            "disable the protection in a change before this one",
            f"{_RDS}USER_DeleteInstance.html",
        )
    if token == "aws:s3/bucket:Bucket" and inputs.get("forceDestroy") is not True:  # noqa: S105, a type
        yield Refusal(
            "AWS does not delete a bucket with objects",
            "empty it, with all versions, when they are no longer needed",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
            "warning",
        )
