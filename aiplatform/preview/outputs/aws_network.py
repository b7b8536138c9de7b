"""Outputs of AWS networks, load balancers, DNS and certificates."""

from collections.abc import Mapping

from aiplatform.preview.outputs.shape import Fields, Shape, fingerprint, named, regional, text
from aiplatform.preview.plan import Json


def _ec2(prefix: str, kind: str, outputs: Mapping[str, Json] | None = None) -> Shape:
    return Shape(prefix + "-{hex:.17}", regional("ec2", kind + "/{id}"), {"ownerId": "{account}", **(outputs or {})})


def _association(prefix: str, outputs: Mapping[str, Json] | None = None) -> Shape:
    return Shape(prefix + "-{hex:.17}", None, outputs or {})


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


NETWORK: Mapping[str, Shape] = {
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
    ),
    "aws:ec2/subnet:Subnet": _ec2("subnet", "subnet"),
    "aws:ec2/securityGroup:SecurityGroup": named(_ec2("sg", "security-group")),
    "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": _association("eigw"),
    "aws:ec2/natGateway:NatGateway": Shape(
        "nat-{hex:.17}",
        None,
        {"networkInterfaceId": "eni-{hex:.17}", "associationId": "eipassoc-{hex:.17}"},
        compute=lambda fields: {**_private_address(fields), "publicIp": _elastic_address(fields)["publicIp"]},
    ),
    "aws:ec2/eip:Eip": Shape(
        "eipalloc-{hex:.17}",
        regional("ec2", "elastic-ip/{id}"),
        {"allocationId": "{id}", "publicIpv4Pool": "amazon"},
        compute=_elastic_address,
    ),
    "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table"),
    "aws:ec2/route:Route": Shape("r-{routeTableId}{digits:.10}", None, {"origin": "CreateRoute", "state": "active"}),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _association("rtbassoc"),
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": _association("rtbassoc"),
    "aws:ec2/networkAcl:NetworkAcl": _ec2("acl", "network-acl"),
    "aws:ec2/networkInterface:NetworkInterface": _ec2("eni", "network-interface"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2(
        "vpce",
        "vpc-endpoint",
        {
            "state": "available",
            "prefixListId": "pl-{hex:.8}",
            "dnsEntries": [{"dnsName": "{id}-{hex:.8}.vpce.{region}.vpce.{suffix}"}],
        },
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": Shape("pcx-{hex:.17}", None, {"acceptStatus": "active"}),
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": _ec2("dopt", "dhcp-options"),
    "aws:ec2/flowLog:FlowLog": Shape("fl-{hex:.17}", regional("ec2", "vpc-flow-log/{id}")),
    "aws:ec2/managedPrefixList:ManagedPrefixList": named(_ec2("pl", "prefix-list")),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _ec2("sg", "security-group", {"name": "default"}),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Shape(
        "sgrule-{digits:.10}", None, {"securityGroupRuleId": "sgr-{hex:.17}"}
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Shape(
        "sgr-{hex:.17}", regional("ec2", "security-group-rule/{id}"), {"securityGroupRuleId": "{id}"}
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Shape(
        "sgr-{hex:.17}", regional("ec2", "security-group-rule/{id}"), {"securityGroupRuleId": "{id}"}
    ),
    "aws:lb/loadBalancer:LoadBalancer": named(
        Shape(
            outputs={"loadBalancerType": "application", "ipAddressType": "ipv4"},
            compute=_balancer,
        )
    ),
    "aws:lb/targetGroup:TargetGroup": named(
        Shape(
            regional("elasticloadbalancing", "targetgroup/{name}/{hex:.16}"),
            regional("elasticloadbalancing", "targetgroup/{name}/{hex:.16}"),
            {"arnSuffix": "targetgroup/{name}/{hex:.16}"},
        )
    ),
    "aws:lb/listener:Listener": Shape(compute=_listener),
    "aws:lb/listenerRule:ListenerRule": Shape(outputs={"priority": 1}, compute=_listener_rule),
    "aws:lb/listenerCertificate:ListenerCertificate": Shape("{listenerArn}_{certificateArn}"),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Shape("{targetGroupArn}-{digits:.20}"),
    "aws:acm/certificate:Certificate": Shape(
        regional("acm", "certificate/{uuid}"),
        regional("acm", "certificate/{uuid}"),
        {"status": "ISSUED", "type": "AMAZON_ISSUED", "keyAlgorithm": "RSA_2048"},
        compute=_certificate,
    ),
    "aws:acm/certificateValidation:CertificateValidation": Shape("{certificateArn}"),
    "aws:route53/zone:Zone": Shape("Z{HEX:.20}", "arn:{partition}:route53:::hostedzone/{id}", compute=_zone),
    "aws:route53/record:Record": Shape("{zoneId}_{name}_{type}", None, compute=_record),
    "aws:route53/healthCheck:HealthCheck": Shape("{uuid}", "arn:{partition}:route53:::healthcheck/{id}"),
}
