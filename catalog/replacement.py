"""Inputs of every type that a provider cannot change in place: a changed value replaces the resource."""

from collections.abc import Callable, Mapping

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import AwsType, Json, replacing
from catalog.refused_edits import is_older

Inputs = Mapping[str, Json]

_EKS: Mapping[str, AwsType] = {
    "eks:index:Cluster": AwsType(
        name="name",
        immutable=(
            "bootstrapSelfManagedAddons ipFamily kubernetesServiceIpAddressRange name serviceRole.id serviceRole.arn"
        ),
    ),
    "eks:index:ManagedNodeGroup": AwsType(
        name="nodeGroupName",
        immutable=(
            "amiType capacityType cluster.urn clusterName diskSize instanceTypes launchTemplate.id launchTemplate.name "
            "nodeGroupName nodeGroupNamePrefix nodeRole.arn nodeRoleArn remoteAccess subnetIds"
        ),
    ),
    "eks:index:Addon": AwsType(name="addonName", immutable="addonName cluster.urn"),
    "eks:index:VpcCniAddon": AwsType(name="addonName", immutable="clusterName"),
}
"""Components of pulumi-eks: the inputs that become an immutable input of the resource of AWS that holds them.

https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts and `nodes/nodegroup.ts`"""

_SELECTOR = "spec.selector"
_CLAIM = "spec.accessModes spec.selector spec.storageClassName spec.volumeName"
_STATEFUL_SET = (
    "spec.podManagementPolicy spec.revisionHistoryLimit spec.selector spec.serviceName spec.volumeClaimTemplates"
)
_SOURCES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs "
    "hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
)

_KINDS: Mapping[str, str] = {
    "apps/v1:DaemonSet": _SELECTOR,
    "apps/v1:Deployment": _SELECTOR,
    "apps/v1:StatefulSet": _STATEFUL_SET,
    "batch/v1:Job": "spec.completions spec.parallelism spec.selector spec.template",
    "core/v1:ConfigMap": "binaryData data",
    "core/v1:PersistentVolume": " ".join(f"spec.{source}" for source in _SOURCES.split()),
    "core/v1:PersistentVolumeClaim": _CLAIM,
    "core/v1:ResourceQuota": "spec.scopes",
    "core/v1:Secret": "data stringData type",
    "core/v1:Service": "spec.clusterIP",
    "rbac.authorization.k8s.io/v1:ClusterRoleBinding": "roleRef",
    "rbac.authorization.k8s.io/v1:RoleBinding": "roleRef",
    "storage.k8s.io/v1:StorageClass": "parameters provisioner",
}
"""Inputs by which pulumi-kubernetes replaces an object, besides its name and namespace. It updates the others, and the
API server rejects what is immutable among them: `catalog.refused_edits`.

https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go: `forceNew`"""

_OBJECT = "metadata.name metadata.namespace"
_RELEASE = "name namespace"
"""https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/helm_release.go: `Diff`"""

_NO_OBJECTS = ("kubernetes:kustomize/", "kubernetes:yaml/", "kubernetes:helm.sh/")
_OTHERS: Mapping[str, AwsType] = {
    "kubernetes:helm.sh/v3:Release": AwsType(immutable=_RELEASE),
    # A provider with a cluster identifier is replaced, with all its objects, when that changes:
    # https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
    "pulumi:providers:kubernetes": AwsType(immutable="clusterIdentifier"),
    "pulumi:providers:aws": AwsType(immutable="region"),
}
_TYPES: Mapping[str, AwsType] = {**AWS_TYPES, **_EKS, **_OTHERS}


def type_of(token: str) -> AwsType | None:
    """Return what is known of the immutable inputs of a type; None for components, and for types without a row."""
    if token in _TYPES:
        return _TYPES[token]
    if token.startswith("kubernetes:") and not token.startswith(_NO_OBJECTS):
        return AwsType(immutable=f"{_OBJECT} {_KINDS.get(token.removeprefix('kubernetes:'), '')}".strip())
    return None


def _downgraded_cache(before: Inputs, after: Inputs) -> list[str]:
    """https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elasticache/engine_version.go"""
    return ["engineVersion"] if is_older(before.get("engineVersion"), after.get("engineVersion")) else []


def _unencrypted(before: Inputs, after: Inputs) -> list[str]:
    """`ForceNewIfChange` of https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/cluster.go"""
    removed = before.get("encryptionConfigKeyArn") and not after.get("encryptionConfigKeyArn")
    return ["encryptionConfigKeyArn"] if removed else []


def _moved_network_balancer(before: Inputs, after: Inputs) -> list[str]:
    """A Network Load Balancer loses no subnet in place: `customizeDiffLoadBalancerNLB` of
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elbv2/load_balancer.go"""
    removed = {str(one) for one in before.get("subnets") or ()} - {str(one) for one in after.get("subnets") or ()}
    return ["subnets"] if removed and after.get("loadBalancerType") == "network" else []


_ALSO: Mapping[str, Callable[[Inputs, Inputs], list[str]]] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": _downgraded_cache,
    "aws:lb/loadBalancer:LoadBalancer": _moved_network_balancer,
    "eks:index:Cluster": _unencrypted,
}
"""Inputs that replace a resource only if they change in one direction."""


def replacing_inputs(token: str, before: Inputs, after: Inputs) -> list[str]:
    """Return the changed inputs that replace a resource, sorted."""
    known = type_of(token)
    found = replacing(known, before, after) if known else []
    return sorted({*found, *(_ALSO[token](before, after) if token in _ALSO else ())})


def keeps_name(token: str, before: Inputs, after: Inputs) -> bool:
    """Return whether the replacement has the name of what it replaces: Pulumi deletes the old resource first.

    A resource whose name Pulumi generates is created before the old one is deleted.
    https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
    """
    if token.startswith("kubernetes:"):
        names = [_metadata(inputs) for inputs in (before, after)]
        return names[0] == names[1] and names[0][0] is not None
    known = type_of(token)
    name = known.name if known else "name"
    return before.get(name) is not None and before.get(name) == after.get(name)


def _metadata(inputs: Mapping[str, Json]) -> tuple[Json, Json]:
    given = inputs.get("metadata") or inputs
    return given.get("name"), given.get("namespace")
