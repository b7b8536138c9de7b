"""Resources of a plan that count against quotas of a Region or an account."""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.preview.plan import Resource
from aiplatform.quotas.need import Index, Need, items, number

Count = Callable[[Resource], int]


def _cache_nodes(cache: Resource) -> int:
    """Return the nodes of a replication group: those of each shard, the primary included."""
    shards = number(cache.inputs.get("numNodeGroups"))
    if shards:
        return shards * (1 + number(cache.inputs.get("replicasPerNodeGroup")))
    return number(cache.inputs.get("numCacheClusters"), 1)


def _balancers(kind: str) -> Count:
    return lambda one: int(one.inputs.get("loadBalancerType", "application") == kind)


def _endpoints(kind: str) -> Count:
    return lambda one: int(one.inputs.get("vpcEndpointType", "Gateway") == kind)


def _zones(one: Resource) -> int:
    return int(not items(one.inputs.get("vpcs")))


COUNTED: tuple[tuple[str, str, Count], ...] = (
    *(
        (key, type_, lambda _: 1)
        for key, type_ in (
            ("vpcs", "aws:ec2/vpc:Vpc"),
            ("elasticIps", "aws:ec2/eip:Eip"),
            ("internetGateways", "aws:ec2/internetGateway:InternetGateway"),
            ("securityGroups", "aws:ec2/securityGroup:SecurityGroup"),
            ("roles", "aws:iam/role:Role"),
            ("policies", "aws:iam/policy:Policy"),
            ("instanceProfiles", "aws:iam/instanceProfile:InstanceProfile"),
            ("oidcProviders", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"),
            ("targetGroups", "aws:lb/targetGroup:TargetGroup"),
            ("clusters", "eks:index:Cluster"),
            ("clusters", "aws:eks/cluster:Cluster"),
            ("secrets", "aws:secretsmanager/secret:Secret"),
            ("buckets", "aws:s3/bucket:Bucket"),
            ("keys", "aws:kms/key:Key"),
            ("databases", "aws:rds/instance:Instance"),
            ("databases", "aws:rds/clusterInstance:ClusterInstance"),
            ("databaseClusters", "aws:rds/cluster:Cluster"),
            (
                "replicatedBackups",
                "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            ),
            ("fileSystems", "aws:efs/fileSystem:FileSystem"),
            ("repositories", "aws:ecr/repository:Repository"),
            ("schedules", "aws:scheduler/schedule:Schedule"),
            ("alarms", "aws:cloudwatch/metricAlarm:MetricAlarm"),
            ("logGroups", "aws:cloudwatch/logGroup:LogGroup"),
            ("topics", "aws:sns/topic:Topic"),
            ("hostedZones", "aws:route53/zone:Zone"),
        )
    ),
    ("gatewayEndpoints", "aws:ec2/vpcEndpoint:VpcEndpoint", _endpoints("Gateway")),
    ("applicationLoadBalancers", "aws:lb/loadBalancer:LoadBalancer", _balancers("application")),
    ("networkLoadBalancers", "aws:lb/loadBalancer:LoadBalancer", _balancers("network")),
    ("cacheNodes", "aws:elasticache/replicationGroup:ReplicationGroup", _cache_nodes),
    ("cacheNodes", "aws:elasticache/cluster:Cluster", lambda one: number(one.inputs.get("numCacheNodes"), 1)),
)
"""Quota, type of resource, and how much of the quota a resource counts."""


def of_account(index: Index) -> Iterator[Need]:
    """Yield what the resources of a plan count against quotas of Regions and of the account."""
    for key, type_, count in COUNTED:
        for one in index.of(type_):
            amount = count(one)
            if amount:
                yield Need(key, amount, one.urn, index.region(one))


def types() -> Mapping[str, str]:
    """Return the counted types, and a quota of each."""
    return {type_: key for key, type_, _ in COUNTED}
