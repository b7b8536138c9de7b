"""Outputs of EKS: clusters and node groups of AWS, and the remote components that create them."""

import json
from collections.abc import Mapping

from aiplatform.preview.plan import Json
from catalog.aws.aws_type import Context, Reference, text
from catalog.aws.eks import AUTHORITY, cluster_outputs, digest, endpoint, issuer, node_group_outputs


def parent_of(type_: str, inputs: Mapping[str, Json]) -> str:
    """Return the URN of the parent that pulumi-eks sets for a component, whatever the program sets; empty for other
    types.

    https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/addons/addon.ts
    """
    return str(inputs["cluster"]["urn"]) if type_ == "eks:index:Addon" else ""


def eks_answer(
    type_: str, logical: str, inputs: Mapping[str, Json], context: Context
) -> tuple[str, dict[str, Json]] | None:
    """Return the id and the outputs of a component of pulumi-eks; None for another type. Components have no id."""
    match type_:
        case "eks:index:Cluster":
            return "", _cluster_component(logical, inputs, context)
        case "eks:index:ManagedNodeGroup":
            return "", _node_group_component(logical, inputs, context)
        case _ if type_.startswith("eks:"):
            return "", {}
        case _:
            return None


def kubeconfig(name: str, context: Context, profile: str | None = None, role: str | None = None) -> dict[str, Json]:
    """Return a kubeconfig in the format of pulumi-eks."""
    arguments = ["--region", context.region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    environment = [{"name": "KUBERNETES_EXEC_INFO", "value": '{"apiVersion": "client.authentication.k8s.io/v1beta1"}'}]
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": [*arguments, "--role-arn", role] if role else arguments,
        "env": [*environment, {"name": "AWS_PROFILE", "value": profile}] if profile else environment,
    }
    cluster = {"server": endpoint(name, context), "certificate-authority-data": AUTHORITY}
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": cluster, "name": "kubernetes"}],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": command}}],
    }


def cluster_name(logical: str, inputs: Mapping[str, Json]) -> str:
    """Return the name that pulumi-eks gives a cluster."""
    return text(inputs, "name", f"{logical}-eksCluster")


def _cluster_component(logical: str, inputs: Mapping[str, Json], context: Context) -> dict[str, Json]:
    name = cluster_name(logical, inputs)
    letters = digest(name, context)
    outputs = cluster_outputs(name, _cluster_inputs(inputs), context)
    # AWS makes one group; pulumi-eks adds one of its own and one for the nodes unless it is told to skip them.
    own = f"sg-{letters[:17]}"
    skips = inputs.get("skipDefaultSecurityGroups") is True
    has_provider = inputs.get("createOidcProvider") is True
    provider = f"arn:{context.partition}:iam::{context.account}:oidc-provider/{issuer(name, context)}"
    cluster = Reference("aws:eks/cluster:Cluster", f"{logical}-eksCluster", name, {"name": name, **outputs})
    credentials = inputs.get("providerCredentialOpts") or {}
    settings = kubeconfig(name, context, credentials.get("profileName"), credentials.get("roleArn"))
    return {
        "autoModeNodeRoleName": "",
        "clusterIngressRuleId": "" if skips else f"sgrule-{int(letters[:8], 16)}",
        "clusterSecurityGroupId": own if skips else f"sg-{letters[17:34]}",
        "core": {
            "cluster": cluster,
            "endpoint": outputs["endpoint"],
            "kubeconfig": settings,
            "subnetIds": outputs["vpcConfig"].get("subnetIds", []),
            "vpcId": outputs["vpcConfig"]["vpcId"],
        },
        "defaultNodeGroupAsgName": "",
        "eksCluster": cluster,
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "kubeconfig": settings,
        "kubeconfigJson": json.dumps(settings),
        "nodeSecurityGroupId": own if skips else f"sg-{letters[34:51]}",
        "oidcIssuer": issuer(name, context),
        "oidcProviderArn": provider if has_provider else "",
        "oidcProviderUrl": f"https://{issuer(name, context)}",
    }


def _cluster_inputs(inputs: Mapping[str, Json]) -> dict[str, Json]:
    """Return the component's arguments as inputs of the AWS cluster."""
    subnets = [
        subnet
        for key in ("subnetIds", "privateSubnetIds", "publicSubnetIds")
        for subnet in (inputs[key] if isinstance(inputs.get(key), list) else [])
    ]
    network = {"vpcId": inputs.get("vpcId"), "subnetIds": list(dict.fromkeys(subnets))}
    access = {key: inputs.get(key) for key in ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")}
    given = {key: value for key, value in (network | access).items() if value is not None}
    return {"vpcConfig": given}


def _node_group_component(logical: str, inputs: Mapping[str, Json], context: Context) -> dict[str, Json]:
    name = text(inputs, "nodeGroupName", logical)
    cluster = text(inputs, "clusterName", _referred(inputs.get("cluster"), context) or "cluster")
    outputs = node_group_outputs(cluster, name, inputs, context)
    return {
        "nodeGroup": Reference("aws:eks/nodeGroup:NodeGroup", logical, f"{cluster}:{name}", outputs),
        "placementGroupName": f"{logical}-placement" if inputs.get("enableEfaSupport") is True else "",
    }


def _referred(cluster: Json, context: Context) -> str:
    """Return the name of the cluster that a reference to its component or to its core data refers to."""
    if not isinstance(cluster, Mapping):
        return ""
    inner = cluster.get("cluster")
    if isinstance(inner, Mapping):
        return _referred(inner, context)
    return text(cluster, "id", context.clusters.get(str(cluster.get("urn")), ""))
