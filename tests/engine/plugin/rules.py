"""Rules of AWS besides names: order of creation, protection from deletion, and immutable inputs."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from aiplatform.preview.plan import Json
from tests.engine.plugin.cloud import Thing

_NODE_POLICIES = (
    frozenset({"AmazonEKSWorkerNodePolicy"}),
    frozenset({"AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"}),
)
"""One policy of each set: to join the cluster, and to pull images."""

_POLICY = "aws:s3/bucketPolicy:BucketPolicy"

Before = Callable[[Mapping[str, Json], Sequence[Thing]], Iterator[str]]


def _of(living: Sequence[Thing], type_: str) -> list[Thing]:
    return [thing for thing in living if thing.type == type_]


def _attached(living: Sequence[Thing], role_arn: str) -> set[str]:
    role = role_arn.rpartition("/")[2]
    found = _of(living, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    return {str(thing.inputs["policyArn"]).rpartition("/")[2] for thing in found if thing.inputs["role"] == role}


def _gateway(_: Mapping[str, Json], living: Sequence[Thing]) -> Iterator[str]:
    if not _of(living, "aws:ec2/internetGateway:InternetGateway"):
        yield "Gateway.NotAttached: the network has no Internet gateway attached"


def _balancer(inputs: Mapping[str, Json], living: Sequence[Thing]) -> Iterator[str]:
    if not inputs.get("internal") and not _of(living, "aws:ec2/internetGateway:InternetGateway"):
        yield "InvalidSubnet: the VPC has no internet gateway"
    delivery = {"network": "delivery.logs"}.get(str(inputs.get("loadBalancerType")), "logdelivery.elasticloadbalancing")
    for logs in (inputs.get(key) or {} for key in ("accessLogs", "connectionLogs")):
        policies = [one for one in _of(living, _POLICY) if one.inputs["bucket"] == logs.get("bucket")]
        if logs and not any(f"{delivery}.amazonaws.com" in str(one.inputs["policy"]) for one in policies):
            yield f"InvalidConfigurationRequest: Access Denied for bucket: {logs['bucket']}. Please check permission"


def _cluster(inputs: Mapping[str, Json], living: Sequence[Thing]) -> Iterator[str]:
    if "AmazonEKSClusterPolicy" not in _attached(living, inputs["roleArn"]):
        yield "InvalidParameterException: the role of the cluster lacks AmazonEKSClusterPolicy"
    logs = {thing.inputs.get("name") for thing in _of(living, "aws:cloudwatch/logGroup:LogGroup")}
    if inputs.get("enabledClusterLogTypes") and f"/aws/eks/{inputs['name']}/cluster" not in logs:
        yield "EKS would make the log group itself, and keep everything forever"


def _nodes(inputs: Mapping[str, Json], living: Sequence[Thing]) -> Iterator[str]:
    """Yield errors for nodes that cannot reach the cluster, pull images or assign addresses to pods, and never join."""
    attached = _attached(living, inputs["nodeRoleArn"])
    missing = [" or ".join(sorted(either)) for either in _NODE_POLICIES if not either & attached]
    if missing:
        yield f"NodeCreationFailure: the role of the nodes lacks {', '.join(missing)}"
    addons = {thing.inputs["addonName"] for thing in _of(living, "aws:eks/addon:Addon")}
    if not {"vpc-cni", "kube-proxy"} <= addons:
        yield f"NodeCreationFailure: Unhealthy nodes, the cluster has only {sorted(addons)}"
    tables = {
        thing.inputs["subnetId"]: thing.inputs["routeTableId"]
        for thing in _of(living, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    out = {thing.inputs["routeTableId"] for thing in _of(living, "aws:ec2/route:Route")}
    stranded = [subnet for subnet in inputs["subnetIds"] if tables.get(subnet) not in out]
    if stranded and not _of(living, "aws:ec2/vpcEndpoint:VpcEndpoint"):
        yield f"NodeCreationFailure: no way out of {', '.join(stranded)}"


BEFORE_CREATION: Mapping[str, Before] = {
    "aws:ec2/natGateway:NatGateway": _gateway,
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/nodeGroup:NodeGroup": _nodes,
}
"""Conditions for a creation, by type."""


_ONCE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "aws:ec2/subnet:Subnet": (("vpcId", "cidrBlock"), "InvalidSubnet.Conflict: the CIDR conflicts with another subnet"),
    "aws:ec2/route:Route": (("routeTableId", "destinationCidrBlock"), "RouteAlreadyExists: the route already exists"),
    "aws:lb/listener:Listener": (
        ("loadBalancerArn", "port"),
        "DuplicateListener: a listener already exists on this port",
    ),
    "aws:lb/listenerRule:ListenerRule": (
        ("listenerArn", "priority"),
        "PriorityInUse: the priority is currently in use",
    ),
}
"""Inputs that must be unique for all resources of a type, independent of their names."""


def taken(type_: str, inputs: Mapping[str, Json], living: Sequence[Thing]) -> Iterator[str]:
    """Yield AWS's error if another resource has the same unique inputs."""
    names, error = _ONCE.get(type_, ((), ""))
    if names and any(all(thing.inputs.get(name) == inputs.get(name) for name in names) for thing in _of(living, type_)):
        yield error


def untimely(thing: Thing, living: Sequence[Thing]) -> Iterator[str]:
    """Yield the reasons why AWS does not delete a resource now, besides resources that use it."""
    if thing.type == "aws:ec2/internetGateway:InternetGateway" and _of(living, "aws:ec2/natGateway:NatGateway"):
        yield "DependencyViolation: the network has some mapped public address(es)"
    if thing.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
        for type_, path in (("aws:eks/cluster:Cluster", "roleArn"), ("aws:eks/nodeGroup:NodeGroup", "nodeRoleArn")):
            for user in _of(living, type_):
                if str(user.inputs[path]).endswith(f"/{thing.inputs['role']}"):
                    yield f"{user.type} {user.name} still works with {thing.inputs['policyArn']}"
    for type_, name, error in _PROTECTED:
        if thing.type == type_ and thing.inputs.get(name):
            yield error


_PROTECTED = (
    (
        "aws:rds/instance:Instance",
        "deletionProtection",
        "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection",
    ),
    (
        "aws:rds/cluster:Cluster",
        "deletionProtection",
        "InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection",
    ),
    (
        "aws:eks/cluster:Cluster",
        "deletionProtection",
        "InvalidRequestException: the cluster is protected from deletion, disable deletion protection",
    ),
    (
        "aws:lb/loadBalancer:LoadBalancer",
        "enableDeletionProtection",
        "OperationNotPermitted: Load balancer cannot be deleted because deletion protection is enabled",
    ),
)

AGAIN = frozenset(
    {
        "aws:autoscaling/tag:Tag",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:route53/record:Record",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        *(
            f"aws:s3/bucket{part}:Bucket{part}"
            for part in (
                "LifecycleConfiguration",
                "Logging",
                "OwnershipControls",
                "Policy",
                "PublicAccessBlock",
                "ServerSideEncryptionConfiguration",
                "Versioning",
            )
        ),
    }
)
"""Types with a creation that AWS accepts twice."""
