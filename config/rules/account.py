"""What an AWS account holds by default, where tenants come near it."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack
from config.tenants import Tenants


class AccountQuota(NamedTuple):
    """What AWS lets an account have until somebody asks for more."""

    what: str
    most: int


ROLES = AccountQuota("IAM roles", 1000)
POLICIES = AccountQuota("customer managed IAM policies", 1500)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

BUCKETS = AccountQuota("S3 buckets", 10_000)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html"""

OTHERS = 0.1
"""The part of a quota that is left to the platform itself and to whatever else is in the account."""


def roles(section: Tenants, project: str) -> int:
    """A person's, unless it is there already, that of the pods, and with MLflow the server's and its secrets'."""
    each = 3 if section.mlflow is not None else 1
    return sum(each + (tenant.principal_arn is None) for tenant in section.all(project))


def policies(section: Tenants, project: str) -> int:
    """One of each role that pods have; a person's is part of the role."""
    return (3 if section.mlflow is not None else 1) * len(section.all(project))


def tenants(stack: Stack) -> Iterator[Problem]:
    """Tenants leave room in the account for all else.

    ECR's 100,000 repositories and Secrets Manager's 500,000 secrets of a region are more than any stack has tenants,
    and EKS states no quota of access entries: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
    """
    section, project = stack.settings.tenants, stack.settings.project.name
    if section is None:
        return
    buckets = len(section.all(project)) + len(section.kept(project))
    for count, quota in (
        (roles(section, project), ROLES),
        (policies(section, project), POLICIES),
        (buckets, BUCKETS),
    ):
        if count > quota.most * (1 - OTHERS):
            yield Problem(
                ("tenants", "range") if section.range else ("tenants",),
                f"makes {count:,} {quota.what} beside the platform's own, and an account has {quota.most:,} by default;"
                " ask AWS for more in Service Quotas, or spread tenants over accounts",
                severity="warning",
                because=(("tenants", "members"), ("tenants", "mlflow")),
            )


RULES: tuple[Rule, ...] = (tenants,)
