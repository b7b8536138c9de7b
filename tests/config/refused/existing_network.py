"""An existing VPC that EKS rejects, or that the stack file describes in part."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

EXISTING = """\
    vpcId: vpc-0a1b2c3d4e5f60718
    cidr: 10.0.0.0/16
    subnets:
      public:
        - {id: subnet-0a00000000000000a, cidr: 10.0.0.0/24, zone: us-west-2a, route: internetGateway}
        - {id: subnet-0a00000000000000b, cidr: 10.0.1.0/24, zone: us-west-2b, route: internetGateway}
      private:
        - {id: subnet-0b00000000000000a, cidr: 10.0.8.0/22, zone: us-west-2a, route: natGateway}
        - {id: subnet-0b00000000000000b, cidr: 10.0.12.0/22, zone: us-west-2b, route: natGateway}
"""
_MADE = "    cidr: 10.0.0.0/16\n    zones: [us-west-2a, us-west-2b]\n"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"
_VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
_SUBNET = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"
_GATEWAY = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
_LINK = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"


def existing(*edits: tuple[str, str]) -> str:
    """The section of an existing VPC with each text replaced."""
    text = EXISTING
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the section"
        text = text.replace(old, new)
    return text


def case(source: str, edits: tuple[tuple[str, str], ...], *lines: str) -> Case:
    """A case of the section."""
    return Case(((_MADE, existing(*edits)),), lines, source)


_PRIVATE_B = "        - {id: subnet-0b00000000000000b, cidr: 10.0.12.0/22, zone: us-west-2b, route: natGateway}\n"
_CIDR = "    cidr: 10.0.0.0/16\n"

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "an existing VPC without anything about it": Case(
        ((_MADE, "    vpcId: vpc-0a1b2c3d4e5f60718\n"),),
        ("6: network.cidr: is missing; `aiplatform adopt vpc vpc-0a1b2c3d4e5f60718 --stack STACK` writes it",),
        _EKS,
    ),
    "an existing VPC without subnets": Case(
        ((_MADE, "    vpcId: vpc-0a1b2c3d4e5f60718\n    cidr: 10.0.0.0/16\n"),),
        (
            "6: network.subnets: is missing: the VPC of vpcId has subnets already; `aiplatform adopt vpc vpc-0a1b2c3d4e5f60718 --stack STACK` writes them",
        ),
        _EKS,
    ),
    "an existing VPC with settings of one that is created": Case(
        (
            (
                _MADE,
                "    vpcId: vpc-0a1b2c3d4e5f60718\n    cidr: 10.0.0.0/16\n    zones: [us-west-2a, us-west-2b]\n    dataSubnets: true\n",
            ),
        ),
        (
            "6: network.subnets: is missing: the VPC of vpcId has subnets already; `aiplatform adopt vpc vpc-0a1b2c3d4e5f60718 --stack STACK` writes them",
            "9: network.zones: has no effect on the existing VPC of network.vpcId; remove it",
            "10: network.dataSubnets: has no effect on the existing VPC of network.vpcId; remove it",
        ),
        _EKS,
    ),
    "NAT gateways and network ACLs of an existing VPC": case(
        _EKS,
        ((_CIDR, f"{_CIDR}    nat: single\n    networkAcls: {{}}\n"),),
        "9: network.nat: has no effect on the existing VPC of network.vpcId; remove it",
        "10: network.networkAcls: has no effect on the existing VPC of network.vpcId; remove it",
    ),
    "a name for an existing subnet": case(
        _SUBNET,
        (("zone: us-west-2a, route: natGateway", "zone: us-west-2a, name: nodes"),),
        "14: network.subnets.private[0].name: has no effect on an existing subnet of network.vpcId; remove it",
    ),
    "one existing subnet": case(
        _EKS,
        ((_PRIVATE_B, ""),),
        "13: network.subnets.private: covers only us-west-2a; EKS and RDS require two zones",
    ),
    "two existing subnets in one zone": case(
        _EKS,
        (("10.0.12.0/22, zone: us-west-2b", "10.0.12.0/22, zone: us-west-2a"),),
        "13: network.subnets.private: covers only us-west-2a; EKS and RDS require two zones",
    ),
    "no private subnets in an existing VPC": case(
        _EKS,
        ((EXISTING[EXISTING.index("      private:") :], "      private: []\n"),),
        "13: network.subnets.private: has 0 items; the minimum is 1",
    ),
    "an existing subnet in another region": case(
        _SUBNET,
        (("zone: us-west-2b, route: natGateway", "zone: eu-central-1b, route: natGateway"),),
        "15: network.subnets.private[1].zone: eu-central-1b is not a zone of us-west-2; use us-west-2b, or change project.region",
    ),
    "an existing subnet outside the VPC": case(
        _SUBNET,
        (("10.0.12.0/22", "100.64.12.0/22"),),
        "15: network.subnets.private[1].cidr: 100.64.12.0/22 is outside the VPC's 10.0.0.0/16; choose a network inside it",
    ),
    "existing subnets that overlap": case(
        _SUBNET,
        (("10.0.12.0/22", "10.0.8.0/23"),),
        "15: network.subnets.private[1].cidr: 10.0.8.0/23 overlaps 10.0.8.0/22 of private[0]; choose a free network",
    ),
    "an existing subnet in two tiers": case(
        _SUBNET,
        (("id: subnet-0b00000000000000a, cidr: 10.0.8.0/22", "id: subnet-0a00000000000000a, cidr: 10.0.8.0/22"),),
        "14: network.subnets.private[0].id: subnet-0a00000000000000a is public[0] already; remove one of them",
    ),
    "an existing subnet without an ID": case(
        _SUBNET,
        (("id: subnet-0b00000000000000a, ", ""),),
        "14: network.subnets.private[0].id: is missing: with network.vpcId no subnet is created; `aws ec2 describe-subnets` shows it",
    ),
    "an existing subnet that is too small": case(
        _SUBNET,
        (("10.0.12.0/22", "10.0.12.0/29"),),
        "15: network.subnets.private[1].cidr: 10.0.12.0/29 is too small for a subnet; use a /28 or larger",
    ),
    "IDs of subnets without their VPC": case(
        _SUBNET,
        (("    vpcId: vpc-0a1b2c3d4e5f60718\n", ""),),
        "6: network.vpcId: is missing: the subnets have IDs; set the ID of their VPC, or remove the IDs",
    ),
    "an ID of something else than a VPC": case(
        _VPC,
        (("vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60718"),),
        "7: network.vpcId: 'subnet-0a1b2c3d4e5f60718' is not a VPC ID; write it like vpc-0a1b2c3d4e5f67890",
    ),
    "facts of an existing VPC for one that is created": Case(
        ((_MADE, f"{_MADE}    secondaryCidrs: [100.64.0.0/16]\n    endpoints: {{existing: [s3]}}\n"),),
        (
            "9: network.secondaryCidrs: has no effect without network.vpcId; set vpcId, or remove it",
            "10: network.endpoints.existing: has no effect without network.vpcId; set vpcId, or remove it",
        ),
        _VPC,
    ),
    "another network of the VPC that overlaps": case(
        _VPC,
        ((_CIDR, f"{_CIDR}    secondaryCidrs: [10.0.128.0/17]\n"),),
        "9: network.secondaryCidrs[0]: 10.0.128.0/17 overlaps 10.0.0.0/16 of the same VPC; remove one of them",
    ),
    "an existing VPC without DNS": case(
        _EKS,
        ((_CIDR, f"{_CIDR}    dnsSupport: false\n    dnsHostnames: false\n"),),
        "9: network.dnsSupport: is off in vpc-0a1b2c3d4e5f60718: nodes would not join the cluster; run `aws ec2 modify-vpc-attribute --vpc-id vpc-0a1b2c3d4e5f60718 --enable-dns-support`, then set true",
        "10: network.dnsHostnames: is off in vpc-0a1b2c3d4e5f60718: nodes would not join the cluster; run `aws ec2 modify-vpc-attribute --vpc-id vpc-0a1b2c3d4e5f60718 --enable-dns-hostnames`, then set true",
    ),
    "nodes behind an internet gateway": case(
        _GATEWAY,
        (("zone: us-west-2a, route: natGateway", "zone: us-west-2a, route: internetGateway"),),
        "14: network.subnets.private[0].route: is an internet gateway, which nodes without public addresses cannot use: they would not join the cluster; list the subnet in network.subnets.public, and use one behind a NAT gateway",
    ),
    "load balancers behind a NAT gateway": case(
        _GATEWAY,
        (("zone: us-west-2a, route: internetGateway", "zone: us-west-2a, route: natGateway"),),
        "11: network.subnets.public[0].route: is a NAT gateway: clients on the internet do not reach it; list the subnet in network.subnets.private or data",
    ),
    "one subnet of nodes without a route": case(
        _EKS,
        (("zone: us-west-2a, route: natGateway", "zone: us-west-2a, route: none"),),
        "14: network.subnets.private[0].route: is none, while other private subnets have a default route: nodes in it reach no registry and would not join the cluster; list the subnet in network.subnets.data, or remove it",
    ),
    "an endpoint that the VPC has": case(
        _LINK,
        ((_CIDR, f"{_CIDR}    endpoints: {{existing: [sts], interface: [sts]}}\n"),),
        "9: network.endpoints.interface[0]: sts has an endpoint in vpc-0a1b2c3d4e5f60718 already; remove it",
    ),
    "a gateway endpoint without route tables": case(
        _LINK,
        ((_CIDR, f"{_CIDR}    endpoints: {{gateway: [s3]}}\n"),),
        "15: network.subnets.private[0].routeTableId: is missing: a gateway endpoint is a route of it; set it, or remove network.endpoints.gateway",
        "16: network.subnets.private[1].routeTableId: is missing: a gateway endpoint is a route of it; set it, or remove network.endpoints.gateway",
    ),
    "a cluster tag that is not set": case(
        _EKS,
        ((_CIDR, f"{_CIDR}    tagSubnets: false\n    clusterTag: owned\n"),),
        "10: network.clusterTag: has no effect with tagSubnets: false; remove one of them",
    ),
    "Services in another network of the VPC": Case(
        (
            (_MADE, existing((_CIDR, f"{_CIDR}    secondaryCidrs: [172.20.0.0/16]\n"))),
            ("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 172.20.0.0/16\n"),
        ),
        ("19: cluster.serviceCidr: 172.20.0.0/16 overlaps the VPC's 172.20.0.0/16; choose another network",),
        _EKS,
    ),
}
# fmt: on
