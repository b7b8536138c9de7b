"""004: network, security groups, network ACLs and ingress of the stack openwebui."""

import ipaddress

import pytest

from config.loader import load_file
from config.rules.network_acls import answers
from config.rules.stack import Stack
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

ZONE_A, ZONE_B = "ap-northeast-2a", "ap-northeast-2c"
SUBNET, NAT, ROUTE = "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway", "aws:ec2/route:Route"
TABLE, JOINED = "aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"
GROUP, TEMPLATE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/launchTemplate:LaunchTemplate"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
BALANCER, LISTENER = "aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener"
TARGETS, BINDING = "aws:lb/targetGroup:TargetGroup", "TargetGroupBinding"
ANYWHERE = "0.0.0.0/0"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "openwebui", today=TODAY).settings


def subnet(plan: Planned, cidr: str) -> str:
    """The id of a subnet."""
    return plan.id(plan.one(SUBNET, cidrBlock=cidr))


def group(plan: Planned, name: str) -> str:
    """The id of a security group by its exact name."""
    return plan.id(plan.one(GROUP, name=name))


def rules(plan: Planned, kind: str, group_id: str) -> set[tuple[str, int | None, int | None, str]]:
    """Protocol, ports and the other side of each rule of a group, by name where it is one of ours."""
    names = {plan.id(one): one.inputs["name"] for one in plan.all(GROUP) if "name" in one.inputs}
    return {
        (
            rule.inputs["ipProtocol"],
            rule.inputs.get("fromPort"),
            rule.inputs.get("toPort"),
            rule.inputs.get("cidrIpv4") or names[rule.inputs["referencedSecurityGroupId"]],
        )
        for rule in plan.all(kind, securityGroupId=group_id)
    }


# --- the VPC ---


@pytest.mark.requirement("004-net-01", "004-net-03", "004-net-04")
def test_vpc_in_seoul_has_dns_names_and_two_subnets_of_each_kind(openwebui: Planned) -> None:
    assert openwebui.region == "ap-northeast-2"
    vpc = openwebui.one("aws:ec2/vpc:Vpc").inputs
    assert (vpc["cidrBlock"], vpc["enableDnsSupport"], vpc["enableDnsHostnames"]) == ("10.0.0.0/16", True, True)
    kinds = [
        ("elb" if "kubernetes.io/role/elb" in one.inputs["tags"] else "internal-elb", one.inputs["availabilityZone"])
        for one in openwebui.all(SUBNET)
    ]
    assert sorted(kinds) == sorted((kind, zone) for kind in ("elb", "internal-elb") for zone in (ZONE_A, ZONE_B))
    control_plane = openwebui.one("eks:index:Cluster").inputs
    assert len(set(control_plane["privateSubnetIds"])) == 2, "managed by AWS, with addresses in both zones"


@pytest.mark.requirement("004-net-05", "004-net-06", "004-net-07")
@pytest.mark.parametrize(
    ("cidr", "zone", "name"),
    [
        ("10.0.1.0/24", ZONE_A, "openwebui-public-subnet-dev-a"),
        ("10.0.2.0/24", ZONE_B, "openwebui-public-subnet-dev-b"),
        ("10.0.10.0/24", ZONE_A, "openwebui-private-subnet-dev-a"),
        ("10.0.20.0/24", ZONE_B, "openwebui-private-subnet-dev-b"),
    ],
)
def test_each_subnet_has_its_cidr_zone_and_name(openwebui: Planned, cidr: str, zone: str, name: str) -> None:
    found = openwebui.one(SUBNET, cidrBlock=cidr).inputs
    assert (found["availabilityZone"], found["tags"]["Name"]) == (zone, name)
    assert found["mapPublicIpOnLaunch"] is False


@pytest.mark.requirement("004-ver-03")
@pytest.mark.deviates("004-ver-02")
def test_subnets_are_in_the_vpc_without_overlap_and_their_cidrs_are_settings(openwebui: Planned) -> None:
    # Whether another VPC has these addresses, no program of one stack knows: 10.0.0.0/16 is a setting.
    vpc = ipaddress.ip_network(openwebui.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"])
    networks = [ipaddress.ip_network(one.inputs["cidrBlock"]) for one in openwebui.all(SUBNET)]
    assert [one for one in networks if not one.subnet_of(vpc)] == []
    assert sum(one.num_addresses for one in ipaddress.collapse_addresses(networks)) == 4 * 256
    moved = planned("openwebui", "network.cidr=10.0.0.0/17")
    assert moved.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == "10.0.0.0/17"


@pytest.mark.requirement("004-net-02", "004-net-08")
def test_public_subnets_share_a_route_table_to_the_internet_gateway(openwebui: Planned) -> None:
    gateway = openwebui.one("aws:ec2/internetGateway:InternetGateway")
    assert gateway.inputs["vpcId"] == openwebui.id(openwebui.one("aws:ec2/vpc:Vpc"))
    route = openwebui.one(ROUTE, gatewayId=openwebui.id(gateway)).inputs
    assert route["destinationCidrBlock"] == ANYWHERE
    joined = {one.inputs["subnetId"] for one in openwebui.all(JOINED, routeTableId=route["routeTableId"])}
    assert joined == {subnet(openwebui, "10.0.1.0/24"), subnet(openwebui, "10.0.2.0/24")}


@pytest.mark.requirement("004-net-09", "004-ver-04", "004-ver-05")
def test_private_subnet_uses_the_nat_gateway_of_its_zone(openwebui: Planned) -> None:
    pairs = {"10.0.10.0/24": "10.0.1.0/24", "10.0.20.0/24": "10.0.2.0/24"}
    tables = set()
    for private, public in pairs.items():
        table = openwebui.one(JOINED, subnetId=subnet(openwebui, private)).inputs["routeTableId"]
        route = openwebui.one(ROUTE, routeTableId=table).inputs
        assert route["destinationCidrBlock"] == ANYWHERE
        gateway = openwebui.one(NAT, subnetId=subnet(openwebui, public))
        assert route["natGatewayId"] == openwebui.id(gateway)
        tables.add(table)
    assert len(tables) == len(openwebui.all(NAT)) == 2


@pytest.mark.requirement("004-net-14")
def test_single_nat_gateway_is_a_setting_for_all_private_subnets() -> None:
    plan = planned("openwebui", "network.nat=single")
    gateway = plan.one(NAT)
    through = {route.inputs["routeTableId"] for route in plan.all(ROUTE, natGatewayId=plan.id(gateway))}
    private = {subnet(plan, cidr) for cidr in ("10.0.10.0/24", "10.0.20.0/24")}
    assert {plan.one(JOINED, subnetId=one).inputs["routeTableId"] for one in private} == through


@pytest.mark.requirement("004-tag-03")
def test_subnets_have_the_tags_of_load_balancers(openwebui: Planned) -> None:
    public = [openwebui.one(SUBNET, cidrBlock=cidr).inputs["tags"] for cidr in ("10.0.1.0/24", "10.0.2.0/24")]
    private = [openwebui.one(SUBNET, cidrBlock=cidr).inputs["tags"] for cidr in ("10.0.10.0/24", "10.0.20.0/24")]
    assert [tags.get("kubernetes.io/role/elb") for tags in (*public, *private)] == ["1", "1", None, None]
    assert [tags.get("kubernetes.io/role/internal-elb") for tags in (*public, *private)] == [None, None, "1", "1"]


@pytest.mark.requirement("004-obs-02")
def test_flow_logs_have_all_traffic_per_minute_for_thirty_days(
    openwebui: Planned,
) -> None:
    log = openwebui.one("aws:ec2/flowLog:FlowLog").inputs
    assert (log["trafficType"], log["maxAggregationInterval"], log["logDestinationType"]) == (
        "ALL",
        60,
        "cloud-watch-logs",
    )
    kept = openwebui.one("aws:cloudwatch/logGroup:LogGroup", name="/aws/vpc/flowlogs").inputs
    assert kept["retentionInDays"] == 30
    (statement,) = openwebui.statements("openwebui-vpc-dev-flow-logs")
    assert {resource.rpartition("log-group:")[2] for resource in statement["Resource"]} == {
        "/aws/vpc/flowlogs",
        "/aws/vpc/flowlogs:*",
    }


# --- security groups ---


@pytest.mark.requirement("004-scy-01", "004-scy-02")
def test_control_plane_group_allows_443_from_nodes_and_any_egress(openwebui: Planned) -> None:
    plane = group(openwebui, "openwebui-eks-control-plane-sg")
    assert rules(openwebui, IN, plane) == {("tcp", 443, 443, "openwebui-eks-worker-sg")}
    assert rules(openwebui, OUT, plane) == {("-1", None, None, ANYWHERE)}
    assert openwebui.one("eks:index:Cluster").inputs["clusterSecurityGroup"]["id"] == plane


@pytest.mark.requirement("004-scy-03", "004-scy-04", "004-scy-05", "004-scy-06", "004-scy-07", "004-ver-06")
def test_worker_group_has_the_inbound_rules_of_the_design(openwebui: Planned) -> None:
    workers = group(openwebui, "openwebui-eks-worker-sg")
    assert rules(openwebui, IN, workers) == {
        ("-1", None, None, "openwebui-eks-worker-sg"),
        ("tcp", 1025, 65535, "openwebui-eks-control-plane-sg"),
        ("tcp", 80, 80, "openwebui-alb-sg"),
        ("tcp", 30000, 32767, "openwebui-alb-sg"),
    }
    assert rules(openwebui, OUT, workers) == {("-1", None, None, ANYWHERE)}


@pytest.mark.requirement("004-scy-08")
def test_launch_templates_have_the_worker_group_and_that_of_the_cluster(openwebui: Planned) -> None:
    workers = group(openwebui, "openwebui-eks-worker-sg")
    ours = {openwebui.id(one) for one in openwebui.all(GROUP)}
    templates = openwebui.all(TEMPLATE)
    assert len(templates) == len(openwebui.all("eks:index:ManagedNodeGroup")) == 2
    for template in templates:
        first, second = template.inputs["vpcSecurityGroupIds"]
        assert first == workers
        assert second not in ours, "the one that EKS makes"
    # Controllers look for the one group with this tag, and EKS's own has it.
    tag = "kubernetes.io/cluster/openwebui-eks-dev"
    assert [one.name for one in openwebui.all(GROUP) if tag in one.inputs["tags"]] == []


@pytest.mark.requirement("004-scy-10", "004-scy-11")
def test_load_balancer_group_allows_http_and_https_and_egress_to_workers(openwebui: Planned) -> None:
    balancer = group(openwebui, "openwebui-alb-sg")
    assert rules(openwebui, IN, balancer) == {("tcp", 80, 80, ANYWHERE), ("tcp", 443, 443, ANYWHERE)}
    assert rules(openwebui, OUT, balancer) == {
        ("tcp", 80, 80, "openwebui-eks-worker-sg"),
        ("tcp", 30000, 32767, "openwebui-eks-worker-sg"),
    }


@pytest.mark.requirement("004-scy-09")
def test_requests_reach_pods_by_node_ports(openwebui: Planned) -> None:
    # Pod ports are closed.
    assert openwebui.one(TARGETS).inputs["targetType"] == "instance"
    (binding,) = openwebui.manifests(BINDING)
    assert binding["spec"]["targetType"] == "instance"
    service = openwebui.manifest("Service", binding["spec"]["serviceRef"]["name"], "open-webui")["spec"]
    assert (service["type"], service["externalTrafficPolicy"]) == ("NodePort", "Local")
    assert [port["targetPort"] for port in service["ports"]] == [8080]
    # Kubernetes chooses the port within its range, which the group of the nodes has open.
    assert "nodePort" not in service["ports"][0]


@pytest.mark.requirement("004-ver-06", "004-ver-08")
def test_only_the_load_balancer_is_public_and_nodes_have_no_public_address(
    openwebui: Planned,
) -> None:
    balancer = group(openwebui, "openwebui-alb-sg")
    assert {rule.inputs["securityGroupId"] for rule in openwebui.all(IN, cidrIpv4=ANYWHERE)} == {balancer}
    public = {subnet(openwebui, "10.0.1.0/24"), subnet(openwebui, "10.0.2.0/24")}
    for nodes in openwebui.all("eks:index:ManagedNodeGroup"):
        assert set(nodes.inputs["subnetIds"]) & public == set()
    assert openwebui.one("aws:rds/instance:Instance").inputs["publiclyAccessible"] is False
    assert [one.name for one in openwebui.all(IN) if one.inputs.get("fromPort") == 22] == []


# --- the way in ---


@pytest.mark.requirement("004-net-02", "004-ing-01")
def test_load_balancer_is_in_both_public_subnets(openwebui: Planned) -> None:
    balancer = openwebui.one(BALANCER).inputs
    assert (balancer["name"], balancer["internal"]) == ("openwebui-alb-dev", False)
    assert set(balancer["subnets"]) == {subnet(openwebui, "10.0.1.0/24"), subnet(openwebui, "10.0.2.0/24")}


@pytest.mark.requirement("004-tls-01")
def test_logins_use_https_with_a_certificate_and_80_redirects(openwebui: Planned, settings: Settings) -> None:
    assert openwebui.one("aws:acm/certificate:Certificate").inputs["domainName"] == settings.ingress.domain
    https = openwebui.one(LISTENER, port=443).inputs
    assert (https["protocol"], https["sslPolicy"][:25]) == ("HTTPS", "ELBSecurityPolicy-TLS13-1")
    (action,) = openwebui.one(LISTENER, port=80).inputs["defaultActions"]
    assert action["redirect"] == {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}
    record = openwebui.one("aws:route53/record:Record", type="A").inputs
    assert record["name"] == "openwebui.example.com"
    assert openwebui.outputs["open_webui_url"] == "https://openwebui.example.com/"


# --- network ACLs ---


def acl(plan: Planned, tier: str, *, egress: bool) -> set[tuple[str, str, int | None, int | None]]:
    """Protocol, network and ports of what an ACL allows."""
    own = plan.id(plan.tagged("aws:ec2/networkAcl:NetworkAcl", f"openwebui-vpc-dev-{tier}-acl"))
    found = plan.all("aws:ec2/networkAclRule:NetworkAclRule", networkAclId=own, egress=egress)
    assert {rule.inputs["ruleAction"] for rule in found} == {"allow"}
    return {
        (one["protocol"], one["cidrBlock"], one.get("fromPort"), one.get("toPort"))
        for one in (rule.inputs for rule in found)
    }


@pytest.mark.requirement("004-net-13")
@pytest.mark.deviates("004-net-10")
def test_public_acl_allows_web_vpc_and_return_traffic_and_no_ssh(openwebui: Planned) -> None:
    assert acl(openwebui, "public", egress=False) == {
        ("tcp", ANYWHERE, 80, 80),
        ("tcp", ANYWHERE, 443, 443),
        ("-1", "10.0.0.0/16", None, None),
        ("tcp", ANYWHERE, 1024, 65535),
        ("udp", ANYWHERE, 1024, 65535),
    }
    assert acl(openwebui, "public", egress=True) == {("-1", ANYWHERE, None, None)}


@pytest.mark.requirement("004-net-11", "004-net-12")
def test_private_acl_allows_the_vpc_and_return_traffic(openwebui: Planned) -> None:
    assert acl(openwebui, "private", egress=False) == {
        ("-1", "10.0.0.0/16", None, None),
        ("tcp", ANYWHERE, 1024, 65535),
        ("udp", ANYWHERE, 1024, 65535),
    }
    assert acl(openwebui, "private", egress=True) == {("-1", ANYWHERE, None, None)}


@pytest.mark.requirement("004-net-12", "004-net-13")
def test_acls_of_the_document_warn_of_dropped_return_traffic(settings: Settings) -> None:
    everything = [{"number": 100, "protocol": "all", "cidr": ANYWHERE}]
    web = [{"number": port, "cidr": ANYWHERE, "fromPort": port, "toPort": port} for port in (80, 443)]
    document = {
        "public": {"ingress": web, "egress": everything},
        "private": {"ingress": [{"number": 100, "protocol": "all", "cidr": "10.0.0.0/16"}], "egress": everything},
    }
    changed = load_file(STACK_FILES, "openwebui", today=TODAY, changes={("network", "networkAcls"): document})
    told = [line for line in changed.warnings if "networkAcls" in line]
    assert len(told) == 5
    assert sum("allow tcp 1024-65535 from 0.0.0.0/0" in line for line in told) == 2
    assert list(answers(Stack(settings, {}, {}, TODAY))) == []


def test_each_acl_is_associated_with_the_subnets_of_its_tier(openwebui: Planned) -> None:
    for tier, cidrs in (("public", ("10.0.1.0/24", "10.0.2.0/24")), ("private", ("10.0.10.0/24", "10.0.20.0/24"))):
        found = openwebui.tagged("aws:ec2/networkAcl:NetworkAcl", f"openwebui-vpc-dev-{tier}-acl").inputs
        assert set(found["subnetIds"]) == {subnet(openwebui, cidr) for cidr in cidrs}
