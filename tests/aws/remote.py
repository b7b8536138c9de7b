"""The AWS resource that each component of pulumi_eks creates.

A recording contains only the remote component. `tests/engine` checks the children that the real plugin creates.
"""

import json
from collections.abc import Iterator

from aiplatform.preview.plan import Json, Resource
from tests.aws.requests import Inputs

_GROUP = (
    "amiType",
    "capacityType",
    "instanceTypes",
    "labels",
    "launchTemplate",
    "nodeGroupName",
    "nodeRoleArn",
    "scalingConfig",
    "subnetIds",
    "tags",
    "taints",
    "version",
)
_ADDON = (
    "addonName",
    "addonVersion",
    "preserve",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "serviceAccountRoleArn",
    "tags",
)


def aws_resources(resources: Iterator[Resource]) -> Iterator[tuple[str, str, Inputs]]:
    """Yield type, name and inputs of every AWS resource that the engine would create."""
    known = list(resources)
    clusters = {resource.urn: resource.inputs["name"] for resource in known if resource.type == "eks:index:Cluster"}
    roles = {resource.urn: resource.inputs for resource in known if resource.type == "aws:iam/role:Role"}
    for resource in known:
        inputs = resource.inputs
        match resource.type:
            case "eks:index:Cluster":
                yield "aws:eks/cluster:Cluster", resource.name, _cluster(inputs, roles)
            case "eks:index:ManagedNodeGroup":
                group = {**_kept(inputs, _GROUP), "clusterName": clusters[inputs["cluster"]["urn"]]}
                yield "aws:eks/nodeGroup:NodeGroup", resource.name, group
            case "eks:index:Addon":
                yield "aws:eks/addon:Addon", resource.name, _addon(inputs, clusters[inputs["cluster"]["urn"]])
            case type_ if type_.startswith("aws:"):
                yield type_, resource.name, inputs


def _kept(inputs: Inputs, names: tuple[str, ...]) -> dict[str, Json]:
    return {name: inputs[name] for name in names if name in inputs}


def _addon(inputs: Inputs, cluster: str) -> Inputs:
    addon = {**_kept(inputs, _ADDON), "clusterName": cluster}
    if "configurationValues" in inputs:
        addon["configurationValues"] = json.dumps(inputs["configurationValues"])
    return addon


def _cluster(inputs: Inputs, roles: dict[str, Inputs]) -> Inputs:
    network = {
        "subnetIds": [*inputs.get("publicSubnetIds", []), *inputs["privateSubnetIds"]],
        "securityGroupIds": [inputs["clusterSecurityGroup"]["id"]],
        **_kept(inputs, ("endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs")),
    }
    key, addresses = inputs.get("encryptionConfigKeyArn"), inputs.get("kubernetesServiceIpAddressRange")
    return {
        **_kept(inputs, ("name", "version", "upgradePolicy", "enabledClusterLogTypes", "deletionProtection")),
        **_kept(inputs, ("bootstrapSelfManagedAddons",)),
        "roleArn": f"arn:aws:iam::123456789012:role/{roles[inputs['serviceRole']['urn']]['name']}",
        "tags": inputs["clusterTags"],
        "vpcConfig": network,
        "accessConfig": {
            "authenticationMode": inputs["authenticationMode"],
            "bootstrapClusterCreatorAdminPermissions": True,
        },
        **({"encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]}} if key else {}),
        **({"kubernetesNetworkConfig": {"serviceIpv4Cidr": addresses}} if addresses else {}),
    }
