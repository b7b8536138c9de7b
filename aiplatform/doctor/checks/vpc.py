"""The existing VPC of the stack file and its subnets, as they are today."""

from collections.abc import Iterator
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, wrong
from aiplatform.verify.model import Json
from config.network import Network, Subnet

TITLE, ORDER = "Existing VPC", 65

FEW = 16
"""Free addresses below which the control plane and load balancers find no place:
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"""

OPTIONS = {"enableDnsSupport": "--enable-dns-support", "enableDnsHostnames": "--enable-dns-hostnames"}
"""Attributes that EKS requires, and the options of the AWS CLI that switch them on."""


def questions(subject: Subject) -> Iterator[Question]:
    """Yield questions about the VPC of `network.vpcId`, its name resolution, and each of its subnets."""
    network = subject.settings.network
    if network.vpc_id is None:
        return
    cidrs = [str(one) for one in (network.cidr, *network.secondary_cidrs)]
    yield Question(f"{network.vpc_id} with {', '.join(cidrs)}", partial(_vpc, subject, network.vpc_id, cidrs))
    yield Question(f"{network.vpc_id} resolves names", partial(_names, subject.region, network.vpc_id))
    for tier, one in _subnets(network):
        yield Question(f"{tier} {one.id}, {one.cidr} in {one.zone}", partial(_subnet, subject, network.vpc_id, one))


def _subnets(network: Network) -> Iterator[tuple[str, Subnet]]:
    tiers = network.tiers()
    for tier, subnets in (
        ("public", tiers.public),
        ("private", tiers.private),
        ("data", tiers.data),
        ("control plane", tiers.control_plane),
    ):
        yield from ((tier, one) for one in subnets if one.id is not None)


def _again(subject: Subject, vpc: str) -> str:
    return f"run `aiplatform adopt vpc {vpc} --stack {subject.stack}` again"


def _vpc(subject: Subject, vpc: str, cidrs: list[str], account: Account) -> Answer:
    found = account.found(subject.region, "ec2", "describe_vpcs", "InvalidVpcID.NotFound", VpcIds=[vpc])
    if found is None:
        return wrong(
            f"there is none in {subject.region} of account {account.number}",
            "correct network.vpcId, project.region or project.profile",
        )
    one = found["Vpcs"][0]
    there = [each["CidrBlock"] for each in one.get("CidrBlockAssociationSet", ())] or [one["CidrBlock"]]
    missing = [cidr for cidr in cidrs if cidr not in there]
    if missing:
        return wrong(f"it has {listed(there)}, and not {listed(missing)}", _again(subject, vpc))
    return fine("it is there")


def _names(region: str, vpc: str, account: Account) -> Answer:
    off = []
    for name in OPTIONS:
        found = account.call(region, "ec2", "describe_vpc_attribute", VpcId=vpc, Attribute=name)
        if not found[f"{name[0].upper()}{name[1:]}"]["Value"]:
            off.append(name)
    if off:
        commands = (f"aws ec2 modify-vpc-attribute --vpc-id {vpc} {OPTIONS[one]}" for one in off)
        return wrong(f"{' and '.join(off)} off, which EKS requires", " && ".join(commands))
    return fine("it does")


def _subnet(subject: Subject, vpc: str, wanted: Subnet, account: Account) -> Answer:
    gone = "InvalidSubnetID.NotFound"
    found = account.found(subject.region, "ec2", "describe_subnets", gone, SubnetIds=[wanted.id])
    if found is None:
        return wrong(f"there is none in {subject.region} of account {account.number}", _again(subject, vpc))
    one: Json = found["Subnets"][0]
    pairs = ((vpc, one["VpcId"]), (str(wanted.cidr), one["CidrBlock"]), (wanted.zone, one["AvailabilityZone"]))
    differs = [f"{there}, and not {ours}" for ours, there in pairs if ours != there]
    if differs:
        return wrong(f"it is in or has {listed(differs)}", _again(subject, vpc))
    free = int(one["AvailableIpAddressCount"])
    if free < FEW:
        return wrong(f"{free} of its addresses are free", "choose another subnet, or free some")
    return fine(f"{free:,} free addresses")
