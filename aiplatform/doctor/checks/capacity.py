"""Zones that offer the instance types, and Spot capacity."""

from collections.abc import Iterator, Sequence
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, unknown, wrong
from aiplatform.fit.karpenter import allowed_types
from aiplatform.preview.plan import Resource
from aiplatform.quotas.need import items, number, record
from aiplatform.quotas.vcpus import GROUPS, INSTANCE, POOL

TITLE, ORDER = "Zones and capacity", 30

SUBNET = "aws:ec2/subnet:Subnet"

LISTED = 10
"""Instance types up to which they are a list of a node group, each wanted; the requirements of a pool match many."""

LOW = 3
"""Score of Spot placement, of 10, up to which a request is unlikely to succeed:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-placement-score.html"""


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for the zones, for the types of each group and server, and for each group on Spot."""
    made = {str(one.inputs["availabilityZone"]) for one in subject.of(SUBNET) if _zone(one)}
    zones = sorted({*made, *_existing(subject).values()})
    if zones:
        yield Question(f"zones {', '.join(zones)}", partial(_zones, subject.region, zones))
    for one in subject.of(*GROUPS):
        types = [str(name) for name in items(one.inputs.get("instanceTypes"))]
        of_group = _zones_of(subject, one)
        name = str(one.inputs.get("nodeGroupName") or one.name)
        if types:
            about = f"node group {name}: {listed(types)} in {', '.join(of_group) or 'its zones'}"
            yield Question(about, partial(_offered, subject.region, types, of_group))
        if types and one.inputs.get("capacityType") == "SPOT":
            most = number(record(one.inputs.get("scalingConfig")).get("maxSize"), 1)
            about = f"node group {name}: Spot capacity for {most} nodes"
            yield Question(about, partial(_score, subject.region, types, max(most, 1)))
    for one in subject.of(INSTANCE):
        wanted = [str(one.inputs["availabilityZone"])] if _zone(one) else zones
        about = f"instance {one.name}: {one.inputs.get('instanceType')} in {', '.join(wanted)}"
        yield Question(about, partial(_offered, subject.region, [str(one.inputs.get("instanceType"))], wanted))
    for one in subject.of(POOL):
        types = list(allowed_types(one.inputs))
        if types:
            name = str(record(one.inputs.get("metadata")).get("name"))
            about = f"node pool {name}: one of {listed(types)} in {', '.join(zones)}"
            yield Question(about, partial(_offered, subject.region, types, zones))


def _zone(one: Resource) -> bool:
    return isinstance(one.inputs.get("availabilityZone"), str)


def _zones_of(subject: Subject, group: Resource) -> list[str]:
    ids = [str(one) for one in items(group.inputs.get("subnetIds"))]
    subnets = (subject.index.subnets.get(one) for one in ids)
    made = {str(one.inputs["availabilityZone"]) for one in subnets if one is not None and _zone(one)}
    existing = _existing(subject)
    return sorted({*made, *(existing[one] for one in ids if one in existing)})


def _existing(subject: Subject) -> dict[str, str]:
    """Return the zones of the subnets of an existing VPC, by ID."""
    network = subject.settings.network
    if network.vpc_id is None:
        return {}
    tiers = network.tiers()
    return {one.id: one.zone for one in (*tiers.public, *tiers.private, *tiers.data) if one.id is not None}


def _zones(region: str, wanted: Sequence[str], account: Account) -> Answer:
    answer = account.call(region, "ec2", "describe_availability_zones")["AvailabilityZones"]
    there = sorted(one["ZoneName"] for one in answer if one.get("State", "available") == "available")
    missing = [one for one in wanted if one not in there]
    if missing:
        return wrong(
            f"the account has no zone {listed(missing)}", f"choose zones of {', '.join(there)} in the stack file"
        )
    return fine("the account has them")


def _offered(region: str, types: Sequence[str], zones: Sequence[str], account: Account) -> Answer:
    """Return whether some type is offered in some zone; EC2 takes at most 200 values of a filter."""
    offers = {
        (str(one["InstanceType"]), str(one["Location"]))
        for at in range(0, len(types), 200)
        for one in account.listed(
            region,
            "ec2",
            "describe_instance_type_offerings",
            "InstanceTypeOfferings",
            LocationType="availability-zone",
            Filters=[{"Name": "instance-type", "Values": list(types[at : at + 200])}],
        )
    }
    where = {name: sorted(zone for offered, zone in offers if offered == name) for name in types}
    usable = {name: [zone for zone in found if zone in zones or not zones] for name, found in where.items()}
    none = [name for name, found in usable.items() if not found]
    if len(none) == len(types):
        others = sorted({zone for found in where.values() for zone in found})
        fix = f"they are offered in {', '.join(others)}" if others else "no zone of the region offers them"
        return wrong(f"no zone of the stack offers {listed(none)}", f"{fix}; change the zones or the instance types")
    partly = [name for name, found in usable.items() if found and len(found) < len(zones)]
    notes = [f"not at all: {listed(none)}"] if none else []
    notes += [f"not in every zone: {listed(partly)}"] if partly else []
    if none and len(types) <= LISTED:
        return wrong(f"no zone of the stack offers {listed(none)}", "remove these instance types, or change the zones")
    return fine("; ".join(["offered", *notes]))


def _score(region: str, types: Sequence[str], nodes: int, account: Account) -> Answer:
    scores = list(
        account.listed(
            region,
            "ec2",
            "get_spot_placement_scores",
            "SpotPlacementScores",
            InstanceTypes=list(types),
            TargetCapacity=nodes,
            TargetCapacityUnitType="units",
            RegionNames=[region],
        )
    )
    if not scores:
        return unknown("EC2 has no score for these types")
    score = max(one["Score"] for one in scores)
    if score <= LOW:
        return wrong(f"the placement score is {score} of 10", "add instance types of the same size, or use ON_DEMAND")
    return fine(f"the placement score is {score} of 10")
