"""Parts of resources that count against a quota of each resource: rules, policies, tags, target groups, node groups."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aiplatform.preview.plan import Json, Resource
from aiplatform.quotas.need import Index, Need, items, known, largest, number, record

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ROLE = "aws:iam/role:Role"
OBJECTS = ("aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject")

_BY_INPUT = (
    ("subnets", SUBNET, "vpcId", VPC),
    ("routeTables", "aws:ec2/routeTable:RouteTable", "vpcId", VPC),
    ("routes", "aws:ec2/route:Route", "routeTableId", "aws:ec2/routeTable:RouteTable"),
    ("networkAcls", "aws:ec2/networkAcl:NetworkAcl", "vpcId", VPC),
    ("interfaceEndpoints", "aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId", VPC),
    ("policiesPerRole", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", ""),
    ("listeners", LISTENER, "loadBalancerArn", BALANCER),
    ("accessEntries", "aws:eks/accessEntry:AccessEntry", "clusterName", ""),
    ("fargateProfiles", "aws:eks/fargateProfile:FargateProfile", "clusterName", ""),
    ("nodeGroups", "aws:eks/nodeGroup:NodeGroup", "clusterName", ""),
)
"""Quota, type of the parts, their input that names the parent, and its type if that input is an ID."""

_INTERFACES = ("securityGroups", "vpcSecurityGroupIds", "securityGroupIds")


def of_parents(index: Index) -> Iterator[Need]:
    """Yield what the parts of each resource count against its quotas."""
    yield from largest(
        _need(index, key, one, index.name(one, parent, parent_type))
        for key, type_, parent, parent_type in _BY_INPUT
        for one in index.of(type_)
        if key != "interfaceEndpoints" or one.inputs.get("vpcEndpointType") == "Interface"
    )
    for count in (_network, _security_groups, _roles, _balancers, _clusters, _tags):
        yield from largest(count(index))


def _need(index: Index, key: str, one: Resource, of: str, amount: int = 1) -> Need:
    return Need(key, amount, one.urn, index.region(one), of)


def _network(index: Index) -> Iterator[Need]:
    for one in index.of("aws:ec2/natGateway:NatGateway"):
        subnet = index.subnets.get(str(one.inputs.get("subnetId")))
        if subnet is not None:
            yield _need(index, "natGateways", one, str(subnet.inputs.get("availabilityZone")))
    for one in index.of("aws:ec2/networkAclRule:NetworkAclRule"):
        way = "outbound" if one.inputs.get("egress") is True else "inbound"
        acl = index.name(one, "networkAclId", "aws:ec2/networkAcl:NetworkAcl")
        yield _need(index, "networkAclRules", one, f"{acl} {way}")


def _security_groups(index: Index) -> Iterator[Need]:
    """Count rules by group, direction and address family: a source group or prefix list counts in both families.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    """
    weight = max((number(one.inputs.get("maxEntries"), 1) for one in index.of(_PREFIX_LIST)), default=1)
    found: dict[tuple[str, str], list[tuple[Mapping[str, Json], Resource]]] = defaultdict(list)
    for group, way, rule, one in _rules(index):
        found[group, way].append((rule, one))
    for (_, way), rules in found.items():
        counts = [_entries(rule, weight) for rule, _ in rules]
        most = max(sum(each[family] + each["both"] for each in counts) for family in ("4", "6"))
        yield _need(index, "securityGroupRules", rules[0][1], f"{_group(index, [one for _, one in rules])} {way}", most)
    for one in index.plan.resources:
        groups = {group for key in _INTERFACES for group in items(one.inputs.get(key))}
        if groups and one.type.startswith("aws:"):
            yield _need(index, "securityGroupsPerInterface", one, one.name, len(groups))


def _group(index: Index, rules: Iterable[Resource]) -> str:
    """Return the name of the security group of rules: the one that all of them depend on; rules can name another."""
    names = [{one.name} if one.type == GROUP else {each.name for each in index.depends(one, GROUP)} for one in rules]
    return " or ".join(sorted(set.intersection(*names))) or "another stack's group"


_PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"


def _rules(index: Index) -> Iterator[tuple[str, str, Mapping[str, Json], Resource]]:
    for way in ("ingress", "egress"):
        title = way.title()
        for one in index.of(f"aws:vpc/securityGroup{title}Rule:SecurityGroup{title}Rule"):
            yield str(one.inputs.get("securityGroupId")), way, one.inputs, one
        for one in index.of(GROUP):
            for rule in items(one.inputs.get(way)):
                yield one.name, way, record(rule), one
        for one in index.of("aws:ec2/securityGroupRule:SecurityGroupRule"):
            if one.inputs.get("type", "ingress") == way:
                yield str(one.inputs.get("securityGroupId")), way, one.inputs, one


def _entries(rule: Mapping[str, Json], of_list: int) -> Mapping[str, int]:
    """Return how many rules a rule counts as: AWS counts the maximum entries of a prefix list."""
    lists = len(items(rule.get("prefixListIds"))) + (rule.get("prefixListId") is not None)
    groups = len(items(rule.get("securityGroups"))) + sum(
        rule.get(key) not in (None, False) for key in ("referencedSecurityGroupId", "sourceSecurityGroupId", "self")
    )
    return {
        "4": len(items(rule.get("cidrBlocks"))) + (rule.get("cidrIpv4") is not None),
        "6": len(items(rule.get("ipv6CidrBlocks"))) + (rule.get("cidrIpv6") is not None),
        "both": groups + lists * of_list,
    }


def _roles(index: Index) -> Iterator[Need]:
    for one in index.of(ROLE):
        name = str(one.inputs.get("name", one.name))
        yield _need(index, "trustPolicySize", one, name, _size(one.inputs.get("assumeRolePolicy")))
        managed = items(one.inputs.get("managedPolicyArns"))
        if managed:
            yield _need(index, "policiesPerRole", one, name, len(managed))
    for one in index.of("aws:iam/rolePolicy:RolePolicy"):
        yield _need(index, "inlinePolicySize", one, str(one.inputs.get("role")), _size(one.inputs.get("policy")))
    for one in index.of("aws:iam/policy:Policy"):
        yield _need(index, "policySize", one, one.name, _size(one.inputs.get("policy")))


def _size(document: Json) -> int:
    """Return the characters of a policy, without white space, which IAM does not count; 0 for an unknown policy."""
    if isinstance(document, Mapping):
        document = json.dumps(document, separators=(",", ":"))
    return len(re.sub(r"\s", "", document)) if known(document) else 0


def _balancers(index: Index) -> Iterator[Need]:
    balancers = {one.urn: _balancer(index, one) for one in index.of(LISTENER)}
    groups: dict[str, set[str]] = defaultdict(set)
    shown: dict[str, Resource] = {}
    for one in index.of(LISTENER, RULE, _CERTIFICATE):
        listener = one if one.type == LISTENER else next(iter(index.depends(one, LISTENER)), None)
        balancer = balancers.get(listener.urn) if listener is not None else None
        if balancer is None or balancer.inputs.get("loadBalancerType", "application") != "application":
            continue
        shown[balancer.name] = balancer
        groups[balancer.name] |= set(_forwards(one))
        if one.type == RULE:
            yield _need(index, "listenerRules", one, balancer.name)
            yield _need(index, "conditionValues", one, one.name, _values(one))
        if one.type == _CERTIFICATE:
            yield _need(index, "certificates", one, balancer.name)
        for action in (*items(one.inputs.get("defaultActions")), *items(one.inputs.get("actions"))):
            targets = items(record(record(action).get("forward")).get("targetGroups"))
            yield _need(index, "targetGroupsPerAction", one, one.name, len(targets))
    for name, found in groups.items():
        yield _need(index, "targetGroupsPerBalancer", shown[name], name, len(found))


_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"


def _balancer(index: Index, listener: Resource) -> Resource | None:
    return next(iter(index.depends(listener, BALANCER)), None)


def _forwards(one: Resource) -> Iterator[str]:
    for action in (*items(one.inputs.get("defaultActions")), *items(one.inputs.get("actions"))):
        if record(action).get("targetGroupArn") is not None:
            yield str(action["targetGroupArn"])
        for target in items(record(record(action).get("forward")).get("targetGroups")):
            yield str(record(target).get("arn"))


def _values(rule: Resource) -> int:
    return sum(
        len(items(record(kind).get("values"))) or len(items(kind))
        for condition in items(rule.inputs.get("conditions"))
        for kind in record(condition).values()
    )


def _clusters(index: Index) -> Iterator[Need]:
    for one in index.of("eks:index:ManagedNodeGroup"):
        yield _need(index, "nodeGroups", one, "the cluster")
    for one in index.of("eks:index:ManagedNodeGroup", "aws:eks/nodeGroup:NodeGroup"):
        most = number(record(one.inputs.get("scalingConfig")).get("maxSize"))
        yield _need(index, "nodesPerGroup", one, one.name, most)
    for one in index.of("eks:index:Cluster"):
        yield _need(index, "publicCidrs", one, one.name, len(items(one.inputs.get("publicAccessCidrs"))))


def _tags(index: Index) -> Iterator[Need]:
    defaults: dict[str, frozenset[str]] = {}
    for one in index.plan.resources:
        tags = one.inputs.get("tags")
        if not one.type.startswith(("aws:", "eks:")) or not isinstance(tags, Mapping):
            continue
        provider = one.provider or ""
        if provider not in defaults:
            defaults[provider] = frozenset(_default_tags(index.provider(one)))
        key = "objectTags" if one.type in OBJECTS else "tags"
        yield _need(index, key, one, one.urn, len(defaults[provider] | set(tags)))


def _default_tags(provider: Mapping[str, Json]) -> Iterable[str]:
    given = provider.get("defaultTags")
    read = json.loads(given) if isinstance(given, str) and given.startswith("{") else given
    return record(record(read).get("tags"))
