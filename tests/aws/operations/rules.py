"""Rules of security groups and network ACLs. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/."""

from collections.abc import Mapping

from aiplatform.preview.plan import Json
from tests.aws.operations.said import choice, filtered, prefixed, tagged
from tests.aws.requests import Call, Entry, Inputs, To

# Network ACLs use protocol numbers only: https://www.iana.org/assignments/protocol-numbers/
_PROTOCOLS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "all": "-1"}
_SOURCES = {
    "cidrIpv4": ("ipRanges", "cidrIp"),
    "cidrIpv6": ("ipv6Ranges", "cidrIpv6"),
    "referencedSecurityGroupId": ("userIdGroupPairs", "groupId"),
    "prefixListId": ("prefixListIds", "prefixListId"),
}


def _permission(inputs: Inputs) -> Inputs:
    """Return a rule with its description at its source."""
    permission: dict[str, Json] = {}
    rest: dict[str, Json] = {}
    for name, value in inputs.items():
        if name in _SOURCES:
            member, inner = _SOURCES[name]
            described = {"description": inputs["description"]} if "description" in inputs else {}
            permission[member] = [{inner: value, **described}]
        elif name in {"ipProtocol", "fromPort", "toPort"}:
            permission[name] = value
        elif name != "description":
            rest[name] = value
    return {**rest, "ipPermissions": [permission]}


def _rule(operation: str) -> Entry:
    takes: dict[str, str | To] = {"securityGroupId": "GroupId", "tags": tagged("security-group-rule")}
    return Entry((Call("ec2", operation, takes),), taggable=True, before=_permission)


RULES: Mapping[str, Entry] = {
    "aws:ec2/securityGroup:SecurityGroup": Entry(
        (
            Call(
                "ec2",
                "CreateSecurityGroup",
                {"name": "GroupName", "namePrefix": To("GroupName", prefixed), "tags": tagged("security-group")},
            ),
        ),
        taggable=True,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("AuthorizeSecurityGroupIngress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("AuthorizeSecurityGroupEgress"),
    "aws:ec2/networkAcl:NetworkAcl": Entry(
        (
            Call("ec2", "CreateNetworkAcl", {"tags": tagged("network-acl")}),
            # Each association is then replaced by its id.
            Call("ec2", "DescribeNetworkAcls", {"subnetIds": filtered("association.subnet-id")}),
        ),
        taggable=True,
    ),
    "aws:ec2/networkAclRule:NetworkAclRule": Entry(
        (
            Call(
                "ec2",
                "CreateNetworkAclEntry",
                {
                    "fromPort": "PortRange.From",
                    "toPort": "PortRange.To",
                    "icmpType": "IcmpTypeCode.Type",
                    "icmpCode": "IcmpTypeCode.Code",
                    "protocol": choice("Protocol", _PROTOCOLS),
                },
            ),
        )
    ),
}
