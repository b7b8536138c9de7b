"""What each check of `aiplatform doctor` answers: fine, wrong with the fix, and unknown with the reason."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aiplatform.doctor import web
from aiplatform.doctor.checks import CHECKS
from tests.aiplatform.doctoring import CALLER, NUMBER, account, ask, refused, subject
from tests.components.base import settings_of
from tests.config.base import BASE, load

OWN = {"Project": "shop", "Environment": "test"}
TAGS = [{"Key": name, "Value": value} for name, value in OWN.items()]
ALLOWED = {"EvaluationResults": [{"EvalActionName": "iam:CreateRole", "EvalDecision": "allowed"}]}
ROLE = {"Role": {"Arn": f"arn:aws:iam::{NUMBER}:role/team/ci"}}
VPC = ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
BUCKET = ("aws:s3/bucket:Bucket", {"bucket": "shop-artifacts"})
CLUSTER: tuple[str, dict[str, Any]] = ("eks:index:Cluster", {})
DATABASE = (
    "aws:rds/instance:Instance",
    {"identifier": "shop-runs", "engine": "postgres", "engineVersion": "17", "instanceClass": "db.t4g.small"},
)
CACHE = (
    "aws:elasticache/replicationGroup:ReplicationGroup",
    {"engine": "valkey", "engineVersion": "8.1", "nodeType": "cache.t4g.small"},
)
ADDON = ("eks:index:Addon", {"addonName": "coredns", "addonVersion": "v1.14.6-eksbuild.4"})
SUBNET = ("aws:ec2/subnet:Subnet", {"availabilityZone": "us-west-2a"})
ASSOCIATION = ("aws:ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "subnet-1"})
SPOT: tuple[str, dict[str, Any]] = (
    "eks:index:ManagedNodeGroup",
    {
        "nodeGroupName": "gpu",
        "instanceTypes": ["g6.xlarge", "g5.xlarge"],
        "capacityType": "SPOT",
        "subnetIds": ["subnet-1"],
        "scalingConfig": {"maxSize": 3},
    },
)
ZONE = ("aws:route53/zone:Zone", {"name": "shop.example"})
BUDGET: tuple[str, dict[str, Any]] = ("aws:budgets/budget:Budget", {"name": "shop-monthly"})
POOL: tuple[str, dict[str, Any]] = ("kubernetes:karpenter.sh/v1:NodePool", {"metadata": {"name": "any"}, "spec": {}})


def denied(**more: Any) -> dict[str, Any]:
    one = {"EvalActionName": "iam:CreateRole", "EvalResourceName": "shop-any", "EvalDecision": "implicitDeny"}
    return {"EvaluationResults": [{**one, **more}]}


def zone(name: str, id_: str = "Z1") -> dict[str, Any]:
    return {"Id": f"/hostedzone/{id_}", "Name": f"{name}.", "Config": {"PrivateZone": False}}


def zones(**by_name: str) -> Callable[..., Any]:
    """The public zones of an account: the ID by name, `_` for a dot."""

    def answer(DNSName: str, **_: Any) -> Any:  # noqa: N803, AWS's name
        found = [(name.replace("_", "."), id_) for name, id_ in by_name.items()]
        return {"HostedZones": [zone(name, id_) for name, id_ in found if f"{name}." == DNSName]}

    return answer


def delegated(*servers: str) -> dict[str, Any]:
    values = [{"Value": f"{one}."} for one in servers]
    return {"ResourceRecordSets": [{"Name": "shop.example.", "Type": "NS", "ResourceRecords": values}]}


HOSTED = {"HostedZone": zone("shop.example"), "DelegationSet": {"NameServers": ["ns-1.x", "ns-2.x"]}}
CERTIFICATE = f"arn:aws:acm:us-west-2:{NUMBER}:certificate/12345678-1234-1234-1234-123456789012"


def certificate(**changed: Any) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(days=200)
    one = {"DomainName": "shop.example", "SubjectAlternativeNames": ["*.shop.example"], "Status": "ISSUED"}
    return {"describe_certificate": {"Certificate": {**one, "NotAfter": ends, **changed}}}


DOMAIN = "\n  ai-platform:ingress:\n    domain: shop.example\n    inboundCidrs: [203.0.113.0/24]\n"
GIVEN = f"{DOMAIN}    certificateArn: {CERTIFICATE}\n"
BY_ID = f"{DOMAIN}    zone: {{id: Z1234567890ABC}}\n"
HOSTS = [("aws:route53/record:Record", {"type": "A", "name": f"{one}shop.example"}) for one in ("", "chat.")]

OFFERS = [{"InstanceType": one, "Location": "us-west-2a"} for one in ("g6.xlarge", "g5.xlarge")]
VERSIONS = {"DBEngineVersions": [{"EngineVersion": "17.9"}, {"EngineVersion": "17.10", "MajorEngineVersion": "17"}]}
ORDERABLE = {"OrderableDBInstanceOptions": [{"AvailabilityZones": [{"Name": "us-west-2a"}]}]}
ADDONS = {
    "addons": [
        {
            "addonVersions": [
                {"addonVersion": "v1.14.6-eksbuild.4", "compatibilities": [{"defaultVersion": False}]},
                {"addonVersion": "v1.14.6-eksbuild.2", "compatibilities": [{"defaultVersion": True}]},
            ]
        }
    ]
}
OTHER_ADDONS = {"addons": [{"addonVersions": ADDONS["addons"][0]["addonVersions"][1:]}]}
NONE: dict[str, Any] = {}


class Case(NamedTuple):
    """A question, what AWS answers, and the line that a user reads."""

    check: str
    about: str
    resources: tuple[tuple[str, Mapping[str, Any]], ...]
    answers: Mapping[str, Any]
    verdict: str
    detail: str
    fix: str = ""
    settings: str = ""


CASES = (
    # --- identity ---
    Case("identity", "credentials", (), {}, "fine", CALLER),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {"get_role": ROLE, "simulate_principal_policy": ALLOWED},
        "fine",
        "allowed",
    ),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {"get_role": ROLE, "simulate_principal_policy": denied()},
        "wrong",
        f"arn:aws:iam::{NUMBER}:role/team/ci may not iam:CreateRole on shop-any",
        "aiplatform bootstrap small",
    ),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {
            "get_role": ROLE,
            "simulate_principal_policy": denied(OrganizationsDecisionDetail={"AllowedByOrganizations": False}),
        },
        "wrong",
        "a policy of the organization denies iam:CreateRole",
        "administrator of the organization",
    ),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {
            "get_role": ROLE,
            "simulate_principal_policy": denied(
                PermissionsBoundaryDecisionDetail={"AllowedByPermissionsBoundary": False}
            ),
        },
        "wrong",
        "the permissions boundary of",
        "another role",
    ),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {"get_role": refused("AccessDenied", "no iam:GetRole")},
        "unknown",
        "not allowed (AccessDenied): no iam:GetRole",
    ),
    Case(
        "identity",
        "actions of iam",
        (VPC,),
        {"get_role": refused("Throttling")},
        "unknown",
        "AWS throttles the requests (Throttling); run the command again later",
    ),
    Case(
        "identity",
        "credentials",
        (),
        {"get_role": refused("NoSuchEntity")},
        "wrong",
        f"arn:aws:iam::{NUMBER}:role/deploys does not exist",
        "aiplatform bootstrap small",
        f"deployer: arn:aws:iam::{NUMBER}:role/deploys",
    ),
    # --- quotas ---
    Case(
        "quotas",
        "VPCs in us-west-2",
        (VPC,),
        {"get_service_quota": {"Quota": {"Value": 5.0}}, "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1"}]}},
        "fine",
        "the account has 5",
    ),
    Case(
        "quotas",
        "VPCs in us-west-2",
        (VPC,),
        {"get_service_quota": {"Quota": {"Value": 5.0}}, "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1"}] * 5}},
        "wrong",
        "the account has 5 and uses 5",
        "request-service-quota-increase --region us-west-2 --service-code vpc --quota-code L-F678F1CE",
    ),
    Case(
        "quotas",
        "VPCs in us-west-2",
        (VPC,),
        {"get_service_quota": {"Quota": {"Value": 1.0}}, "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1", "Tags": TAGS}]}},
        "fine",
        "the account has 1",
    ),
    Case(
        "quotas",
        "VPCs in us-west-2",
        (VPC,),
        {"get_service_quota": {"Quota": {"Value": 5.0}}, "describe_vpcs": {"Vpcs": []}},
        "wrong",
        "project.quotas.L-F678F1CE states 20, and the account has 5",
        "set project.quotas.L-F678F1CE to 5",
        "quotas: {L-F678F1CE: 20}",
    ),
    Case(
        "quotas",
        "vCPUs of Spot G",
        (SPOT,),
        {"get_service_quota": {"Quota": {"Value": 0.0}}},
        "wrong",
        "the account has 0",
        "--quota-code L-3819A6DF --desired-value 16",
    ),
    Case(
        "quotas",
        "vCPUs of Spot G",
        (SPOT,),
        {
            "get_service_quota": refused("NoSuchResourceException"),
            "get_aws_default_service_quota": {"Quota": {"Value": 64.0}},
        },
        "fine",
        "the account has 64",
    ),
    Case(
        "quotas",
        "vCPUs of Spot G",
        (SPOT,),
        {
            "get_service_quota": refused("NoSuchResourceException"),
            "get_aws_default_service_quota": refused("NoSuchResourceException"),
        },
        "unknown",
        "Service Quotas does not know the code in us-west-2",
    ),
    # --- capacity ---
    Case(
        "capacity",
        "zones us-west-2a",
        (SUBNET,),
        {"describe_availability_zones": {"AvailabilityZones": [{"ZoneName": "us-west-2a", "State": "available"}]}},
        "fine",
        "the account has them",
    ),
    Case(
        "capacity",
        "zones us-west-2a",
        (SUBNET,),
        {"describe_availability_zones": {"AvailabilityZones": [{"ZoneName": "us-west-2b", "State": "available"}]}},
        "wrong",
        "the account has no zone us-west-2a",
        "choose zones of us-west-2b",
    ),
    Case(
        "capacity",
        "node group gpu: g6.xlarge",
        (SUBNET, ASSOCIATION, SPOT),
        {"describe_instance_type_offerings": {"InstanceTypeOfferings": OFFERS}},
        "fine",
        "offered",
    ),
    Case(
        "capacity",
        "node group gpu: g6.xlarge",
        (SUBNET, ASSOCIATION, SPOT),
        {"describe_instance_type_offerings": {"InstanceTypeOfferings": OFFERS[:1]}},
        "wrong",
        "no zone of the stack offers g5.xlarge",
        "remove these instance types",
    ),
    Case(
        "capacity",
        "node group gpu: g6.xlarge",
        (SUBNET, ASSOCIATION, SPOT),
        {
            "describe_instance_type_offerings": {
                "InstanceTypeOfferings": [{**one, "Location": "us-west-2d"} for one in OFFERS]
            }
        },
        "wrong",
        "no zone of the stack offers g6.xlarge, g5.xlarge",
        "they are offered in us-west-2d",
    ),
    Case(
        "capacity",
        "Spot capacity for 3 nodes",
        (SPOT,),
        {"get_spot_placement_scores": {"SpotPlacementScores": [{"Region": "us-west-2", "Score": 9}]}},
        "fine",
        "the placement score is 9 of 10",
    ),
    Case(
        "capacity",
        "Spot capacity for 3 nodes",
        (SPOT,),
        {"get_spot_placement_scores": {"SpotPlacementScores": [{"Region": "us-west-2", "Score": 1}]}},
        "wrong",
        "the placement score is 1 of 10",
        "add instance types of the same size, or use ON_DEMAND",
    ),
    Case(
        "capacity",
        "Spot capacity for 3 nodes",
        (SPOT,),
        {"get_spot_placement_scores": refused("MaxConfigLimitExceeded", "too many configurations")},
        "unknown",
        "refused (MaxConfigLimitExceeded): too many configurations",
    ),
    # --- versions ---
    *(
        Case(
            "versions", "Kubernetes 1.35", (CLUSTER,), {"describe_cluster_versions": {"clusterVersions": found}}, *told
        )
        for found, *told in (
            ([{"clusterVersion": "1.35", "versionStatus": "STANDARD_SUPPORT"}], "fine", "standard support"),
            (
                [{"clusterVersion": "1.34", "versionStatus": "STANDARD_SUPPORT"}],
                "wrong",
                "EKS offers 1.34",
                "cluster.v",
            ),
            (
                [{"clusterVersion": "1.35", "versionStatus": "UNSUPPORTED"}],
                "wrong",
                "EKS offers none",
                "cluster.version",
            ),
            (
                [{"clusterVersion": "1.35", "versionStatus": "EXTENDED_SUPPORT"}],
                "wrong",
                "extended support",
                "EXTENDED",
            ),
        )
    ),
    Case("versions", "add-on coredns", (ADDON,), {"describe_addon_versions": ADDONS}, "fine", "offered"),
    Case(
        "versions",
        "add-on coredns",
        (ADDON,),
        {"describe_addon_versions": OTHER_ADDONS},
        "wrong",
        "EKS offers v1.14.6-eksbuild.2",
        "to v1.14.6-eksbuild.2",
    ),
    Case(
        "versions", "add-on coredns", (ADDON,), {"describe_addon_versions": {"addons": []}}, "wrong", "no version of it"
    ),
    Case(
        "versions",
        "postgres 17 on db.t4g.small",
        (DATABASE,),
        {"describe_db_engine_versions": VERSIONS, "describe_orderable_db_instance_options": ORDERABLE},
        "fine",
        "17.10 in us-west-2a",
    ),
    Case(
        "versions",
        "postgres 17 on db.t4g.small",
        (DATABASE,),
        {"describe_db_engine_versions": VERSIONS, "describe_orderable_db_instance_options": NONE},
        "wrong",
        "RDS offers no db.t4g.small with postgres 17.10",
        "change instanceClass",
    ),
    Case(
        "versions",
        "postgres 17 on db.t4g.small",
        (DATABASE,),
        {
            "describe_db_engine_versions": lambda **asked: (
                NONE if "EngineVersion" in asked else {"DBEngineVersions": [{"EngineVersion": "16.4"}]}
            )
        },
        "wrong",
        "RDS has no postgres 17",
        "one of 16.4",
    ),
    Case(
        "versions",
        "valkey 8.1 on cache.t4g.small",
        (CACHE,),
        {
            "describe_cache_engine_versions": {"CacheEngineVersions": [{"EngineVersion": "8.1"}]},
            "describe_reserved_cache_nodes_offerings": {"ReservedCacheNodesOfferings": [{}]},
        },
        "fine",
        "offered",
    ),
    Case(
        "versions",
        "valkey 8.1 on cache.t4g.small",
        (CACHE,),
        {"describe_cache_engine_versions": {"CacheEngineVersions": [{"EngineVersion": "7.2"}]}},
        "wrong",
        "ElastiCache offers valkey 7.2",
        "change engineVersion",
    ),
    Case(
        "versions",
        "valkey 8.1 on cache.t4g.small",
        (CACHE,),
        {
            "describe_cache_engine_versions": {"CacheEngineVersions": [{"EngineVersion": "8.1"}]},
            "describe_reserved_cache_nodes_offerings": NONE,
        },
        "unknown",
        "no list of node types",
    ),
    # --- names ---
    Case("names", "bucket shop-artifacts", (BUCKET,), {"head_bucket": refused("404")}, "fine", "free"),
    Case(
        "names", "bucket shop-artifacts", (BUCKET,), {"head_bucket": refused("403")}, "wrong", "taken", "another name"
    ),
    Case(
        "names",
        "bucket shop-artifacts",
        (BUCKET,),
        {"head_bucket": NONE | {"BucketRegion": "us-west-2"}, "get_bucket_tagging": {"TagSet": TAGS}},
        "fine",
        "exists, with the tags of this stack",
    ),
    Case(
        "names",
        "bucket shop-artifacts",
        (BUCKET,),
        {"head_bucket": {"BucketRegion": "us-west-2"}, "get_bucket_tagging": refused("NoSuchTagSet")},
        "wrong",
        "exists, and belongs to another stack (no tag Project)",
        "buckets.*.name",
    ),
    *(
        Case("names", "cluster shop-eks", (CLUSTER,), {"describe_cluster": found}, *told)
        for found, *told in (
            (refused("ResourceNotFoundException"), "fine", "free"),
            ({"cluster": {"tags": OWN}}, "fine", "exists, with the tags of this stack"),
            (
                {"cluster": {"tags": {**OWN, "Environment": "live"}}},
                "wrong",
                "belongs to another stack (Project=shop, Environment=live)",
                "cluster.name or project.name",
            ),
            (refused("ExpiredTokenX"), "unknown", "refused (ExpiredTokenX)"),
        )
    ),
    *(
        Case("names", "database shop-runs", (DATABASE,), {"describe_db_instances": found}, *told)
        for found, *told in (
            (refused("DBInstanceNotFound"), "fine", "free"),
            ({"DBInstances": [{"TagList": TAGS}]}, "fine", "exists, with the tags of this stack"),
            ({"DBInstances": [{"TagList": []}]}, "wrong", "belongs to another stack", "databases.*.name"),
        )
    ),
    # --- domain ---
    *(
        Case("domain", "no hosted zone", (ZONE,), found, *told, settings=DOMAIN)
        for found, *told in (
            ({"list_hosted_zones_by_name": zones()}, "fine", "the stack creates it"),
            (
                {
                    "list_hosted_zones_by_name": zones(shop_example="Z1"),
                    "list_tags_for_resource": {"ResourceTagSet": {"Tags": TAGS}},
                },
                "fine",
                "Z1 exists, with the tags of this stack",
            ),
            (
                {
                    "list_hosted_zones_by_name": zones(shop_example="Z1"),
                    "list_tags_for_resource": {"ResourceTagSet": {"Tags": []}},
                },
                "wrong",
                "the account has Z1, and a second zone has other name servers",
                "set ingress.zone to {id: Z1}",
            ),
        )
    ),
    *(
        Case("domain", "delegation", (ZONE,), {"get_hosted_zone": HOSTED, **found}, *told, settings=DOMAIN)
        for found, *told in (
            ({"list_hosted_zones_by_name": zones()}, "unknown", "the zone does not exist yet", "delegate the domain"),
            (
                {
                    "list_hosted_zones_by_name": zones(shop_example="Z1"),
                    "get_domain_detail": {"Nameservers": [{"Name": "ns-1.x"}, {"Name": "ns-2.x"}]},
                },
                "fine",
                "to ns-1.x, ns-2.x",
            ),
            (
                {
                    "list_hosted_zones_by_name": zones(shop_example="Z1"),
                    "get_domain_detail": {"Nameservers": [{"Name": "ns-9.x"}]},
                },
                "wrong",
                "shop.example is delegated to ns-9.x",
                "delegate it to ns-1.x, ns-2.x",
            ),
            (
                {"list_hosted_zones_by_name": zones(shop_example="Z1"), "get_domain_detail": refused("InvalidInput")},
                "unknown",
                "the zone above is not in this account",
                "`dig NS shop.example` must name ns-1.x, ns-2.x",
            ),
        )
    ),
    *(
        Case("domain", "hosted zone Z1234567890ABC exists", (), {"get_hosted_zone": found}, *told, settings=BY_ID)
        for found, *told in (
            (HOSTED, "fine", "the zone of shop.example"),
            (refused("NoSuchHostedZone"), "wrong", "the account does not have it", "correct ingress.zone.id"),
            ({"HostedZone": zone("other.example")}, "wrong", "it is the zone of other.example", "ingress.zone.id"),
        )
    ),
    *(
        Case("domain", "certificate", (ZONE, *HOSTS), found, *told, settings=GIVEN)
        for found, *told in (
            (certificate(), "fine", "issued, and for all hosts"),
            (certificate(Status="PENDING_VALIDATION"), "wrong", "PENDING_VALIDATION", "validation records"),
            (certificate(SubjectAlternativeNames=[]), "wrong", "and not for chat.shop.example", "all hosts"),
            (certificate(NotAfter=datetime(2020, 1, 2, tzinfo=UTC)), "wrong", "it ends at 2020-01-02", "a newer one"),
            ({"describe_certificate": refused("ResourceNotFoundException")}, "wrong", "does not have it", "correct"),
        )
    ),
    # --- network ---
    *(
        Case("network", "no other VPC", (VPC,), {"describe_vpcs": {"Vpcs": found}}, *told)
        for found, *told in (
            ([], "fine", "it does not"),
            ([{"VpcId": "vpc-1", "CidrBlock": "172.31.0.0/16"}], "fine", "it does not"),
            ([{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": TAGS}], "fine", "it does not"),
            ([{"VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"}], "wrong", "overlaps vpc-1 (10.0.9.0/24)", "network.cidr"),
            (
                [
                    {
                        "VpcId": "vpc-1",
                        "CidrBlock": "10.9.0.0/16",
                        "CidrBlockAssociationSet": [{"CidrBlock": "10.9.0.0/16"}, {"CidrBlock": "10.0.0.0/24"}],
                    }
                ],
                "wrong",
                "overlaps vpc-1 (10.0.0.0/24)",
                "network.cidr",
            ),
        )
    ),
    Case(
        "network",
        "network of a peering",
        (VPC,),
        {
            "describe_vpc_peering_connections": {
                "VpcPeeringConnections": [
                    {
                        "VpcPeeringConnectionId": "pcx-1",
                        "Status": {"Code": "active"},
                        "AccepterVpcInfo": {"VpcId": "vpc-9", "CidrBlock": "10.0.0.0/8"},
                        "RequesterVpcInfo": {"VpcId": "vpc-1", "CidrBlock": "172.31.0.0/16"},
                    }
                ]
            }
        },
        "wrong",
        "overlaps pcx-1, vpc-9 (10.0.0.0/8)",
        "network.cidr",
    ),
    *(
        Case(
            "network",
            "network of a transit gateway",
            (VPC,),
            {
                "describe_transit_gateway_route_tables": {
                    "TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1"}]
                },
                "search_transit_gateway_routes": {"Routes": [{"DestinationCidrBlock": cidr}]},
            },
            *told,
        )
        for cidr, *told in (
            ("0.0.0.0/0", "fine", "it does not"),
            ("10.0.128.0/17", "wrong", "overlaps tgw-rtb-1 (10.0.128.0/17)", "network.cidr"),
        )
    ),
    Case(
        "network",
        "network of a VPN connection",
        (VPC,),
        {
            "describe_vpn_connections": {
                "VpnConnections": [
                    {
                        "VpnConnectionId": "vpn-1",
                        "State": "available",
                        "Routes": [{"DestinationCidrBlock": "10.0.0.0/12"}],
                        "Options": {"LocalIpv4NetworkCidr": "0.0.0.0/0"},
                    }
                ]
            }
        },
        "wrong",
        "overlaps vpn-1 (10.0.0.0/12)",
        "network.cidr",
    ),
    Case(
        "network",
        "network of a VPN connection",
        (VPC,),
        {"describe_vpn_connections": refused("UnauthorizedOperation", "you may not")},
        "unknown",
        "not allowed (UnauthorizedOperation): you may not",
    ),
    # --- account ---
    Case("account", "role of rds.amazonaws.com", (DATABASE,), {"list_roles": {"Roles": [{}]}}, "fine", "exists"),
    Case("account", "role of rds.amazonaws.com", (DATABASE,), {"list_roles": {"Roles": []}}, "fine", "AWS creates it"),
    Case(
        "account",
        "role of spot.amazonaws.com",
        (CLUSTER, POOL),
        {"list_roles": {"Roles": []}},
        "wrong",
        "it is missing, and Karpenter does not create it",
        "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ),
    *(
        Case(
            "account",
            "cost allocation tags",
            (BUDGET,),
            {"list_cost_allocation_tags": found},
            *told,
        )
        for found, *told in (
            (
                {
                    "CostAllocationTags": [
                        {"TagKey": one, "Status": "Active"} for one in ("Project", "Environment", "ManagedBy")
                    ]
                },
                "fine",
                "they are",
            ),
            (
                {"CostAllocationTags": [{"TagKey": "Project", "Status": "Inactive"}]},
                "wrong",
                "Project: inactive",
                "--cost-allocation-tags-status TagKey=Project,Status=Active",
            ),
            ({"CostAllocationTags": []}, "unknown", "up to 24 hours after the first resource has it"),
            (refused("AccessDeniedException", "management account"), "unknown", "management account"),
        )
    ),
)


def line(case: Case, folder: Path) -> Any:
    text = (
        BASE.replace("environment: test", f"environment: test\n    {case.settings}")
        if "\n" not in case.settings
        else BASE
    )
    text += case.settings if "\n" in case.settings else ""
    stack = subject(load(folder, text).settings, folder, *((type_, dict(one)) for type_, one in case.resources))
    return ask(stack, case.check, case.about, case.answers).answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.about}-{case.verdict}".replace(" ", "_"))
def test_check_answers(case: Case, tmp_path: Path) -> None:
    answer = line(case, tmp_path)
    assert (answer.verdict, case.detail in answer.detail) == (case.verdict, True), answer
    assert case.fix in answer.fix
    assert bool(answer.fix) or answer.verdict != "wrong"


def test_every_check_has_cases_of_each_verdict_that_it_gives() -> None:
    found: dict[str, set[str]] = {check.key: set() for check in CHECKS}
    for case in CASES:
        found[case.check].add(case.verdict)
    # The cases of these two are below: registries answer the one, and the other asks about another stack file.
    lacking = {key for key, verdicts in found.items() if not {"fine", "wrong", "unknown"} <= verdicts}
    assert lacking == {"downloads", "vpc"}


def attribute(**off: bool) -> Callable[..., Any]:
    """The attributes of a VPC, on unless a test says otherwise."""

    def answer(Attribute: str, **_: Any) -> Any:  # noqa: N803, AWS's name
        return {Attribute[0].upper() + Attribute[1:]: {"Value": off.get(Attribute, True)}}

    return answer


def existing(**changed: Any) -> Callable[..., Any]:
    """The first private subnet of the stack `inside`."""
    network = settings_of("inside").network
    one = network.tiers().private[0]
    found = {"VpcId": network.vpc_id, "CidrBlock": str(one.cidr), "AvailabilityZone": one.zone}
    return lambda **_: {"Subnets": [{**found, "AvailableIpAddressCount": 900, **changed}]}


def inside_cidrs() -> list[dict[str, str]]:
    network = settings_of("inside").network
    return [{"CidrBlock": str(one)} for one in (network.cidr, *network.secondary_cidrs)]


@pytest.mark.parametrize(
    ("about", "answers", "expected"),
    [
        (
            "VPC",
            {"describe_vpcs": lambda **_: {"Vpcs": [{"CidrBlockAssociationSet": inside_cidrs()}]}},
            ("fine", "", ""),
        ),
        ("VPC", {"describe_vpcs": refused("InvalidVpcID.NotFound")}, ("wrong", "there is none in", "network.vpcId")),
        (
            "VPC",
            {"describe_vpcs": {"Vpcs": [{"CidrBlock": "10.1.0.0/16"}]}},
            ("wrong", "it has 10.1.0.0/16, and not", "aiplatform adopt vpc"),
        ),
        ("VPC", {"describe_vpcs": refused("UnauthorizedOperation")}, ("unknown", "not allowed", "")),
        ("resolves names", {"describe_vpc_attribute": attribute()}, ("fine", "it does", "")),
        (
            "resolves names",
            {"describe_vpc_attribute": attribute(enableDnsHostnames=False)},
            ("wrong", "enableDnsHostnames off", "--enable-dns-hostnames"),
        ),
        ("private", {"describe_subnets": existing()}, ("fine", "900 free addresses", "")),
        (
            "private",
            {"describe_subnets": refused("InvalidSubnetID.NotFound")},
            ("wrong", "there is none in", "adopt vpc"),
        ),
        (
            "private",
            {"describe_subnets": existing(AvailabilityZone="eu-central-1c")},
            ("wrong", "eu-central-1c", "adopt"),
        ),
        ("private", {"describe_subnets": existing(VpcId="vpc-9")}, ("wrong", "vpc-9, and not vpc-", "adopt vpc")),
        ("private", {"describe_subnets": existing(AvailableIpAddressCount=3)}, ("wrong", "3 of its", "another subnet")),
    ],
)
def test_existing_vpc_is_compared_with_the_stack_file(
    tmp_path: Path, about: str, answers: Mapping[str, Any], expected: tuple[str, str, str]
) -> None:
    verdict, detail, fix = expected
    settings = settings_of("inside")
    first = settings.network.tiers().private[0]
    texts = {"VPC": f"{settings.network.vpc_id} with", "private": f"private {first.id}"}
    found = ask(subject(settings, tmp_path), "vpc", texts.get(about, about), answers).answer
    assert (found.verdict, detail in found.detail, fix in found.fix) == (verdict, True, True), found


IMAGE: tuple[str, dict[str, Any]] = (
    "kubernetes:apps/v1:Deployment",
    {"spec": {"containers": [{"image": "ghcr.io/shop/api:1.2"}]}},
)
ECR: tuple[str, dict[str, Any]] = (
    "kubernetes:apps/v1:Deployment",
    {"spec": {"containers": [{"image": f"{NUMBER}.dkr.ecr.us-west-2.amazonaws.com/shop/api:1.2"}]}},
)


@pytest.mark.parametrize(
    ("status", "verdict", "detail"),
    [
        (200, "fine", "exists"),
        (404, "wrong", "the registry does not have it"),
        (401, "unknown", "the registry answers 401; it may need a login"),
        (None, "unknown", "no answer of the registry from here"),
    ],
)
def test_image_is_asked_of_its_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int | None, verdict: str, detail: str
) -> None:
    asked: list[str] = []

    def answer(url: str, *_: Any) -> Any:
        asked.append(url)
        return None if status is None else (status, {}, b"")

    monkeypatch.setattr(web, "_asked", answer)
    found = ask(subject(load(tmp_path, BASE).settings, tmp_path, IMAGE), "downloads", "ghcr.io/shop/api:1.2", {}).answer
    assert (found.verdict, found.detail) == (verdict, detail)
    assert asked[0] == "https://ghcr.io/v2/shop/api/manifests/1.2"


def test_registry_gives_an_anonymous_token(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def answer(url: str, headers: Mapping[str, str], method: str) -> Any:
        asked.append((method, url))
        if "/token" in url:
            return 200, {}, b'{"token": "anonymous"}'
        challenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/redis:pull"'
        return (200, {}, b"") if "Authorization" in headers else (401, {"WWW-Authenticate": challenge}, b"")

    monkeypatch.setattr(web, "_asked", answer)
    assert web.manifest("redis:8") == 200
    assert [method for method, _ in asked] == ["HEAD", "GET", "HEAD"]
    assert asked[0][1] == "https://registry-1.docker.io/v2/library/redis/manifests/8"
    assert "scope=repository%3Alibrary%2Fredis%3Apull" in asked[1][1]


@pytest.mark.parametrize(
    ("answer", "verdict", "detail"),
    [
        ({"imageDetails": [{}]}, "fine", "exists"),
        (refused("ImageNotFoundException"), "wrong", f"ECR does not have it in {NUMBER}, us-west-2"),
        (refused("RepositoryNotFoundException"), "wrong", f"ECR does not have it in {NUMBER}, us-west-2"),
        (refused("AccessDeniedException", "no"), "unknown", "not allowed (AccessDeniedException): no"),
    ],
)
def test_image_in_ecr_is_asked_of_aws(tmp_path: Path, answer: Any, verdict: str, detail: str) -> None:
    stack = subject(load(tmp_path, BASE).settings, tmp_path, ECR)
    found = ask(stack, "downloads", "shop/api:1.2", {"describe_images": answer}).answer
    assert (found.verdict, found.detail) == (verdict, detail)


@pytest.mark.parametrize(
    ("token", "status", "verdict", "detail"),
    [
        ("hf", 200, "fine", "can be downloaded"),
        ("hf", 403, "wrong", "the token of HF_TOKEN may not download it"),
        (None, 401, "wrong", "it is gated or private, and a token is needed"),
        (None, 404, "wrong", "the Hub does not have it"),
        (None, None, "unknown", "no answer of the Hub from here; its licence has to be accepted"),
        (None, 500, "unknown", "the Hub answers 500"),
    ],
)
def test_model_is_asked_of_the_hub(
    monkeypatch: pytest.MonkeyPatch, token: str | None, status: int | None, verdict: str, detail: str
) -> None:
    from aiplatform.doctor.checks.downloads import _model

    monkeypatch.setenv("HF_TOKEN", token) if token else monkeypatch.delenv("HF_TOKEN", raising=False)
    seen: list[Mapping[str, str]] = []
    monkeypatch.setattr(web, "status", lambda _, headers: seen.append(headers) or status)
    found = _model("meta-llama/Llama-3.1-8B-Instruct", account({}))
    assert (found.verdict, found.detail) == (verdict, detail)
    assert seen == [{"Authorization": "Bearer hf"} if token else {}]


def test_stack_of_the_same_cluster_in_the_folder_is_wrong(tmp_path: Path) -> None:
    settings = load(tmp_path, BASE).settings
    (tmp_path / "Pulumi.other.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "Pulumi.apart.yaml").write_text(BASE.replace("name: shop", "name: apart"), encoding="utf-8")
    (tmp_path / "Pulumi.bad.yaml").write_text("config: [", encoding="utf-8")
    found = ask(subject(settings, tmp_path), "names", "stacks of this folder", {}).answer
    assert (found.verdict, found.detail) == ("wrong", "other makes the cluster shop-eks in us-west-2, too")
    (tmp_path / "Pulumi.other.yaml").unlink()
    assert ask(subject(settings, tmp_path), "names", "stacks of this folder", {}).answer.verdict == "fine"
