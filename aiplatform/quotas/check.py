"""Findings about quotas of an AWS account, which are also the list of quota requests of a new account."""

from collections.abc import Iterator, Mapping

from aiplatform.finding import Finding, Severity
from aiplatform.fit.fit import LevelFit
from aiplatform.preview.plan import Plan
from aiplatform.quotas.addresses import SHARE, address_findings
from aiplatform.quotas.need import Index, Need, largest
from aiplatform.quotas.parts import of_parents
from aiplatform.quotas.resources import of_account
from aiplatform.quotas.vcpus import unknown_types, vcpus
from catalog.quotas import SINCE, Quota, quotas
from config.settings import Settings

WORLD = "us-east-1"
"""Where Service Quotas has the quotas of an account: https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html"""


def needs(index: Index) -> list[Need]:
    """Return what a plan needs of each quota: the sum for quotas of a Region or account, each parent otherwise."""
    return [
        *largest(_whole(one) for one in (*of_account(index), *vcpus(index))),
        *of_parents(index),
    ]


def _whole(need: Need) -> Need:
    return need._replace(region=WORLD) if quotas()[need.quota].scope == "account" else need


def account_quotas(plan: Plan, settings: Settings, fitted: LevelFit) -> Iterator[Finding]:
    """Yield a finding for each quota of which a plan needs 80 % or more, and for each subnet without addresses."""
    index = Index(plan)
    for need in needs(index):
        one = need if need.urn else need._replace(urn=index.platform)
        yield from _finding(one, quotas()[one.quota], settings.project.quotas)
    for group, name in unknown_types(index):
        yield Finding(
            "quota-unknown",
            "warning",
            group.urn,
            f"{group.name}: the tables of {SINCE} have no size or vCPU quota of {name}",
            "compare its vCPUs with the quotas of EC2 in Service Quotas",
        )
    yield from address_findings(index, fitted)


def _finding(need: Need, quota: Quota, raised: Mapping[str, int]) -> Iterator[Finding]:
    stated = raised.get(quota.code) if quota.code else None
    there = quota.default if stated is None else stated
    if not need.amount or need.amount * 100 < there * SHARE:
        return
    # What AWS does not raise, and what the stack file states, is what the account has.
    known = stated is not None or not quota.adjustable
    severity: Severity = "error" if known and need.amount > there else "warning"
    share = f", {need.amount * 100 // there} %" if there else ""
    of = f" of {need.of}" if need.of and need.of != need.urn else ""
    message = (
        f"{need.amount:,} {quota.name}{of}{share}: the {'default' if stated is None else 'stated'} quota is "
        f"{there:,} ({quota.label})"
    )
    yield Finding("quota-request", severity, need.urn, message, request(need, quota))


def request(need: Need, quota: Quota) -> str:
    """Return how an increase of a quota is requested."""
    if not quota.adjustable:
        return f"AWS does not increase it; use fewer: {quota.source}"
    wanted = need.amount * 100 // SHARE + 1
    if not quota.code:
        return f"request {wanted:,} from AWS Support: {quota.source}"
    return (
        f"request {wanted:,}: aws service-quotas request-service-quota-increase --region {need.region} --service-code "
        f"{quota.service} --quota-code {quota.code} --desired-value {wanted}; then set project.quotas.{quota.code}"
    )
