"""Addresses of each subnet with nodes at their maximum, against the size of the subnet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from math import ceil
from typing import NamedTuple

from aiplatform.finding import Finding
from aiplatform.fit.fit import LevelFit
from aiplatform.fit.karpenter import allowed_types
from aiplatform.preview.plan import Resource
from aiplatform.quotas.need import Index, items, known, number, record
from aiplatform.quotas.vcpus import GROUPS, INSTANCE, POOL, most_nodes
from catalog.capacity import PREFIX
from catalog.instance_types import sizes

RESERVED = 5
"""Addresses that AWS reserves: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

BALANCER = 8
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""

CONTROL_PLANE = 16
ALONE = 6
"""Recommended addresses of the control plane, and required ones, which a subnet of its own has:
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"""

SHARE = 80
"""Percent of a quota or of a subnet's addresses from which a warning is reported."""


PREFIXES = "ENABLE_PREFIX_DELEGATION"


class Use(NamedTuple):
    """Addresses that something takes in a subnet, by subnet ID."""

    what: str
    subnet: str
    addresses: int


def address_findings(index: Index, fitted: LevelFit) -> Iterator[Finding]:
    """Yield a warning for each subnet whose addresses are used up to 80 % or more at maximum nodes."""
    used: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for use in (*_nodes(index, fitted), *_services(index)):
        used[use.subnet][use.what] += use.addresses
    for key, parts in used.items():
        subnet = index.subnets.get(key)
        if subnet is None or not known(subnet.inputs.get("cidrBlock")):
            continue
        cidr = str(subnet.inputs["cidrBlock"])
        total = ALONE if list(parts) == ["control plane"] else sum(parts.values())
        there = ip_network(cidr).num_addresses - RESERVED
        if total * 100 >= there * SHARE:
            listed = ", ".join(f"{what} {count:,}" for what, count in sorted(parts.items(), key=lambda one: -one[1]))
            yield Finding(
                "subnet-addresses",
                "warning",
                subnet.urn,
                f"subnet {subnet.name} ({cidr}) has {there:,} addresses, and the maximum of nodes needs {total:,}: "
                f"{listed}",
                "set larger private subnets in network.subnets before the first deployment, or decrease the maximum "
                "of nodes",
            )


def _nodes(index: Index, fitted: LevelFit) -> Iterator[Use]:
    pods = {one.name: ceil(one.pods / one.nodes) for one in fitted.groups if one.nodes}
    cni = _cni(index)
    for one in index.of(*GROUPS):
        subnets = [str(each) for each in items(one.inputs.get("subnetIds"))]
        most = number(record(one.inputs.get("scalingConfig")).get("maxSize"))
        of_node = pods.get(str(one.inputs.get("nodeGroupName")), 1)
        yield from _spread("nodes", most, subnets, _node(items(one.inputs.get("instanceTypes")), of_node, cni))
    classes = {one.inputs["metadata"]["name"]: one for one in index.of("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")}
    for one in index.of(POOL):
        yield from _pool(one, classes, pods, cni)


def _pool(
    pool: Resource, classes: Mapping[str, Resource], pods: Mapping[str, int], cni: Mapping[str, int]
) -> Iterator[Use]:
    spec = record(record(record(pool.inputs.get("spec")).get("template")).get("spec"))
    node_class = classes.get(str(record(spec.get("nodeClassRef")).get("name")))
    terms = items(record(node_class.inputs.get("spec")).get("subnetSelectorTerms")) if node_class else ()
    subnets = [str(record(each).get("id")) for each in terms]
    name = str(record(pool.inputs.get("metadata")).get("name"))
    of_node = max((each for key, each in pods.items() if key.startswith(f"{name}/")), default=1)
    most = [(most_nodes(pool, one) or 0, one) for one in allowed_types(pool.inputs)]
    each = max((count * _node([one], of_node, cni) for count, one in most), default=0)
    yield from _spread("node pools", 1, subnets, ceil(each / len(subnets)) if subnets else 0)


def _spread(what: str, count: int, subnets: list[str], each: int) -> Iterator[Use]:
    """Yield the uses of `count` nodes that an Auto Scaling group distributes evenly over subnets."""
    for subnet in subnets:
        yield Use(what, subnet, ceil(count / len(subnets)) * each)


def _node(types: Iterable[str], pods: int, cni: Mapping[str, int]) -> int:
    """Return the addresses of a node with its pods: the highest of its types.

    With prefix delegation, the CNI takes blocks of 16, otherwise single addresses or all of an interface. What it keeps
    free is the variables' decision:
    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md,
    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
    """
    pods = max(pods, 1)
    counted = cni.keys() & {"WARM_IP_TARGET", "MINIMUM_IP_TARGET"}
    least = max(pods + cni.get("WARM_IP_TARGET", 0), cni.get("MINIMUM_IP_TARGET", 0))
    if cni.get(PREFIXES):
        free = 0 if counted else cni.get("WARM_PREFIX_TARGET", 1)
        return 1 + PREFIX * (ceil(least / PREFIX) + free)
    found = [sizes()[one] for one in types if one in sizes()]
    if counted:
        # Each interface has an address of its own beside those of pods.
        return max((least + ceil(least / max(one.addresses - 1, 1)) for one in found), default=1 + least)
    free = cni.get("WARM_ENI_TARGET", 1)
    return max(
        (one.addresses * min(ceil(pods / max(one.addresses - 1, 1)) + free, one.interfaces) for one in found),
        default=1 + pods,
    )


def _cni(index: Index) -> dict[str, int]:
    """Return the numbers among the environment variables of the VPC CNI, and whether it assigns prefixes."""
    addons = [one.inputs for one in index.of("eks:index:Addon") if one.inputs.get("addonName") == "vpc-cni"]
    environment = record(record(addons[0].get("configurationValues")).get("env")) if addons else {}
    numbers = {name: int(value) for name, value in environment.items() if str(value).isdigit()}
    return {**numbers, PREFIXES: environment.get(PREFIXES) == "true"}


_ONE_EACH = (
    ("file systems", "aws:efs/mountTarget:MountTarget", "subnetId"),
    ("NAT gateways", "aws:ec2/natGateway:NatGateway", "subnetId"),
    ("network interfaces", "aws:ec2/networkInterface:NetworkInterface", "subnetId"),
    ("instances", INSTANCE, "subnetId"),
    ("endpoints", "aws:ec2/vpcEndpoint:VpcEndpoint", "subnetIds"),
)
"""Resources with one address in each of their subnets."""


def _services(index: Index) -> Iterator[Use]:
    for what, type_, key in _ONE_EACH:
        for one in index.of(type_):
            given = one.inputs.get(key)
            yield from (Use(what, str(subnet), 1) for subnet in (items(given) or ((given,) if known(given) else ())))
    for one in index.of("aws:lb/loadBalancer:LoadBalancer"):
        yield from (Use("load balancers", str(subnet), BALANCER) for subnet in items(one.inputs.get("subnets")))
    for one in index.of("eks:index:Cluster"):
        given = {each for key in ("subnetIds", "privateSubnetIds") for each in items(one.inputs.get(key))}
        yield from (Use("control plane", str(subnet), CONTROL_PLANE) for subnet in sorted(given))
    yield from _data(index)


def _data(index: Index) -> Iterator[Use]:
    """Yield the addresses of databases and caches: a failover can place each in any subnet of its group."""
    groups = {
        str(one.inputs.get("name")): [str(each) for each in items(one.inputs.get("subnetIds"))]
        for one in index.of("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup")
    }
    for type_ in ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"):
        for one in index.of(type_):
            yield from (Use("databases", each, 1) for each in groups.get(str(one.inputs.get("dbSubnetGroupName")), ()))
    for one in index.of("aws:elasticache/replicationGroup:ReplicationGroup"):
        subnets = groups.get(str(one.inputs.get("subnetGroupName")), [])
        yield from _spread("caches", number(one.inputs.get("numCacheClusters"), 1), subnets, 1)
