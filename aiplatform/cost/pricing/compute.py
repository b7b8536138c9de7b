"""Nodes: EC2 instances and their disks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule, group_name
from aiplatform.cost.pricing.credits import of_nodes, of_server
from aiplatform.cost.usage import Instances, Usage
from aiplatform.preview.plan import Json, Resource

_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_ADDRESS_OF = "aws:ec2/eipAssociation:EipAssociation"
GP3_IOPS, GP3_THROUGHPUT = 3000, 125
"""IOPS and MiB/s of each gp3 volume that have no additional price: https://aws.amazon.com/ebs/pricing/"""


IO2_TIERS = {"": (0, 32_000), "next_32000_": (32_000, 64_000), "over_64000_": (64_000, 256_000)}
"""IOPS between which a price applies, and its part of the item: https://aws.amazon.com/ebs/pricing/"""


def node_group(group: Resource, context: Context) -> Iterator[Usage]:
    """Yield instances at minimum, expected and maximum size, for the running hours of the group.

    For On-Demand, EKS launches the first type of the list, in the list's order. For Spot, it launches the
    cheapest of the types with capacity (price-capacity-optimized): the bill uses the cheapest, so that one more type
    raises no bill, and at the maximum size the most expensive:
    https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html

    A disk is deleted with its node, so that it is not billed while the node is stopped. Not counted: the 2 GiB of the
    Bottlerocket system.
    """
    days = context.group_days(group_name(group))
    return (replace(usage, days=days) for usage in _nodes(group, context))


def _nodes(group: Resource, context: Context) -> Iterator[Usage]:
    name = group_name(group)
    nodes, assumed = node_hours(group, context)
    spot = group.inputs.get("capacityType") == "SPOT"
    types = tuple(group.inputs.get("instanceTypes") or ())
    share = context.group_hours(name)
    note = stopped_note(share)
    yield Usage(Instances(types if spot else types[:1], spot), "h", nodes, assumed, note)
    if context.settings is not None:
        yield from of_nodes(types if spot else types[:1], nodes, context.needed_nodes.get(name), context)
    template = context.needed(group, _TEMPLATE)
    for mapping in (template.inputs.get("blockDeviceMappings") or ()) if template else ():
        yield from volume(mapping.get("ebs") or {}, nodes * (1 / context.hours_per_month), assumed)


def node_hours(group: Resource, context: Context) -> tuple[Sizes, tuple[str, ...]]:
    """Return the hours of all nodes of a group in a month, and the assumptions that they depend on."""
    name = group_name(group)
    least, usual, most, assumed = _nodes_at_once(group, context)
    running_share = context.hours_per_month * context.group_hours(name)
    if usual:
        return Sizes(*map(Decimal, (least, usual, max(usual, most)))) * running_share, assumed
    # A group that starts with 0 nodes, and that no pod of the plan requires, runs when pods request it.
    hours, assumption = hours_of(name, context)
    most_hours = most * running_share
    return Sizes(least * running_share, min(hours, most_hours), most_hours), (assumption,)


def _nodes_at_once(group: Resource, context: Context) -> tuple[int, int, int, tuple[str, ...]]:
    """Return the nodes at minimum, expected and maximum size, and the assumptions that they depend on: between its own
    minimum and maximum, a group has those that pods require. Without the settings of the stack, it has its initial
    nodes.
    """
    scaling = group.inputs.get("scalingConfig") or {}
    least, initial, most = (int(scaling.get(f"{key}Size") or 0) for key in ("min", "desired", "max"))
    needed = context.needed_nodes.get(group_name(group)) if context.settings is not None else None
    if needed is None:
        return least, initial, most, ()
    at_minimum, expected = sum(needed.at("minimum").values()), sum(needed.at("expected").values())
    return min(at_minimum, expected), expected, most, needed.assumptions


def hours_of(name: str, context: Context) -> tuple[Decimal, str]:
    """Return the running hours of a group or pool that starts with 0 nodes, and the name of the assumption."""
    own = context.assumptions.group_hours_per_month.get(name)
    if own is not None:
        return Decimal(str(own)), f"groupHoursPerMonth.{name}"
    return context.assumed("gpuHoursPerMonth"), "gpuHoursPerMonth"


def volume(ebs: Mapping[str, Json], count: Sizes, assumed: tuple[str, ...] = (), note: str = "") -> Iterator[Usage]:
    """Yield EBS volumes for a whole month: their size, and their performance beyond the baseline of the type."""
    kind = str(ebs.get("volumeType") or "gp3")
    size = Decimal(str(ebs.get("volumeSize") or 20))
    yield Usage(f"ebs_{kind}_gb_month", "GB-month", count * size, assumed, note)
    iops, throughput = int(ebs.get("iops") or 0), int(ebs.get("throughput") or 0)
    for tier, amount in _tiers(kind, iops):
        yield Usage(f"ebs_{kind}_iops_{tier}month", "IOPS-month", count * amount, assumed)
    if throughput > GP3_THROUGHPUT:
        yield Usage("ebs_gp3_throughput_month", "MiBps-month", count * (throughput - GP3_THROUGHPUT), assumed)


def _tiers(kind: str, iops: int) -> Iterator[tuple[str, int]]:
    """Yield the price tiers of provisioned IOPS with the IOPS in each."""
    bounds = IO2_TIERS if kind == "io2" else {"": (GP3_IOPS if kind == "gp3" else 0, iops)}
    for tier, (least, most) in bounds.items():
        if iops > least:
            yield tier, min(iops, most) - least


def single_volume(disk: Resource, _: Context) -> Iterator[Usage]:
    """Yield a volume, which is billed also while its instance is stopped."""
    inputs = disk.inputs
    renamed = {"volumeType": inputs.get("type"), "volumeSize": inputs.get("size"), **inputs}
    yield from volume(renamed, always(1))


def instance(machine: Resource, context: Context) -> Iterator[Usage]:
    """Yield an instance for the hours in which it runs, its root volume for the whole month, and its public address
    while it runs. An Elastic IP has a price of its own: https://aws.amazon.com/vpc/pricing/

    A Spot instance has the Spot price of its type: the hours of interruptions are counted as running.
    """
    types = (str(machine.inputs.get("instanceType")),)
    share = context.instance_hours(machine)
    hours = always(context.hours_per_month * share)
    days = context.instance_days(machine)
    spot = (machine.inputs.get("instanceMarketOptions") or {}).get("marketType") == "spot"
    yield Usage(Instances(types, spot), "h", hours, note=stopped_note(share), days=days)
    yield from (replace(usage, days=days) for usage in of_server(types[0], hours, context))
    root = machine.inputs.get("rootBlockDevice")
    if root is not None:
        yield from volume(root, always(1), note="root volume")
    fixed = any(machine.urn in each.dependencies for each in context.of(_ADDRESS_OF))
    if machine.inputs.get("associatePublicIpAddress") and not fixed:
        yield Usage("public_ipv4_hour", "address-h", hours, note="while it runs", days=days)


def scaling_group(group: Resource, context: Context) -> Iterator[Usage]:
    """Yield the instances of an Auto Scaling group with their volumes. Their network interface has the address."""
    template = context.needed(group, _TEMPLATE)
    if template is None:
        return
    least, usual, most = (int(group.inputs.get(key) or 0) for key in ("minSize", "desiredCapacity", "maxSize"))
    count = Sizes(*map(Decimal, (least, usual, most)))
    yield Usage(
        Instances((str(template.inputs.get("instanceType")),), spot=False), "h", count * context.hours_per_month
    )
    for mapping in template.inputs.get("blockDeviceMappings") or ():
        yield from volume(mapping.get("ebs") or {}, count, note="root volume")


def stopped_note(share: Decimal) -> str:
    """Return the running hours of a week as a note; empty for a resource that always runs."""
    return f"runs {share * 168:.4g} of 168 h a week" if share != 1 else ""


COMPUTE: Mapping[str, PricingRule] = {
    "eks:index:ManagedNodeGroup": node_group,
    "aws:eks/nodeGroup:NodeGroup": node_group,
    "aws:autoscaling/group:Group": scaling_group,
    "aws:ebs/volume:Volume": single_volume,
    "aws:ec2/instance:Instance": instance,
}
