"""What EKS answers for its clusters and node groups."""

from collections.abc import Mapping

from catalog.aws.aws_type import Context, Json, fingerprint, uuid

# A valid PEM certificate is not needed: nothing connects to the cluster of a preview.
AUTHORITY = "cHJldmlldy1vbmx5LW5vdC1hLWNlcnRpZmljYXRl"
_ECHOED = (
    "amiType",
    "capacityType",
    "diskSize",
    "forceUpdateVersion",
    "instanceTypes",
    "labels",
    "releaseVersion",
    "scalingConfig",
    "subnetIds",
    "tags",
    "taints",
    "version",
)


def cluster_outputs(name: str, inputs: Mapping[str, Json], context: Context) -> dict[str, Json]:
    """The outputs of an `aws:eks/cluster:Cluster`."""
    letters = digest(name, context)
    given = inputs.get("vpcConfig")
    network = inputs.get("kubernetesNetworkConfig")
    return {
        "arn": f"arn:{context.partition}:eks:{context.region}:{context.account}:cluster/{name}",
        "certificateAuthority": {"data": AUTHORITY},
        "endpoint": endpoint(name, context),
        "identities": [{"oidcs": [{"issuer": f"https://{issuer(name, context)}"}]}],
        "kubernetesNetworkConfig": {
            "ipFamily": "ipv4",
            "serviceIpv4Cidr": "172.20.0.0/16",
            **(network if isinstance(network, Mapping) else {}),
        },
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "vpcConfig": {
            "vpcId": f"vpc-{letters[:17]}",
            **(given if isinstance(given, Mapping) else {}),
            "clusterSecurityGroupId": f"sg-{letters[:17]}",
        },
    }


def node_group_outputs(cluster: str, name: str, inputs: Mapping[str, Json], context: Context) -> dict[str, Json]:
    """The outputs of an `aws:eks/nodeGroup:NodeGroup`."""
    identifier = uuid(fingerprint(f"{context.account}{context.region}{cluster}{name}"))
    prefix = f"arn:{context.partition}:eks:{context.region}:{context.account}"
    return {
        **{key: inputs[key] for key in _ECHOED if key in inputs},
        "arn": f"{prefix}:nodegroup/{cluster}/{name}/{identifier}",
        "clusterName": cluster,
        "nodeGroupName": name,
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}-{identifier}"}]}],
        "status": "ACTIVE",
    }


def endpoint(name: str, context: Context) -> str:
    """The address of a cluster's API server."""
    return f"https://{digest(name, context)[:32].upper()}.gr7.{context.region}.eks.{context.suffix}"


def issuer(name: str, context: Context) -> str:
    """The OIDC issuer of a cluster without its scheme."""
    return f"oidc.eks.{context.region}.{context.suffix}/id/{digest(name, context)[:32].upper()}"


def digest(name: str, context: Context) -> str:
    """Return the digits that the id and the address of a cluster are made of."""
    return fingerprint(f"{context.account}{context.region}{name}")
