"""Outputs of AWS networks, load balancers, DNS and certificates."""

from collections.abc import Mapping
from typing import Any

from catalog.aws.aws_type import PART, AwsType, Fields, Json, Keeps, Price, fingerprint, named, regional, text

VPC = "rules, routes and subnets are free: https://aws.amazon.com/vpc/pricing/"


def _ec2(prefix: str, kind: str, outputs: Mapping[str, Json] | None = None, **known: Any) -> AwsType:  # noqa: ANN401
    outputs = {"ownerId": "{account}", **(outputs or {})}
    return AwsType(prefix + "-{hex:.17}", regional("ec2", kind + "/{id}"), outputs, **known)


def _association(prefix: str, **known: Any) -> AwsType:  # noqa: ANN401
    return AwsType(prefix + "-{hex:.17}", None, **known)


def _elastic_address(fields: Fields) -> Mapping[str, Json]:
    # RFC 5737 reserves 203.0.113.0/24 for documentation, so that no real address is shown.
    address = f"203.0.113.{int(fields['hex'][:4], 16) % 254 + 1}"
    zone = "compute-1" if fields["region"] == "us-east-1" else f"{fields['region']}.compute"
    return {"publicIp": address, "publicDns": f"ec2-{address.replace('.', '-')}.{zone}.{fields['suffix']}"}


def _private_address(fields: Fields) -> Mapping[str, Json]:
    return {"privateIp": f"10.0.{int(fields['hex'][:2], 16)}.{int(fields['hex'][2:4], 16) % 250 + 4}"}


def _balancer(fields: Fields) -> Mapping[str, Json]:
    kind = {"network": "net", "gateway": "gwy"}.get(text(fields.inputs, "loadBalancerType", ""), "app")
    internal = "internal-" if fields.inputs.get("internal") is True and kind == "app" else ""
    region, suffix = fields["region"], fields["suffix"]
    path = f"{kind}/{fields['name']}/{fields['hex'][:16]}"
    # A Network Load Balancer has `elb` before the region, an Application Load Balancer after it.
    host = (
        f"{fields['name']}-{fields['hex'][:16]}.elb.{region}"
        if kind == "net"
        else (f"{internal}{fields['name']}-{fields['digits'][:10]}.{region}.elb")
    )
    arn = f"{_balancing(fields)}:loadbalancer/{path}"
    return {
        "id": arn,
        "arn": arn,
        "arnSuffix": path,
        "dnsName": f"{host}.{suffix}",
        "zoneId": "Z" + fields["HEX"][:13],
    }


def _listener(fields: Fields) -> Mapping[str, Json]:
    balancer = text(fields.inputs, "loadBalancerArn", "").partition(":loadbalancer/")[2] or f"app/{fields['name']}"
    arn = f"{_balancing(fields)}:listener/{balancer}/{fields['hex'][:16]}"
    return {"id": arn, "arn": arn}


def _listener_rule(fields: Fields) -> Mapping[str, Json]:
    listener = text(fields.inputs, "listenerArn", "").partition(":listener/")[2] or f"app/{fields['name']}"
    arn = f"{_balancing(fields)}:listener-rule/{listener}/{fields['hex'][:16]}"
    return {"id": arn, "arn": arn}


def _balancing(fields: Fields) -> str:
    return f"arn:{fields['partition']}:elasticloadbalancing:{fields['region']}:{fields['account']}"


def _certificate(fields: Fields) -> Mapping[str, Json]:
    alternatives = fields.inputs.get("subjectAlternativeNames")
    names = [fields["domainName"], *(alternatives if isinstance(alternatives, list) else [])]
    return {"domainValidationOptions": [validation_option(name) for name in dict.fromkeys(names)]}


def validation_option(name: str) -> dict[str, str]:
    """Return the DNS record that validates a domain. The record of a wildcard is that of its apex."""
    domain = name.removeprefix("*.")
    digest = fingerprint(domain)
    return {
        "domainName": name,
        "resourceRecordName": f"_{digest[:32]}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{digest[32:]}.acm-validations.aws.",
    }


def _zone(fields: Fields) -> Mapping[str, Json]:
    servers = name_servers(fields["name"])
    return {"zoneId": fields["id"], "nameServers": servers, "primaryNameServer": servers[0]}


def name_servers(zone: str) -> list[str]:
    """Return four name servers, one in each domain that Route 53 uses."""
    digest = fingerprint(zone)
    numbers = [int(digest[start : start + 4], 16) for start in range(0, 16, 4)]
    return [
        f"ns-{index * 512 + number % 512}.awsdns-{number % 64:02}.{domain}"
        for index, (number, domain) in enumerate(zip(numbers, ("com", "net", "org", "co.uk"), strict=True))
    ]


def _record(fields: Fields) -> Mapping[str, Json]:
    return {"fqdn": fields["name"].rstrip(".")}


NETWORK: Mapping[str, AwsType] = {
    "aws:ec2/vpc:Vpc": _ec2(
        "vpc",
        "vpc",
        {
            "defaultSecurityGroupId": "sg-{hex:.12}0de1a",
            "defaultNetworkAclId": "acl-{hex:.12}0de1a",
            "defaultRouteTableId": "rtb-{hex:.12}0de1a",
            "mainRouteTableId": "rtb-{hex:.12}0de1a",
            "dhcpOptionsId": "dopt-{hex:.17}",
        },
        keeps=Keeps("address", "everything is in it", protect=True),
        immutable="cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    ),
    "aws:ec2/subnet:Subnet": _ec2(
        "subnet",
        "subnet",
        free=VPC,
        keeps=Keeps("address", "everything in it has its addresses from it"),
        immutable=(
            "availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength "
            "ipv6IpamPoolId ipv6Native ipv6NetmaskLength outpostArn vpcId"
        ),
    ),
    "aws:ec2/tag:Tag": AwsType("{resourceId},{key}", free=VPC, immutable="key resourceId"),
    "aws:ec2/securityGroup:SecurityGroup": named(
        _ec2(
            "sg",
            "security-group",
            free=VPC,
            keeps=Keeps("identity", "network interfaces and rules of other groups name it"),
            immutable="description name namePrefix vpcId",
        )
    ),
    "aws:ec2/internetGateway:InternetGateway": _ec2(
        "igw", "internet-gateway", keeps=Keeps("identity", "a VPC has one, and addresses depend on it")
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": _association("eigw", immutable="vpcId"),
    "aws:ec2/natGateway:NatGateway": AwsType(
        "nat-{hex:.17}",
        None,
        {"networkInterfaceId": "eni-{hex:.17}", "associationId": "eipassoc-{hex:.17}"},
        compute=lambda fields: {**_private_address(fields), "publicIp": _elastic_address(fields)["publicIp"]},
        keeps=Keeps("address", "it holds the address of all outbound traffic"),
        immutable="allocationId availabilityMode connectivityType privateIp subnetId vpcId",
    ),
    "aws:ec2/eip:Eip": AwsType(
        "eipalloc-{hex:.17}",
        regional("ec2", "elastic-ip/{id}"),
        {"allocationId": "{id}", "publicIpv4Pool": "amazon"},
        compute=_elastic_address,
        price=Price("public_ipv4_hour", "address-h", per="hour"),
        keeps=Keeps("address", "partners allow it in their firewalls", protect=True),
        immutable="address domain ipamPoolId networkBorderGroup publicIpv4Pool",
    ),
    "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table", free=VPC, immutable="vpcId"),
    "aws:ec2/route:Route": AwsType(
        "r-{routeTableId}{digits:.10}",
        None,
        {"origin": "CreateRoute", "state": "active"},
        free=VPC,
        immutable="destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _association(
        "rtbassoc", free=VPC, immutable="gatewayId subnetId"
    ),
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": _association("rtbassoc"),
    "aws:ec2/networkAcl:NetworkAcl": _ec2("acl", "network-acl", free=VPC, immutable="vpcId"),
    "aws:ec2/networkAclRule:NetworkAclRule": AwsType(
        "nacl-{digits:.10}",
        free=VPC,
        immutable=(
            "cidrBlock egress fromPort icmpCode icmpType ipv6CidrBlock networkAclId protocol "
            "ruleAction ruleNumber toPort"
        ),
    ),
    "aws:ec2/networkInterface:NetworkInterface": _ec2(
        "eni",
        "network-interface",
        free="its instance and its public address have the price",
        keeps=Keeps("identity", "routes lead to it"),
        immutable="interfaceType subnetId",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2(
        "vpce",
        "vpc-endpoint",
        {
            "state": "available",
            "prefixListId": "pl-{hex:.8}",
            "dnsEntries": [{"dnsName": "{id}-{hex:.8}.vpce.{region}.vpce.{suffix}"}],
        },
        keeps=Keeps("identity", "policies name it in aws:SourceVpce"),
        immutable=(
            "dnsOptions.privateDnsPreference dnsOptions.privateDnsSpecifiedDomains "
            "resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType "
            "vpcId"
        ),
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": AwsType(
        "pcx-{hex:.17}", None, {"acceptStatus": "active"}, immutable="peerOwnerId peerRegion peerVpcId vpcId"
    ),
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": _ec2(
        "dopt",
        "dhcp-options",
        immutable=(
            "domainName domainNameServers ipv6AddressPreferredLeaseTime netbiosNameServers netbiosNodeType ntpServers"
        ),
    ),
    "aws:ec2/flowLog:FlowLog": AwsType(
        "fl-{hex:.17}",
        regional("ec2", "vpc-flow-log/{id}"),
        free="its log group has the price",
        immutable=(
            "deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination "
            "logDestinationType logFormat maxAggregationInterval regionalNatGatewayId subnetId "
            "trafficType transitGatewayAttachmentId transitGatewayId vpcId"
        ),
    ),
    "aws:ec2/managedPrefixList:ManagedPrefixList": named(_ec2("pl", "prefix-list", immutable="addressFamily")),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _ec2(
        "sg", "security-group", {"name": "default"}, free=VPC, immutable="vpcId"
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": AwsType(
        "sgrule-{digits:.10}",
        None,
        {"securityGroupRuleId": "sgr-{hex:.17}"},
        immutable=(
            "cidrBlocks fromPort ipv6CidrBlocks prefixListIds protocol securityGroupId self "
            "sourceSecurityGroupId toPort type"
        ),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": AwsType(
        "sgr-{hex:.17}",
        regional("ec2", "security-group-rule/{id}"),
        {"securityGroupRuleId": "{id}"},
        free=VPC,
        immutable="securityGroupId",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": AwsType(
        "sgr-{hex:.17}",
        regional("ec2", "security-group-rule/{id}"),
        {"securityGroupRuleId": "{id}"},
        free=VPC,
        immutable="securityGroupId",
    ),
    "aws:lb/loadBalancer:LoadBalancer": named(
        AwsType(
            outputs={"loadBalancerType": "application", "ipAddressType": "ipv4"},
            compute=_balancer,
            keeps=Keeps("address", "clients and DNS records of others name it", protect=True),
            limit=32,
            immutable="customerOwnedIpv4Pool internal loadBalancerType name namePrefix",
        )
    ),
    "aws:lb/targetGroup:TargetGroup": named(
        AwsType(
            regional("elasticloadbalancing", "targetgroup/{name}/{hex:.16}"),
            regional("elasticloadbalancing", "targetgroup/{name}/{hex:.16}"),
            {"arnSuffix": "targetgroup/{name}/{hex:.16}"},
            free=PART,
            keeps=Keeps("identity", "listeners, bindings and alarms name it"),
            limit=32,
            immutable=(
                "ipAddressType name namePrefix port protocol protocolVersion targetControlPort targetType vpcId"
            ),
        )
    ),
    "aws:lb/listener:Listener": AwsType(
        compute=_listener,
        free=PART,
        keeps=Keeps("address", "its port is taken while the old one lives"),
        immutable="loadBalancerArn",
    ),
    "aws:lb/listenerRule:ListenerRule": AwsType(
        outputs={"priority": 1}, compute=_listener_rule, free=PART, immutable="listenerArn priority"
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": AwsType(
        "{listenerArn}_{certificateArn}", immutable="certificateArn listenerArn"
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": AwsType(
        "{targetGroupArn}-{digits:.20}", immutable="availabilityZone port quicServerId targetGroupArn targetId"
    ),
    "aws:acm/certificate:Certificate": AwsType(
        regional("acm", "certificate/{uuid}"),
        regional("acm", "certificate/{uuid}"),
        {"status": "ISSUED", "type": "AMAZON_ISSUED", "keyAlgorithm": "RSA_2048"},
        compute=_certificate,
        free="public certificates are free: https://aws.amazon.com/certificate-manager/pricing/",
        keeps=Keeps("identity", "listeners name it; a new one waits for validation"),
        immutable=(
            "certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames validationMethod validationOptions"
        ),
    ),
    "aws:acm/certificateValidation:CertificateValidation": AwsType(
        "{certificateArn}",
        free="waits for the certificate, and is nothing in AWS",
        immutable="certificateArn validationRecordFqdns",
    ),
    "aws:route53/zone:Zone": AwsType(
        "Z{HEX:.20}",
        "arn:{partition}:route53:::hostedzone/{id}",
        compute=_zone,
        price=Price("route53_hosted_zone_month", "zone-month"),
        keeps=Keeps("address", "the name servers that the domain is delegated to", protect=True),
        immutable="delegationSetId name",
    ),
    "aws:route53/record:Record": AwsType(
        "{zoneId}_{name}_{type}",
        None,
        compute=_record,
        free="its zone has the price, and queries for aliases of AWS are free",
        keeps=Keeps("address", "a name that clients know"),
        immutable="name type zoneId",
    ),
    "aws:route53/healthCheck:HealthCheck": AwsType(
        "{uuid}",
        "arn:{partition}:route53:::healthcheck/{id}",
        immutable="measureLatency referenceName requestInterval routingControlArn type",
    ),
}
