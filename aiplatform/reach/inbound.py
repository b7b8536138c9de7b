"""What security groups, load balancers, endpoints, databases and policies of resources open, and to whom."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from aiplatform.iam.policy_document import statements
from aiplatform.reach.context import GROUP, Described, group_urns

_RULES = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "from",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "to",
}
ANYWHERE = "anywhere"
_WORLD = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, order=True)
class Opening:
    """Ports of a resource that are open to a network or a group, or a resource that is public."""

    subject: str
    direction: str
    """`from` for inbound, `to` for outbound connections, `public` for a public resource."""

    protocol: str
    first: int
    last: int
    peer: str
    urn: str = ""

    @property
    def is_world(self) -> bool:
        """Return whether it is open to the internet: all of it, or a half, as two halves are the world too."""
        if self.direction == "public":
            return True
        return self.direction == "from" and _prefix(self.peer) in (0, 1)

    @property
    def ports(self) -> str:
        """Return its ports in words."""
        if self.protocol == "-1":
            return "all ports"
        span = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return "all ports" if (self.first, self.last) == (-1, -1) else f"{self.protocol} {span}"

    def covers(self, other: "Opening") -> bool:
        """Return whether it allows all that another one allows."""
        if (self.subject, self.direction) != (other.subject, other.direction):
            return False
        ports = self.protocol == "-1" or (
            self.protocol == other.protocol and self.first <= other.first and self.last >= other.last
        )
        return ports and (self.peer == other.peer or _contains(self.peer, other.peer))


def _prefix(peer: str) -> int | None:
    try:
        return ip_network(peer, strict=False).prefixlen
    except ValueError:
        return None


def _contains(outer: str, inner: str) -> bool:
    try:
        one, other = ip_network(outer, strict=False), ip_network(inner, strict=False)
    except ValueError:
        return False
    return one.version == other.version and other.subnet_of(one)  # type: ignore[arg-type]


def openings(resources: Sequence[Described]) -> frozenset[Opening]:
    """Return all that the resources of a stack open."""
    return frozenset({*_group_rules(resources), *_clusters(resources), *_public(resources)})


def fresh(before: Iterable[Opening], after: Iterable[Opening]) -> list[Opening]:
    """Return what is open after a change and was not before; swap the sides for what is closed."""
    known: dict[str, list[Opening]] = defaultdict(list)
    for one in before:
        known[one.subject].append(one)
    return sorted(one for one in after if not any(other.covers(one) for other in known[one.subject]))


def _group_rules(resources: Sequence[Described]) -> Iterator[Opening]:
    names = _group_names(resources)
    for one in resources:
        inputs = one["inputs"]
        if one["type"] in _RULES:
            group = names.get(str(inputs.get("securityGroupId")), one["name"])
            yield from _opening(group, _RULES[one["type"]], inputs, _peers(inputs, names), one["urn"])
        elif one["type"] == GROUP:
            for key, direction in (("ingress", "from"), ("egress", "to")):
                for rule in inputs.get(key) or ():
                    yield from _opening(_called(one), direction, rule, _peers(rule, names), one["urn"])


def _opening(group: str, direction: str, rule: Mapping[str, Any], peers: Iterable[str], urn: str) -> Iterator[Opening]:
    protocol = str(rule.get("ipProtocol") or rule.get("protocol") or "-1")
    first, last = (int(-1 if rule.get(key) is None else rule[key]) for key in ("fromPort", "toPort"))
    for peer in peers:
        yield Opening(f"security group {group}", direction, protocol, first, last, peer, urn)


def _peers(rule: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for key in ("cidrIpv4", "cidrIpv6", "prefixListId"):
        if rule.get(key):
            yield str(rule[key])
    for key in ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds"):
        yield from map(str, rule.get(key) or ())
    groups = (
        [rule["referencedSecurityGroupId"]] if rule.get("referencedSecurityGroupId") else rule.get("securityGroups")
    )
    for group in groups or ():
        yield f"security group {names.get(str(group), group)}"
    if rule.get("self"):
        yield "itself"


def _called(group: Described) -> str:
    tags = group["inputs"].get("tags") or {}
    return str(tags.get("Name") or group["inputs"].get("name") or group["name"])


def _group_names(resources: Sequence[Described]) -> Mapping[str, str]:
    names = {one["urn"]: _called(one) for one in resources if one["type"] == GROUP}
    return {identifier: names[urn] for identifier, urn in group_urns(resources).items()}


def _clusters(resources: Iterable[Described]) -> Iterator[Opening]:
    for one in resources:
        inputs = one["inputs"]
        if one["type"] == "eks:index:Cluster" and inputs.get("endpointPublicAccess"):
            for network in inputs.get("publicAccessCidrs") or _WORLD[:1]:
                yield Opening(
                    f"Kubernetes API of {inputs.get('name')}", "from", "tcp", 443, 443, str(network), one["urn"]
                )


def _public(resources: Iterable[Described]) -> Iterator[Opening]:
    for one in resources:
        for what in _how_public(one["type"], one["inputs"]):
            yield Opening(f"{_kind(one['type'])} {one['name']}", "public", "", 0, 0, what, one["urn"])


def _kind(type_: str) -> str:
    return type_.rpartition(":")[2]


_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _how_public(type_: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    if type_ == "aws:lb/loadBalancer:LoadBalancer" and not inputs.get("internal"):
        yield "is internet-facing"
    if inputs.get("publiclyAccessible") is True:
        yield "has a public address (publiclyAccessible)"
    if inputs.get("associatePublicIpAddress") is True:
        yield "has a public address (associatePublicIpAddress)"
    if type_ == "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":
        lacking = [key for key in _BLOCKS if inputs.get(key) is not True]
        if lacking:
            yield f"can be public: {', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not true"
    if str(inputs.get("acl", "")).startswith("public-"):
        yield f"is public: its ACL is {inputs['acl']}"
    if type_ != "aws:ec2/vpcEndpoint:VpcEndpoint":
        yield from _for_everybody(inputs.get("policy"))


def _for_everybody(document: Any) -> Iterator[str]:  # noqa: ANN401, JSON as text or as values
    for one in statements(document):
        principal = one.get("Principal")
        named = list(principal.values()) if isinstance(principal, Mapping) else [principal]
        everybody = any("*" in (each if isinstance(each, list) else [each]) for each in named)
        if one.get("Effect") == "Allow" and everybody and not one.get("Condition"):
            actions = one.get("Action", "*")
            yield f"allows every AWS account {', '.join(actions) if isinstance(actions, list) else actions}"
