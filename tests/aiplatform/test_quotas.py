"""Quotas of the account: amounts counted by hand, against the default quotas and those that the stack file states."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from aiplatform.finding import Finding
from aiplatform.fit.fit import GroupFit, LevelFit, fit
from aiplatform.preview.plan import Resource
from aiplatform.quotas.check import account_quotas
from aiplatform.quotas.resources import types
from catalog.aws import AWS_TYPES
from catalog.instance_types import sizes
from catalog.quotas import quotas, vcpu_quota
from config.project import Project
from config.settings import Settings
from tests.aiplatform.costing import plan, resource
from tests.components.base import SHIPPED, recorded, settings_from, settings_of
from tests.each import each

EMPTY = LevelFit((), (), {})


def project(**raised: int) -> Settings:
    """The settings of a stack with increased quotas; `L_1` stands for `L-1`."""
    values = {"name": "shop", "environment": "test", "region": "us-west-2"}
    stated = {code.replace("_", "-"): value for code, value in raised.items()}
    return settings_of("dev").model_copy(update={"project": settings_from(Project, {**values, "quotas": stated})})


def found(*resources: Resource, fitted: LevelFit = EMPTY, **raised: int) -> list[Finding]:
    return list(account_quotas(plan(*resources), project(**raised), fitted))


# Instances at their maximum, by hand: nodes x vCPUs of the largest type.
SHIPPED_REQUESTS = {
    # Spot: 3 x g4dn.xlarge (4); 4 x t3.large (2).
    "dev": {"L-3819A6DF": 12, "L-34B43A08": 8},
    # 6 x m7i.large (2); 4 x g5.xlarge (4); Spot: 8 x g5.xlarge (4).
    "prod": {"L-1216C47A": 12, "L-DB2E81BA": 16, "L-3819A6DF": 32},
    # 5 x t3.medium (2); Spot: 5 x g5.xlarge (4).
    "mlflow": {"L-1216C47A": 10, "L-3819A6DF": 20},
    # 3 x t3.large (2) + 3 instances t3.medium and t2.medium (2); the instance g5.xlarge (4).
    "nemo": {"L-1216C47A": 12, "L-DB2E81BA": 4},
    # 4 x m7i.xlarge (4) + 2 x 9 x m7i.2xlarge (8).
    "lab": {"L-1216C47A": 160},
    # Spot: 4 x t3.medium (2) + the pool's 96; the pools can be On-Demand, too: 96 and 72.
    "pingvas": {"L-34B43A08": 104, "L-1216C47A": 96, "L-3819A6DF": 72, "L-DB2E81BA": 72},
    # 4 x t3.medium (2); Spot: 3 x t3.medium, t3.large or m5.large (2).
    "openwebui": {"L-1216C47A": 8, "L-34B43A08": 6},
}


@each("stack", SHIPPED)
def test_shipped_stack_has_the_quota_requests_counted_by_hand(stack: str) -> None:
    recording = recorded(stack)
    fitted = fit(recording.plan, recording.settings).levels["maximum"]
    codes = {one.code: one for one in quotas().values() if one.code}
    requests = {}
    for one in account_quotas(recording.plan, recording.settings, fitted):
        assert (one.rule, one.severity) == ("quota-request", "warning")
        amount, code = int(one.message.split()[0].replace(",", "")), one.message.rpartition(" ")[2].rstrip(")")
        assert f"--quota-code {code} --desired-value" in one.fix
        assert f"default quota is {codes[code].default} " in one.message
        assert f"--region {recording.settings.project.region} " in one.fix
        requests[code] = amount
    assert requests == SHIPPED_REQUESTS[stack]


def node_group(name: str, types: list[str], most: int, **inputs: Any) -> Resource:
    scaling = {"minSize": 0, "desiredSize": 0, "maxSize": most}
    return resource("eks:index:ManagedNodeGroup", name, instanceTypes=types, scalingConfig=scaling, **inputs)


def pool(types: list[str], capacity: list[str], **limits: str) -> Resource:
    requirements = [
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": types},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": capacity},
    ]
    spec = {"limits": limits, "template": {"spec": {"requirements": requirements}}}
    return resource("kubernetes:karpenter.sh/v1:NodePool", "pool", metadata={"name": "pool"}, spec=spec)


def many(count: int, type_: str, dependencies: tuple[str, ...] = (), /, **inputs: Any) -> Iterator[Resource]:
    for index in range(count):
        yield resource(type_, f"it-{index}", dependencies=dependencies, **inputs)


SOURCE_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "alb", loadBalancerType="application")
LISTENER = resource(
    "aws:lb/listener:Listener", "https", dependencies=(BALANCER.urn,), loadBalancerArn="arn:alb", defaultActions=[]
)
VPC = resource("aws:ec2/vpc:Vpc", "vpc")
SUBNET = resource("aws:ec2/subnet:Subnet", "a", availabilityZone="us-west-2a", dependencies=(VPC.urn,), vpcId="vpc-1")


def rules(count: int, **inputs: Any) -> list[Resource]:
    group = resource(SOURCE_GROUP, "nodes")
    return [group, *many(count, INGRESS, (group.urn,), securityGroupId="sg-1", **inputs)]


def listener_rules(count: int, hosts: int = 1) -> list[Resource]:
    conditions = [{"hostHeader": {"values": [f"{index}.shop.dev" for index in range(hosts)]}}]
    return [
        BALANCER,
        LISTENER,
        *(
            resource(
                "aws:lb/listenerRule:ListenerRule",
                f"rule-{index}",
                dependencies=(LISTENER.urn,),
                conditions=conditions,
                actions=[{"type": "forward", "targetGroupArn": f"arn:{index}"}],
            )
            for index in range(count)
        ),
    ]


def nat_gateways(count: int) -> list[Resource]:
    link = (SUBNET.urn,)
    return [
        VPC,
        SUBNET,
        *(
            resource("aws:ec2/natGateway:NatGateway", f"nat-{index}", dependencies=link, subnetId="subnet-1")
            for index in range(count)
        ),
    ]


def policy(characters: int) -> str:
    return json.dumps({"Statement": "a" * (characters - len('{"Statement":""}'))})


CASES: dict[str, tuple[list[Resource], str]] = {
    "vpcs": (list(many(4, "aws:ec2/vpc:Vpc")), "4 VPCs, 80 %: the default quota is 5 (vpc L-F678F1CE)"),
    "elasticIps": (list(many(6, "aws:ec2/eip:Eip")), "6 Elastic IP addresses, 120 %: the default quota is 5"),
    "internetGateways": (list(many(5, "aws:ec2/internetGateway:InternetGateway")), "(vpc L-A4707A72)"),
    "subnets": (
        [VPC, *(resource(SUBNET.type, f"s-{i}", dependencies=(VPC.urn,), vpcId="vpc-1") for i in range(160))],
        "160 subnets of a VPC of vpc, 80 %: the default quota is 200 (vpc L-407747CB)",
    ),
    "natGateways": (nat_gateways(4), "4 NAT gateways of a zone of us-west-2a, 80 %"),
    "interfaceEndpoints": (
        list(many(41, "aws:ec2/vpcEndpoint:VpcEndpoint", vpcId="vpc-1", vpcEndpointType="Interface")),
        "41 interface endpoints of a VPC of vpc-1, 82 %: the default quota is 50",
    ),
    "gatewayEndpoints": (list(many(16, "aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Gateway")), "16 gateway"),
    "routeTables": (list(many(160, "aws:ec2/routeTable:RouteTable", vpcId="vpc-1")), "160 route tables of a VPC"),
    "routes": (list(many(50, "aws:ec2/route:Route", routeTableId="rtb-1")), "50 routes of a route table of rtb-1"),
    "networkAclRules": (
        list(many(20, "aws:ec2/networkAclRule:NetworkAclRule", networkAclId="acl-1", egress=False)),
        "20 rules of a network ACL in one direction of acl-1 inbound, 100 %",
    ),
    "securityGroupRules": (
        rules(48, cidrIpv4="10.0.0.0/16"),
        "48 rules of a security group in one direction of nodes ingress, 80 %: the default quota is 60 (vpc L-0EA",
    ),
    "rules: a source group counts in both families": (
        [*rules(30, referencedSecurityGroupId="sg-2"), *rules(20, cidrIpv6="::/0")[1:]],
        "50 rules of a security group in one direction of nodes ingress, 83 %",
    ),
    "rules: address families do not add up": (
        [*rules(40, cidrIpv4="10.0.0.0/16"), *rules(40, cidrIpv6="::/0")[1:]],
        "",
    ),
    "rules: inline": (
        [resource(SOURCE_GROUP, "web", ingress=[{"cidrBlocks": [f"10.0.{i}.0/24" for i in range(50)]}])],
        "50 rules of a security group in one direction of web ingress, 83 %",
    ),
    "rules: the maximum entries of a prefix list": (
        [
            resource("aws:ec2/managedPrefixList:ManagedPrefixList", "office", maxEntries=55),
            *rules(1, prefixListId="pl-1"),
        ],
        "55 rules of a security group in one direction of nodes ingress, 91 %",
    ),
    "securityGroupsPerInterface": (
        [resource("aws:lb/loadBalancer:LoadBalancer", "nlb", securityGroups=["sg-1", "sg-2", "sg-3", "sg-4"])],
        "4 security groups of a network interface of nlb, 80 %",
    ),
    "roles": (list(many(800, "aws:iam/role:Role")), "800 IAM roles, 80 %: the default quota is 1,000 (iam L-FE177D64)"),
    "policies": (list(many(1200, "aws:iam/policy:Policy")), "1,200 customer managed IAM policies, 80 %"),
    "policiesPerRole": (
        list(many(8, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", role="shop-web")),
        "8 managed policies of a role of shop-web, 80 %: the default quota is 10 (iam L-0DA4ABF3)",
    ),
    "trustPolicySize": (
        [resource("aws:iam/role:Role", "web", assumeRolePolicy=policy(2048))],
        "2,048 characters of a role's trust policy of web, 100 %",
    ),
    "inlinePolicySize": (
        [
            resource("aws:iam/rolePolicy:RolePolicy", "a", role="web", policy=policy(6000)),
            resource("aws:iam/rolePolicy:RolePolicy", "b", role="web", policy=policy(5000)),
        ],
        "11,000 characters of all inline policies of a role of web, 107 %",
    ),
    "policySize": (
        [resource("aws:iam/policy:Policy", "web", policy=policy(6200))],
        "6,200 characters of a managed policy",
    ),
    "tags": (
        [resource("aws:sqs/queue:Queue", "jobs", tags={f"k{index}": "v" for index in range(50)})],
        # The provider's default tag Environment is one more.
        "51 tags of a resource, 102 %: the default quota is 50 (tagging)",
    ),
    "objectTags": (
        [resource("aws:s3/bucketObjectv2:BucketObjectv2", "o", tags={f"k{index}": "v" for index in range(10)})],
        "11 tags of an object, 110 %",
    ),
    "networkLoadBalancers": (
        list(many(40, "aws:lb/loadBalancer:LoadBalancer", loadBalancerType="network")),
        "40 Network Load Balancers, 80 %: the default quota is 50 (elasticloadbalancing L-69A177A2)",
    ),
    "applicationLoadBalancers": (list(many(40, "aws:lb/loadBalancer:LoadBalancer")), "40 Application Load Balancers"),
    "listenerRules": (
        listener_rules(80),
        "80 rules of an Application Load Balancer of alb, 80 %: the default quota is 100 (elasticloadbalancing",
    ),
    "targetGroupsPerBalancer": (listener_rules(101), "101 target groups of an Application Load Balancer of alb, 101 %"),
    "conditionValues": (listener_rules(1, hosts=6), "6 condition values of a listener rule of rule-0, 120 %"),
    "certificates": (
        [
            BALANCER,
            LISTENER,
            *(
                resource("aws:lb/listenerCertificate:ListenerCertificate", f"c-{i}", dependencies=(LISTENER.urn,))
                for i in range(20)
            ),
        ],
        "20 certificates of an Application Load Balancer without the default certificate of alb, 80 %",
    ),
    "nodeGroups": (
        [node_group(f"group-{index}", [], 1) for index in range(24)],
        "24 managed node groups of a cluster of the cluster, 80 %: the default quota is 30 (eks L-6D54EA21)",
    ),
    "nodesPerGroup": (
        [node_group("cpu", [], 450)],
        "450 nodes of a managed node group of cpu, 100 %: the default quota is 450 (eks L-BD136A63)",
    ),
    "accessEntries": (
        list(many(2400, "aws:eks/accessEntry:AccessEntry", clusterName="shop")),
        "2,400 access entries of a cluster of shop, 80 %: the default quota is 3,000 (eks)",
    ),
    "fargateProfiles": (
        list(many(9, "aws:eks/fargateProfile:FargateProfile", clusterName="shop")),
        "9 Fargate profiles",
    ),
    "publicCidrs": (
        [resource("eks:index:Cluster", "cluster", publicAccessCidrs=[f"203.0.{i}.0/24" for i in range(41)])],
        "41 public access CIDR blocks of a cluster of cluster, 102 %",
    ),
    "databases": (
        [*many(20, "aws:rds/instance:Instance"), *many(12, "aws:rds/clusterInstance:ClusterInstance")],
        "32 DB instances, 80 %: the default quota is 40 (rds L-7B6409FD)",
    ),
    "cacheNodes": (
        list(many(40, "aws:elasticache/replicationGroup:ReplicationGroup", numNodeGroups=3, replicasPerNodeGroup=1)),
        "240 ElastiCache nodes, 80 %: the default quota is 300 (elasticache L-DFE45DF3)",
    ),
    "hostedZones": (list(many(400, "aws:route53/zone:Zone")), "400 hosted zones, 80 %"),
    "alarms": (list(many(4000, "aws:cloudwatch/metricAlarm:MetricAlarm")), "(monitoring)"),
    "onDemandP": ([node_group("p", ["p5.48xlarge"], 2)], "384 vCPUs of On-Demand P instances: the default quota is 0"),
    "spotP": ([node_group("p", ["p4d.24xlarge"], 1, capacityType="SPOT")], "96 vCPUs of Spot P instances"),
    "onDemandInf": ([node_group("i", ["inf2.xlarge"], 1)], "4 vCPUs of On-Demand Inf instances"),
    "spotTrn": ([node_group("t", ["trn1.2xlarge"], 1, capacityType="SPOT")], "8 vCPUs of Spot Trn instances"),
    "onDemandX": ([node_group("x", ["x2idn.16xlarge"], 1)], "64 vCPUs of On-Demand X instances"),
    "onDemandG: gr": ([node_group("gr", ["gr6.4xlarge"], 1)], "16 vCPUs of On-Demand G and VT instances"),
    "onDemandStandard: im": ([node_group("im", ["im4gn.large"], 2)], "4 vCPUs of On-Demand Standard"),
    "types of two classes": (
        [node_group("two", ["m7i.xlarge", "g5.2xlarge"], 3)],
        "24 vCPUs of On-Demand G and VT instances",
    ),
    "instance": (
        [resource("aws:ec2/instance:Instance", "vllm", instanceType="g5.12xlarge")],
        "48 vCPUs of On-Demand G",
    ),
    "pool: Spot only": (
        [pool(["g5.xlarge", "g5.2xlarge"], ["spot"], cpu="64", memory="128Gi")],
        # 128 GiB are 8 nodes of 16 GiB and 4 vCPUs, or 4 of 32 GiB and 8 vCPUs.
        "32 vCPUs of Spot G and VT instances",
    ),
    "pool: GPUs": (
        [pool(["g5.12xlarge"], ["on-demand"], **{"cpu": "1000", "memory": "4000Gi", "nvidia.com/gpu": "8"})],
        "96 vCPUs of On-Demand G and VT instances",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_counted_amount_from_80_percent_of_a_default_quota_is_reported(case: str) -> None:
    resources, expected = CASES[case]
    messages = [one.message for one in found(*resources)]
    if not expected:
        assert messages == []
        return
    assert [one for one in messages if expected in one], messages


def test_less_than_80_percent_of_a_quota_is_no_finding() -> None:
    assert found(*many(3, "aws:ec2/eip:Eip"), *nat_gateways(3)) == []


def test_quotas_of_regions_count_by_region() -> None:
    here = list(many(3, "aws:ec2/eip:Eip"))
    there = [resource("aws:ec2/eip:Eip", f"there-{index}", region="eu-west-1") for index in range(3)]
    assert found(*here, *there) == []


def test_quota_requests_of_the_account_go_to_the_region_of_service_quotas() -> None:
    (finding,) = found(*many(800, "aws:iam/role:Role", region="eu-west-1"))
    assert "request 1,001: aws service-quotas request-service-quota-increase --region us-east-1 " in finding.fix


def test_exceeded_quota_is_an_error_where_aws_does_not_increase_it() -> None:
    (finding,) = [one for one in found(*listener_rules(1, hosts=6)) if "condition" in one.message]
    assert finding.severity == "error"
    assert finding.fix.startswith("AWS does not increase it; use fewer")


@pytest.mark.parametrize(("stated", "expected"), [(64, []), (14, ["warning"]), (11, ["error"])])
def test_stated_quota_is_compared_instead_of_the_default(stated: int, expected: list[str]) -> None:
    # 12 vCPUs are 85 % of 14.
    resources = [node_group("gpu", ["g4dn.xlarge"], 3, capacityType="SPOT")]
    assert [one.severity for one in found(*resources, L_3819A6DF=stated)] == expected


def test_requested_quota_ends_the_warning_once_it_is_stated() -> None:
    resources = [node_group("cpu", ["m7i.large"], 4)]
    (finding,) = found(*resources)
    wanted = int(finding.fix.partition("request ")[2].partition(":")[0])
    assert found(*resources, L_1216C47A=wanted) == []


def test_instance_type_without_size_or_quota_is_a_warning_with_the_date() -> None:
    (finding,) = found(node_group("new", ["q9.large"], 1))
    assert (finding.rule, finding.severity) == ("quota-unknown", "warning")
    assert "the tables of 2026-11 have no size or vCPU quota of q9.large" in finding.message


def test_every_on_demand_instance_type_has_a_vcpu_quota() -> None:
    assert [name for name in sizes() if vcpu_quota(name, spot=False) is None] == []


def test_counted_types_are_types_of_the_platform() -> None:
    known = {*AWS_TYPES, "eks:index:Cluster"}
    assert {type_ for type_ in types() if type_ not in known} <= {"aws:eks/cluster:Cluster"}
    assert {*types().values()} <= {*quotas()}


def test_quota_codes_are_unique_and_have_their_format() -> None:
    codes = [one.code for one in quotas().values() if one.code]
    assert len(codes) == len(set(codes))
    assert all(one.source.startswith("https://docs.aws.amazon.com/") for one in quotas().values())


# --- addresses ---


def subnet(cidr: str, *, key: str = "subnet-1") -> list[Resource]:
    one = resource("aws:ec2/subnet:Subnet", "private-a", cidrBlock=cidr, availabilityZone="us-west-2a")
    link = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "a", dependencies=(one.urn,), subnetId=key)
    return [one, link]


def cni(*, prefixes: bool, **targets: str) -> Resource:
    environment = {"ENABLE_PREFIX_DELEGATION": "true", **targets} if prefixes else targets
    return resource("eks:index:Addon", "cni", addonName="vpc-cni", configurationValues={"env": environment})


def addresses(*resources: Resource, pods: int = 0, nodes: int = 1) -> list[str]:
    fitted = LevelFit((GroupFit("cpu", nodes, {}, {}, {}, pods * nodes),), (), {})
    return [one.message for one in found(*resources, fitted=fitted) if one.rule == "subnet-addresses"]


def nodes(most: int, types: tuple[str, ...] = ("m7i.large",)) -> Resource:
    return node_group("cpu", list(types), most, nodeGroupName="cpu", subnetIds=["subnet-1"])


ADDRESSES: dict[str, tuple[list[Resource], int, str]] = {
    # 1 + 2 blocks of 16 are 33 a node; 7 nodes are 231 of 251.
    "prefixes": ([*subnet("10.0.0.0/24"), cni(prefixes=True), nodes(7)], 10, "needs 231: nodes 231"),
    # 17 pods take two blocks, and one is free: 49 a node.
    "prefixes: a second block": ([*subnet("10.0.0.0/24"), cni(prefixes=True), nodes(5)], 17, "needs 245: nodes 245"),
    "prefixes: below 80 percent": ([*subnet("10.0.0.0/24"), cni(prefixes=True), nodes(6)], 10, ""),
    # m7i.large has 3 interfaces of 10: pods use one, and one is free.
    "interfaces": ([*subnet("10.0.0.0/25"), cni(prefixes=False), nodes(5)], 5, "(10.0.0.0/25) has 123 addresses"),
    "interfaces: all in use": ([*subnet("10.0.0.0/25"), cni(prefixes=False), nodes(4)], 25, "needs 120: nodes 120"),
    # 12 pods and 2 free addresses are 14, in one block: 17 a node.
    "prefixes: free addresses": (
        [*subnet("10.0.0.0/24"), cni(prefixes=True, WARM_IP_TARGET="2", MINIMUM_IP_TARGET="8"), nodes(12)],
        12,
        "needs 204: nodes 204",
    ),
    # Three free blocks with one in use: 65 a node.
    "prefixes: free prefixes": (
        [*subnet("10.0.0.0/24"), cni(prefixes=True, WARM_PREFIX_TARGET="3"), nodes(4)],
        10,
        "needs 260: nodes 260",
    ),
    # 12 addresses of pods on two interfaces of 10 with one of their own: 14 a node.
    "interfaces: free addresses": (
        [*subnet("10.0.0.0/25"), cni(prefixes=False, WARM_IP_TARGET="2", MINIMUM_IP_TARGET="8"), nodes(8)],
        10,
        "needs 112: nodes 112",
    ),
    "interfaces: minimum of addresses": (
        [*subnet("10.0.0.0/25"), cni(prefixes=False, WARM_IP_TARGET="2", MINIMUM_IP_TARGET="18"), nodes(6)],
        10,
        "needs 120: nodes 120",
    ),
    # No free interface: 10 a node.
    "interfaces: none is free": (
        [*subnet("10.0.0.0/25"), cni(prefixes=False, WARM_ENI_TARGET="0"), nodes(11)],
        5,
        "needs 110: nodes 110",
    ),
    "a target that is no number": (
        [*subnet("10.0.0.0/24"), cni(prefixes=True, WARM_IP_TARGET="two"), nodes(7)],
        10,
        "needs 231: nodes 231",
    ),
    "services": (
        [
            *subnet("10.0.0.0/27"),
            resource("eks:index:Cluster", "cluster", privateSubnetIds=["subnet-1"]),
            resource("aws:lb/loadBalancer:LoadBalancer", "alb", subnets=["subnet-1"]),
        ],
        0,
        "has 27 addresses, and the maximum of nodes needs 24: control plane 16, load balancers 8",
    ),
    "control plane alone": (
        [*subnet("10.0.0.0/28"), resource("eks:index:Cluster", "cluster", privateSubnetIds=["subnet-1"])],
        0,
        "",
    ),
    "endpoints, file systems, databases": (
        [
            *subnet("10.0.0.0/28"),
            *many(6, "aws:ec2/vpcEndpoint:VpcEndpoint", subnetIds=["subnet-1"], vpcEndpointType="Interface"),
            resource("aws:efs/mountTarget:MountTarget", "efs", subnetId="subnet-1"),
            resource("aws:rds/subnetGroup:SubnetGroup", "db", name="db", subnetIds=["subnet-1"]),
            *many(2, "aws:rds/instance:Instance", dbSubnetGroupName="db"),
        ],
        0,
        "needs 9: endpoints 6, databases 2, file systems 1",
    ),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_addresses_of_a_subnet_are_counted_at_maximum_nodes(case: str) -> None:
    resources, pods, expected = ADDRESSES[case]
    messages = addresses(*resources, pods=pods)
    assert (len(messages) == 1 and expected in messages[0]) if expected else messages == []
