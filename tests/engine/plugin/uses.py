"""References between resources: AWS rejects references to missing resources, and the deletion of resources in use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aiplatform.preview.plan import Json
from tests.engine.plugin.cloud import Thing

_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_MANAGED = ("arn:aws:iam::aws:", "arn:aws:eks::aws:")
"""Resources of AWS itself, which always exist."""


@dataclass(frozen=True)
class Target:
    """A resource that others refer to."""

    by: str
    """Output that the references contain."""

    missing: str
    """AWS's error if it does not exist."""

    in_use: str = ""
    """AWS's error when it is deleted while a resource of `users` exists."""

    users: tuple[str, ...] = ()
    """References as `<type> <path of the input>`."""

    mentioned: tuple[str, ...] = ()
    """References that do not prevent its deletion."""


_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
_CLUSTER, _NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
_BUCKET_PARTS = (
    "LifecycleConfiguration",
    "Logging",
    "OwnershipControls",
    "Policy",
    "PublicAccessBlock",
    "ServerSideEncryptionConfiguration",
    "Versioning",
)

TARGETS: Mapping[str, tuple[Target, ...]] = {
    "aws:ec2/vpc:Vpc": (
        Target(
            "id",
            "InvalidVpcID.NotFound",
            "DependencyViolation",
            (
                "aws:ec2/subnet:Subnet vpcId",
                "aws:ec2/internetGateway:InternetGateway vpcId",
                "aws:ec2/securityGroup:SecurityGroup vpcId",
                "aws:ec2/routeTable:RouteTable vpcId",
                "aws:ec2/vpcEndpoint:VpcEndpoint vpcId",
                "aws:ec2/networkAcl:NetworkAcl vpcId",
            ),
            ("aws:ec2/flowLog:FlowLog vpcId", "aws:lb/targetGroup:TargetGroup vpcId"),
        ),
    ),
    "aws:ec2/subnet:Subnet": (
        Target(
            "id",
            "InvalidSubnetID.NotFound",
            "DependencyViolation",
            (
                "aws:ec2/instance:Instance subnetId",
                "aws:ec2/natGateway:NatGateway subnetId",
                "aws:lb/loadBalancer:LoadBalancer subnets",
                "aws:ec2/vpcEndpoint:VpcEndpoint subnetIds",
                "aws:rds/subnetGroup:SubnetGroup subnetIds",
                "aws:elasticache/subnetGroup:SubnetGroup subnetIds",
                f"{_CLUSTER} vpcConfig.subnetIds",
                f"{_NODES} subnetIds",
            ),
            ("aws:ec2/routeTableAssociation:RouteTableAssociation subnetId", "aws:ec2/networkAcl:NetworkAcl subnetIds"),
        ),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        Target(
            "id",
            "InvalidGroup.NotFound",
            "DependencyViolation",
            (
                *(f"{rule} referencedSecurityGroupId" for rule in _RULES),
                "aws:ec2/instance:Instance vpcSecurityGroupIds",
                "aws:lb/loadBalancer:LoadBalancer securityGroups",
                "aws:rds/instance:Instance vpcSecurityGroupIds",
                "aws:rds/cluster:Cluster vpcSecurityGroupIds",
                "aws:elasticache/replicationGroup:ReplicationGroup securityGroupIds",
                "aws:ec2/vpcEndpoint:VpcEndpoint securityGroupIds",
                f"{_CLUSTER} vpcConfig.securityGroupIds",
            ),
            (
                *(f"{rule} securityGroupId" for rule in _RULES),
                "aws:ec2/launchTemplate:LaunchTemplate vpcSecurityGroupIds",
            ),
        ),
    ),
    "aws:ec2/eip:Eip": (
        Target(
            "id",
            "InvalidAllocationID.NotFound",
            "InvalidIPAddress.InUse",
            ("aws:ec2/natGateway:NatGateway allocationId", "aws:ec2/eipAssociation:EipAssociation allocationId"),
        ),
    ),
    "aws:ec2/instance:Instance": (
        Target(
            "id",
            "InvalidInstanceID.NotFound",
            mentioned=(
                "aws:ec2/eipAssociation:EipAssociation instanceId",
                "aws:ec2/volumeAttachment:VolumeAttachment instanceId",
            ),
        ),
    ),
    "aws:ebs/volume:Volume": (
        Target(
            "id",
            "InvalidVolume.NotFound",
            "VolumeInUse",
            ("aws:ec2/volumeAttachment:VolumeAttachment volumeId",),
        ),
    ),
    "aws:ecr/repository:Repository": (
        Target(
            "name",
            "RepositoryNotFoundException",
            mentioned=(
                "aws:ecr/lifecyclePolicy:LifecyclePolicy repository",
                "aws:ecr/repositoryPolicy:RepositoryPolicy repository",
            ),
        ),
    ),
    "aws:ec2/internetGateway:InternetGateway": (
        Target("id", "InvalidInternetGatewayID.NotFound", mentioned=("aws:ec2/route:Route gatewayId",)),
    ),
    "aws:ec2/natGateway:NatGateway": (
        Target("id", "InvalidNatGatewayID.NotFound", mentioned=("aws:ec2/route:Route natGatewayId",)),
    ),
    "aws:ec2/routeTable:RouteTable": (
        Target(
            "id",
            "InvalidRouteTableID.NotFound",
            "DependencyViolation",
            ("aws:ec2/routeTableAssociation:RouteTableAssociation routeTableId",),
            ("aws:ec2/route:Route routeTableId", "aws:ec2/vpcEndpoint:VpcEndpoint routeTableIds"),
        ),
    ),
    "aws:ec2/networkAcl:NetworkAcl": (
        Target("id", "InvalidNetworkAclID.NotFound", mentioned=("aws:ec2/networkAclRule:NetworkAclRule networkAclId",)),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        Target("id", "InvalidLaunchTemplateId.NotFound", mentioned=(f"{_NODES} launchTemplate.id",)),
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        Target("arn", "ResourceNotFoundException", mentioned=("aws:ec2/flowLog:FlowLog logDestination",)),
    ),
    "aws:iam/role:Role": (
        Target(
            "name",
            "NoSuchEntity",
            "DeleteConflict",
            (
                "aws:iam/rolePolicy:RolePolicy role",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment role",
                "aws:iam/instanceProfile:InstanceProfile role",
            ),
        ),
        Target(
            "arn",
            "InvalidParameterException",
            # AWS would delete it, and resources that use it would stop working: nodes could then not leave a cluster.
            "still the role",
            (f"{_CLUSTER} roleArn", f"{_NODES} nodeRoleArn"),
            (
                "aws:eks/addon:Addon serviceAccountRoleArn",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation roleArn",
                "aws:ec2/flowLog:FlowLog iamRoleArn",
                "aws:scheduler/schedule:Schedule target.roleArn",
                "aws:lambda/function:Function role",
                "aws:eks/accessEntry:AccessEntry principalArn",
            ),
        ),
    ),
    "aws:iam/instanceProfile:InstanceProfile": (
        Target("name", "InvalidParameterValue", mentioned=("aws:ec2/instance:Instance iamInstanceProfile",)),
    ),
    "aws:iam/policy:Policy": (
        Target(
            "arn", "NoSuchEntity", "DeleteConflict", ("aws:iam/rolePolicyAttachment:RolePolicyAttachment policyArn",)
        ),
    ),
    _CLUSTER: (
        Target(
            "name",
            "ResourceNotFoundException",
            "ResourceInUseException",
            (f"{_NODES} clusterName",),
            (
                "aws:eks/addon:Addon clusterName",
                "aws:eks/accessEntry:AccessEntry clusterName",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation clusterName",
            ),
        ),
    ),
    "aws:eks/accessEntry:AccessEntry": (
        Target(
            "principalArn",
            "ResourceNotFoundException",
            mentioned=("aws:eks/accessPolicyAssociation:AccessPolicyAssociation principalArn",),
        ),
    ),
    "aws:acm/certificate:Certificate": (
        Target(
            "arn",
            "CertificateNotFound",
            "ResourceInUseException",
            ("aws:lb/listener:Listener certificateArn",),
            ("aws:acm/certificateValidation:CertificateValidation certificateArn",),
        ),
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        Target(
            "arn",
            "LoadBalancerNotFound",
            mentioned=(
                "aws:lb/listener:Listener loadBalancerArn",
                "aws:wafv2/webAclAssociation:WebAclAssociation resourceArn",
            ),
        ),
    ),
    "aws:lb/listener:Listener": (
        Target("arn", "ListenerNotFound", mentioned=("aws:lb/listenerRule:ListenerRule listenerArn",)),
    ),
    "aws:lb/targetGroup:TargetGroup": (
        Target(
            "arn", "TargetGroupNotFound", "ResourceInUse", ("aws:lb/listenerRule:ListenerRule actions.targetGroupArn",)
        ),
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        Target(
            "name",
            "DBSubnetGroupNotFoundFault",
            "InvalidDBSubnetGroupStateFault",
            (
                "aws:rds/instance:Instance dbSubnetGroupName",
                "aws:rds/cluster:Cluster dbSubnetGroupName",
                "aws:rds/clusterInstance:ClusterInstance dbSubnetGroupName",
            ),
        ),
    ),
    "aws:rds/parameterGroup:ParameterGroup": (
        Target(
            "name",
            "DBParameterGroupNotFound",
            "InvalidDBParameterGroupState",
            ("aws:rds/instance:Instance parameterGroupName",),
        ),
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": (
        Target(
            "name",
            "DBParameterGroupNotFound",
            "InvalidDBParameterGroupState",
            ("aws:rds/cluster:Cluster dbClusterParameterGroupName",),
        ),
    ),
    "aws:rds/cluster:Cluster": (
        Target(
            "clusterIdentifier",
            "DBClusterNotFoundFault",
            "InvalidDBClusterStateFault",
            ("aws:rds/clusterInstance:ClusterInstance clusterIdentifier",),
        ),
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": (
        Target(
            "name",
            "CacheSubnetGroupNotFoundFault",
            "CacheSubnetGroupInUse",
            ("aws:elasticache/replicationGroup:ReplicationGroup subnetGroupName",),
        ),
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": (
        Target(
            "name",
            "CacheParameterGroupNotFound",
            "InvalidCacheParameterGroupState",
            ("aws:elasticache/replicationGroup:ReplicationGroup parameterGroupName",),
        ),
    ),
    # A deleted user is removed from its group; a group cannot be deleted while a cache uses it.
    "aws:elasticache/user:User": (
        Target("userId", "UserNotFound", mentioned=("aws:elasticache/userGroup:UserGroup userIds",)),
    ),
    "aws:elasticache/userGroup:UserGroup": (
        Target(
            "userGroupId",
            "UserGroupNotFound",
            "InvalidUserGroupState",
            ("aws:elasticache/replicationGroup:ReplicationGroup userGroupIds",),
        ),
    ),
    "aws:route53/zone:Zone": (
        Target("id", "NoSuchHostedZone", "HostedZoneNotEmpty", ("aws:route53/record:Record zoneId",)),
    ),
    "aws:kms/key:Key": (
        Target("arn", "NotFoundException", mentioned=(f"{_CLUSTER} encryptionConfig.provider.keyArn",)),
    ),
    "aws:secretsmanager/secret:Secret": (
        Target(
            "arn",
            "ResourceNotFoundException",
            mentioned=("aws:secretsmanager/secretVersion:SecretVersion secretId",),
        ),
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": (
        Target("name", "ResourceNotFoundException", mentioned=("aws:scheduler/schedule:Schedule groupName",)),
    ),
    "aws:s3/bucket:Bucket": (
        Target(
            "bucket",
            "NoSuchBucket",
            mentioned=tuple(f"aws:s3/bucket{part}:Bucket{part} bucket" for part in _BUCKET_PARTS),
        ),
        Target(
            "bucket",
            "InvalidTargetBucketForLogging",
            mentioned=(
                "aws:s3/bucketLogging:BucketLogging targetBucket",
                "aws:lb/loadBalancer:LoadBalancer accessLogs.bucket",
            ),
        ),
    ),
    "aws:wafv2/webAcl:WebAcl": (
        Target(
            "arn",
            "WAFNonexistentItemException",
            "WAFAssociatedItemException",
            ("aws:wafv2/webAclAssociation:WebAclAssociation webAclArn",),
            ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration resourceArn",),
        ),
    ),
}


def leaves(value: Json, path: str) -> Iterator[str]:
    """Yield every string at a dotted path, including items of lists."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    elif isinstance(value, Mapping) and path:
        name, _, rest = path.partition(".")
        yield from leaves(value.get(name), rest)
    elif isinstance(value, str) and not path:
        yield value


def _made_by_eks(living: Iterable[Thing]) -> set[str]:
    """Return the security group that EKS creates for each cluster."""
    return {
        str(thing.outputs["vpcConfig"]["clusterSecurityGroupId"])
        for thing in living
        if thing.type == "aws:eks/cluster:Cluster"
    }


def unmet(type_: str, inputs: Mapping[str, Json], living: Iterable[Thing]) -> Iterator[str]:
    """Yield AWS's errors for every reference of the inputs to a missing resource."""
    everything = list(living)
    for target, kinds in TARGETS.items():
        for kind in kinds:
            for path in (
                user.partition(" ")[2] for user in (*kind.users, *kind.mentioned) if user.startswith(f"{type_} ")
            ):
                there = {str(thing.outputs.get(kind.by)) for thing in everything if thing.type == target}
                there |= _made_by_eks(everything) if target == _GROUP else set()
                for name in leaves(inputs, path):
                    if name not in there and not name.startswith(_MANAGED):
                        yield f"{kind.missing}: {path} {name} does not exist"


def users(thing: Thing, living: Iterable[Thing]) -> Iterator[str]:
    """Yield AWS's errors for every resource that uses the one to be deleted."""
    everything = list(living)
    for kind in TARGETS.get(thing.type, ()):
        own = str(thing.outputs.get(kind.by))
        for user in kind.users:
            type_, _, path = user.partition(" ")
            for other in everything:
                if other.type == type_ and own in leaves(other.inputs, path):
                    yield f"{kind.in_use}: {thing.type} {own} is used by {other.type} {other.name}"
