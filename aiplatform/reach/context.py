"""The addresses of a stack, read from the resources of its plan."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from aiplatform.reach.peers import ConnectivityContext

Described = Mapping[str, Any]
"""A resource, as `plan.json` describes it."""

_SUBNET, _INSTANCE = "aws:ec2/subnet:Subnet", "aws:ec2/instance:Instance"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
_TIER = re.compile(r"^network-(public|private|data|control-plane)-")

STORES: Mapping[str, tuple[str, str, int]] = {
    "aws:rds/instance:Instance": ("database", "identifier", 5432),
    "aws:rds/cluster:Cluster": ("Aurora cluster", "clusterIdentifier", 5432),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("cache", "replicationGroupId", 6379),
    "aws:efs/fileSystem:FileSystem": ("file system", "creationToken", 2049),
}
"""Stores by type: what they are called, the input with their name, and their port where no input has it."""

_EKS_SERVICES = ("172.20.0.0/16", "10.100.0.0/16")
"""What EKS takes for Services, whichever is not in the VPC:
https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html"""


def context_of(resources: Sequence[Described]) -> ConnectivityContext:
    """Return the addresses of a stack, whose VPC and subnets can be existing ones that its plan reads."""
    tiers = _tiers(resources)
    private = tiers["private"]
    vpc = next(IPv4Network(one["inputs"]["cidrBlock"]) for one in resources if one["type"] == "aws:ec2/vpc:Vpc")
    internal = all(
        one["inputs"].get("internal") for one in resources if one["type"] == "aws:lb/loadBalancer:LoadBalancer"
    )
    return ConnectivityContext(
        vpc=vpc,
        private=private,
        control_plane=tiers["control-plane"] or private,
        data=tiers["data"] or private,
        balancer=private if internal else tiers["public"],
        services=_services(resources, vpc),
        database_ports=frozenset(stores(resources)),
        servers=_servers(resources),
    )


def _tiers(resources: Iterable[Described]) -> Mapping[str, list[IPv4Network]]:
    found: dict[str, list[IPv4Network]] = defaultdict(list)
    for one in resources:
        tier = _TIER.match(one["name"]) if one["type"] == _SUBNET else None
        if tier is not None:
            found[tier[1]].append(IPv4Network(one["inputs"]["cidrBlock"]))
    return found


def _services(resources: Iterable[Described], vpc: IPv4Network) -> IPv4Network:
    for one in resources:
        if one["type"] == "eks:index:Cluster" and one["inputs"].get("kubernetesServiceIpAddressRange"):
            return IPv4Network(one["inputs"]["kubernetesServiceIpAddressRange"])
    return next(network for network in map(IPv4Network, _EKS_SERVICES) if not network.overlaps(vpc))


def stores(resources: Iterable[Described]) -> Mapping[int, list[str]]:
    """Return the stores outside the cluster by port."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in resources:
        if one["type"] in STORES:
            noun, key, port = STORES[one["type"]]
            given = one["inputs"].get("port")
            found[int(given) if given else port].append(f"{noun} {one['inputs'].get(key) or one['name']}")
    return found


def _servers(resources: Sequence[Described]) -> Mapping[str, tuple[Sequence[IPv4Network], Sequence[int]]]:
    """Return subnets and ports of EC2 instances, by the name of their security group."""
    subnets = {
        one["inputs"].get("id", one["urn"]): IPv4Network(one["inputs"]["cidrBlock"])
        for one in resources
        if one["type"] == _SUBNET
    }
    groups = {one["urn"]: one["name"].removeprefix("instances-") for one in resources if one["type"] == GROUP}
    urns = group_urns(resources)
    ports: dict[str, set[int]] = defaultdict(set)
    for rule in resources:
        if rule["type"] == _INGRESS and (urn := urns.get(str(rule["inputs"].get("securityGroupId")))):
            ports[groups[urn]].update(_ports(rule["inputs"]))
    found: dict[str, list[IPv4Network]] = defaultdict(list)
    for one in resources:
        if one["type"] == _INSTANCE:
            for name in _named(one, groups):
                places = (*one["dependencies"], one["inputs"].get("subnetId"))
                found[name] += [subnets[place] for place in places if place in subnets]
    return {name: (tuple(dict.fromkeys(networks)), sorted(ports[name])) for name, networks in found.items()}


def _named(one: Described, groups: Mapping[str, str]) -> list[str]:
    return [groups[urn] for urn in one["dependencies"] if urn in groups]


def _ports(rule: Described) -> Iterator[int]:
    first, last = rule.get("fromPort"), rule.get("toPort")
    if first is not None and last is not None:
        yield from range(int(first), int(last) + 1)


def group_urns(resources: Sequence[Described]) -> Mapping[str, str]:
    """Return the URNs of security groups by ID. A plan has the ID where it is used, and the URN among dependencies;
    a use of two groups is solved by the uses of one."""
    groups = {one["urn"] for one in resources if one["type"] == GROUP}
    open_ = []
    for one in resources:
        ids = {value for key in ("securityGroupId", "referencedSecurityGroupId") if (value := one["inputs"].get(key))}
        for key in ("securityGroups", "securityGroupIds", "vpcSecurityGroupIds"):
            given = one["inputs"].get(key)
            ids.update(value for value in given if isinstance(value, str)) if isinstance(given, list) else None
        urns = {urn for urn in one.get("dependencies") or () if urn in groups}
        if ids and urns:
            open_.append((ids, urns))
    found: dict[str, str] = {}
    while True:
        solved = {}
        for ids, urns in open_:
            left, free = ids - found.keys(), urns - set(found.values())
            if len(left) == len(free) == 1:
                solved[next(iter(left))] = next(iter(free))
        if not solved:
            return found
        found |= solved
