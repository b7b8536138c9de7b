"""Quotas of the account against what the plan needs."""

from collections.abc import Iterator
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, unknown, wrong
from aiplatform.quotas.check import WORLD, needs, request
from aiplatform.quotas.need import Need
from catalog.quotas import Quota, quotas

TITLE, ORDER = "Quotas", 20

GLOBAL = frozenset({"iam", "route53"})
"""Services whose quotas Service Quotas has in us-east-1 alone, those of each role and zone, too."""

USED = {
    "vpcs": ("describe_vpcs", "Vpcs"),
    "elasticIps": ("describe_addresses", "Addresses"),
    "internetGateways": ("describe_internet_gateways", "InternetGateways"),
}
"""Small quotas of EC2 that other platforms of the account use up, with the list of what uses them."""

_ABSENT = ("NoSuchResourceException",)


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for each quota, about the largest need of it."""
    most: dict[tuple[str, str], Need] = {}
    for need in needs(subject.index):
        place = (need.quota, need.region)
        if need.amount and (place not in most or need.amount > most[place].amount):
            most[place] = need
    for need in most.values():
        quota = quotas()[need.quota]
        stated = subject.settings.project.quotas.get(quota.code) if quota.code else None
        one = need._replace(region=WORLD if quota.service in GLOBAL else need.region or subject.region)
        about = f"{quota.name} in {one.region} ({quota.label}), at least {need.amount:,}"
        yield Question(about, partial(_value, subject, one, quota, stated))


def _value(subject: Subject, need: Need, quota: Quota, stated: int | None, account: Account) -> Answer:
    if not quota.code:
        if need.amount > quota.default:
            return unknown(f"Service Quotas does not list it; the default is {quota.default:,}", request(need, quota))
        return fine(f"the default is {quota.default:,}")
    names = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    found = account.found(need.region, "service-quotas", "get_service_quota", *_ABSENT, **names)
    if found is None:
        found = account.found(need.region, "service-quotas", "get_aws_default_service_quota", *_ABSENT, **names)
    if found is None:
        return unknown(f"Service Quotas does not know the code in {need.region}", f"see {quota.source}")
    there = int(found["Quota"]["Value"])
    used = _used(subject, need, account)
    if need.amount + used > there:
        of = f" and uses {used:,}" if used else ""
        return wrong(f"the account has {there:,}{of}", request(need._replace(amount=need.amount + used), quota))
    if stated is not None and stated > there:
        return wrong(
            f"project.quotas.{quota.code} states {stated:,}, and the account has {there:,}",
            f"set project.quotas.{quota.code} to {there}",
        )
    return fine(f"the account has {there:,}")


def _used(subject: Subject, need: Need, account: Account) -> int:
    """Return what other platforms of the account use of a quota, where it is counted."""
    if need.quota not in USED:
        return 0
    operation, key = USED[need.quota]
    tags = (
        {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
        for one in account.listed(need.region, "ec2", operation, key)
    )
    return sum(not subject.owns(one) for one in tags)
