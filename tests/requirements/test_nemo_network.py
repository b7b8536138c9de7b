"""001: the network in Seoul, ingress, DNS names, and connections inside the VPC."""

from typing import Any

import pytest

from tests.requirements.conftest import planned
from tests.requirements.query import Planned

SUBNET, GROUP = "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"
NODES, BASTION = "nemo_EKS_kluster-node-sg", "nemo-bastion-sg"
PUBLIC = {"10.0.1.0/24": "ap-northeast-2a", "10.0.2.0/24": "ap-northeast-2b"}
PRIVATE = {"10.0.3.0/24": "ap-northeast-2a", "10.0.4.0/24": "ap-northeast-2b", "10.0.5.0/24": "ap-northeast-2c"}
EVERYWHERE = "0.0.0.0/0"


def subnet_ids(nemo: Planned) -> dict[str, str]:
    """The id of each subnet by its network."""
    return {one.inputs["cidrBlock"]: nemo.id(one) for one in nemo.all(SUBNET)}


def way_out(nemo: Planned, cidr: str) -> dict[str, Any]:
    """The route of a subnet to the internet."""
    table = nemo.one("aws:ec2/routeTableAssociation:RouteTableAssociation", subnetId=subnet_ids(nemo)[cidr])
    route = nemo.one("aws:ec2/route:Route", routeTableId=table.inputs["routeTableId"])
    return dict(route.inputs)


# --- VPC and subnets ---


@pytest.mark.requirement("001-net-01", "001-net-11", "001-wkl-01", "001-ops-11")
def test_vpc_in_seoul_has_the_cidr_and_dns(nemo: Planned) -> None:
    vpc = nemo.one("aws:ec2/vpc:Vpc").inputs
    assert vpc["cidrBlock"] == "10.0.0.0/16"
    assert (vpc["enableDnsSupport"], vpc["enableDnsHostnames"]) == (True, True)
    assert nemo.region == "ap-northeast-2"
    clouds = {one.type.partition(":")[0] for one in nemo.plan.resources}
    assert clouds == {"ai-platform", "aws", "eks", "kubernetes", "pulumi"}, "AWS alone, and nothing left elsewhere"


@pytest.mark.requirement("001-net-02", "001-net-04", "001-net-09")
def test_subnets_are_two_public_and_three_private_in_three_zones(nemo: Planned) -> None:
    zones = {one.inputs["cidrBlock"]: one.inputs["availabilityZone"] for one in nemo.all(SUBNET)}
    assert zones == {**PUBLIC, **PRIVATE}
    assert {way_out(nemo, cidr).get("gatewayId", "")[:4] for cidr in PUBLIC} == {"igw-"}
    assert {way_out(nemo, cidr).get("natGatewayId", "")[:4] for cidr in PRIVATE} == {"nat-"}


@pytest.mark.requirement("001-net-03")
def test_first_public_subnet_has_load_balancer_bastion_and_nat(
    nemo: Planned,
) -> None:
    ids = subnet_ids(nemo)
    balancer = nemo.one("aws:lb/loadBalancer:LoadBalancer", name="nemo-alb").inputs
    assert set(balancer["subnets"]) == {ids["10.0.1.0/24"], ids["10.0.2.0/24"]}
    assert nemo.one("aws:ec2/natGateway:NatGateway").inputs["subnetId"] == ids["10.0.1.0/24"]
    assert (
        nemo.one("aws:ec2/instance:Instance", keyName="keypair-kube-master", instanceType="t2.medium").inputs[
            "subnetId"
        ]
        == (ids["10.0.1.0/24"])
    )


@pytest.mark.requirement("001-net-05")
def test_internet_gateway_connects_the_public_subnets(nemo: Planned) -> None:
    gateway = nemo.one("aws:ec2/internetGateway:InternetGateway")
    assert gateway.inputs["vpcId"] == nemo.id(nemo.one("aws:ec2/vpc:Vpc"))
    for cidr in PUBLIC:
        route = way_out(nemo, cidr)
        assert (route["destinationCidrBlock"], route["gatewayId"]) == (EVERYWHERE, nemo.id(gateway))


@pytest.mark.requirement("001-net-06")
@pytest.mark.deviates("001-net-14")
def test_private_subnets_use_nat_and_an_s3_gateway_endpoint(nemo: Planned) -> None:
    gateway = nemo.one("aws:ec2/natGateway:NatGateway")
    for cidr in PRIVATE:
        route = way_out(nemo, cidr)
        assert (route["destinationCidrBlock"], route["natGatewayId"]) == (EVERYWHERE, nemo.id(gateway))
    endpoint = nemo.one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs
    assert (endpoint["serviceName"], endpoint["vpcEndpointType"]) == ("com.amazonaws.ap-northeast-2.s3", "Gateway")
    tables = {way_out(nemo, cidr)["routeTableId"] for cidr in (*PUBLIC, *PRIVATE)}
    assert set(endpoint["routeTableIds"]) == tables


@pytest.mark.requirement("001-net-07")
def test_nat_gateway_is_single_as_documented_and_per_zone_by_setting(nemo: Planned) -> None:
    assert len(nemo.all("aws:ec2/natGateway:NatGateway")) == 1
    third = [*({"cidr": cidr, "zone": zone} for cidr, zone in PUBLIC.items())]
    third.append({"cidr": "10.0.6.0/24", "zone": "ap-northeast-2c"})
    each = planned("nemo", "network.nat=perZone", f"network.subnets.public={third}")
    assert len(each.all("aws:ec2/natGateway:NatGateway")) == 3
    gateways = {way_out(each, cidr)["natGatewayId"] for cidr in PRIVATE}
    assert len(gateways) == 3, "each zone goes out by its own"
    # Zones a and b of the balancer reach pods in c: an ALB crosses zones unless a target group turns that off.
    assert (
        "loadBalancingCrossZoneEnabled"
        not in nemo.one("aws:lb/targetGroup:TargetGroup", name="nemo-production-backend").inputs
    )


@pytest.mark.requirement("001-net-08")
def test_second_public_subnet_has_the_ai_servers_behind_security_groups(nemo: Planned) -> None:
    there = subnet_ids(nemo)["10.0.2.0/24"]
    servers = [one for one in nemo.all("aws:ec2/instance:Instance") if one.inputs["subnetId"] == there]
    assert sorted(one.inputs["tags"]["Name"] for one in servers) == ["nemo-ai-dev", "nemo-ai-prod", "nemo-vllm"]
    for one in servers:
        group = nemo.tagged(GROUP, f"{one.inputs['tags']['Name']}-sg")
        assert one.inputs["vpcSecurityGroupIds"] == [nemo.id(group)]
        assert [end for *_, end in nemo.openings(group, "in") if end[0].isdigit()] == [], "no network gets in"


@pytest.mark.requirement("001-tag-01", "001-tag-02", "001-tag-03")
def test_subnets_have_the_role_tag_of_the_load_balancer_controller(nemo: Planned) -> None:
    for one in nemo.all(SUBNET):
        role, other = ("elb", "internal-elb") if one.inputs["cidrBlock"] in PUBLIC else ("internal-elb", "elb")
        assert one.inputs["tags"][f"kubernetes.io/role/{role}"] == "1"
        assert f"kubernetes.io/role/{other}" not in one.inputs["tags"]
        assert one.inputs["tags"]["kubernetes.io/cluster/nemo_EKS_kluster"] == "owned"


# --- the way in ---


@pytest.mark.requirement("001-dns-01", "001-dns-02")
def test_public_zone_of_the_domain_points_to_the_load_balancer(nemo: Planned) -> None:
    zone = nemo.one("aws:route53/zone:Zone", name="onurivit01.store")
    assert "vpcs" not in zone.inputs, "public"
    record = nemo.one("aws:route53/record:Record", name="onurivit01.store").inputs
    balancer = nemo.one("aws:lb/loadBalancer:LoadBalancer", name="nemo-alb")
    assert (record["type"], record["zoneId"]) == ("A", nemo.attribute(zone, "zoneId"))
    assert record["aliases"][0]["name"] == nemo.attribute(balancer, "dnsName")
    assert nemo.outputs["name_servers"] == nemo.attribute(zone, "nameServers")


@pytest.mark.requirement("001-tls-01")
def test_https_has_a_certificate_validated_by_the_zone_and_http_redirects(nemo: Planned) -> None:
    certificate = nemo.one("aws:acm/certificate:Certificate")
    assert (certificate.inputs["domainName"], certificate.inputs["validationMethod"]) == ("onurivit01.store", "DNS")
    balancer = nemo.one("aws:lb/loadBalancer:LoadBalancer", name="nemo-alb")
    arn = nemo.attribute(balancer, "arn")
    https = nemo.one("aws:lb/listener:Listener", loadBalancerArn=arn, port=443).inputs
    assert (https["protocol"], https["certificateArn"]) == ("HTTPS", nemo.attribute(certificate, "arn"))
    http = nemo.one("aws:lb/listener:Listener", loadBalancerArn=arn, port=80).inputs
    assert http["defaultActions"][0]["redirect"] == {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}


@pytest.mark.requirement("001-ing-01", "001-scy-04")
def test_requests_reach_pods_through_load_balancer_and_service(nemo: Planned) -> None:
    balancer = nemo.tagged(GROUP, "nemo-alb-sg")
    assert nemo.openings(balancer, "in") == {("tcp", 443, 443, EVERYWHERE), ("tcp", 80, 80, EVERYWHERE)}
    for name, port, path in (("frontend", 3000, None), ("backend", 8080, ["/api", "/api/*"])):
        target = nemo.one("aws:lb/targetGroup:TargetGroup", name=f"nemo-production-{name}")
        assert (target.inputs["targetType"], target.inputs["port"]) == ("ip", port)
        binding = nemo.manifest("TargetGroupBinding", name, "production")["spec"]
        assert binding["serviceRef"] == {"name": name, "port": port}
        assert binding["targetGroupARN"] == nemo.attribute(target, "arn")
        service = nemo.manifest("Service", name, "production")["spec"]
        pods = nemo.manifest("Deployment", name, "production")["spec"]["template"]["metadata"]["labels"]
        assert service["selector"].items() <= pods.items()
        (rule,) = (
            one.inputs
            for one in nemo.all("aws:lb/listenerRule:ListenerRule")
            if one.inputs["actions"][0]["targetGroupArn"] == nemo.attribute(target, "arn")
        )
        hosts, paths = (
            [one[key]["values"] for one in rule["conditions"] if key in one] for key in ("hostHeader", "pathPattern")
        )
        assert (hosts, paths) == ([["onurivit01.store"]], [path] if path else [])


# --- inside of the VPC ---


@pytest.mark.deviates("001-scy-08")
def test_nodes_allow_groups_of_the_vpc_and_never_the_internet(nemo: Planned) -> None:
    nodes = nemo.tagged(GROUP, NODES)
    assert nemo.openings(nodes, "in") == {
        ("-1", None, None, NODES),
        ("tcp", 1025, 65535, "nemo_EKS_kluster-cluster-sg"),
        ("tcp", 22, 22, BASTION),
        # HTTPS and the applications' own ports, from the load balancer alone.
        ("tcp", 443, 443, "nemo-alb-sg"),
        ("tcp", 3000, 3000, "nemo-alb-sg"),
        ("tcp", 8080, 8080, "nemo-alb-sg"),
        # The range of node ports, for the two servers that speak to Kafka.
        ("tcp", 30000, 32767, "nemo-ai-prod-sg"),
        ("tcp", 30000, 32767, "nemo-ai-dev-sg"),
        ("tcp", 9094, 9094, "nemo-kafka-sg"),
    }
    assert nemo.openings(nodes, "out") == {("-1", None, None, EVERYWHERE)}


@pytest.mark.requirement("001-scy-05", "001-net-16")
def test_ssh_is_allowed_from_the_bastion_to_nodes_and_servers_only(nemo: Planned) -> None:
    ssh = {
        (group.inputs["tags"]["Name"], end)
        for group in nemo.all(GROUP)
        for _, first, last, end in nemo.openings(group, "in")
        if first is not None and last is not None and first <= 22 <= last
    }
    assert ssh == {
        (NODES, BASTION),
        ("nemo-vllm-sg", BASTION),
        ("nemo-ai-prod-sg", BASTION),
        ("nemo-ai-dev-sg", BASTION),
        (BASTION, "203.0.113.0/24"),
    }


@pytest.mark.requirement("001-net-10", "001-net-13", "001-scy-06")
def test_pods_reach_the_ai_servers_by_private_names_and_ports(
    nemo: Planned,
) -> None:
    openings = {
        name: {(first, end) for _, first, _, end in nemo.openings(nemo.tagged(GROUP, f"nemo-{name}-sg"), "in")}
        for name in ("vllm", "ai-prod", "ai-dev")
    }
    assert openings == {
        "vllm": {(22, BASTION), (8002, NODES), (8002, "nemo-ai-prod-sg"), (8002, "nemo-ai-dev-sg")},
        "ai-prod": {(22, BASTION), (8000, NODES)},
        "ai-dev": {(22, BASTION), (8001, NODES)},
    }
    zone = nemo.one("aws:route53/zone:Zone", name="nemo.internal")
    assert zone.inputs["vpcs"] == [{"vpcId": nemo.id(nemo.one("aws:ec2/vpc:Vpc"))}]
    for name in openings:
        instance = nemo.tagged("aws:ec2/instance:Instance", f"nemo-{name}")
        record = nemo.one("aws:route53/record:Record", name=f"{name}.nemo.internal").inputs
        assert record["records"] == [nemo.attribute(instance, "privateIp")]
    policy = nemo.manifest("NetworkPolicy", "deny-to-other-environments", "production")["spec"]
    to_servers = [
        {port["port"] for port in rule["ports"]}
        for rule in policy["egress"]
        if rule["to"] == [{"ipBlock": {"cidr": "10.0.2.0/24"}}]
    ]
    assert to_servers == [{8002}, {8000}, {8001}]


@pytest.mark.requirement("001-net-12")
def test_backend_reaches_the_database_inside_the_vpc(nemo: Planned) -> None:
    policy = nemo.manifest("NetworkPolicy", "deny-to-other-environments", "production")["spec"]
    (rule,) = [one for one in policy["egress"] if {"protocol": "TCP", "port": 3306} in one.get("ports", ())]
    assert {peer["ipBlock"]["cidr"] for peer in rule["to"]} == set(PRIVATE)
    database = nemo.one("aws:rds/instance:Instance")
    data = nemo.manifest("ConfigMap", "connections", "production")["data"]
    assert data["MAIN_DATABASE_HOST"] == nemo.attribute(database, "address")


@pytest.mark.deviates("001-net-15")
def test_ai_servers_pull_images_over_the_internet_gateway(nemo: Planned) -> None:
    route = way_out(nemo, "10.0.2.0/24")
    assert route["gatewayId"] == nemo.id(nemo.one("aws:ec2/internetGateway:InternetGateway"))
    for name in ("vllm", "ai-prod", "ai-dev"):
        instance = nemo.tagged("aws:ec2/instance:Instance", f"nemo-{name}").inputs
        assert instance["associatePublicIpAddress"] is True
        assert ("tcp", 443, 443, EVERYWHERE) in nemo.openings(nemo.tagged(GROUP, f"nemo-{name}-sg"), "out")
