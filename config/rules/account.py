"""Default AWS account quotas that the resources of tenants count against."""

from collections.abc import Iterator

from catalog.quotas import SINCE, codes, quotas
from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack
from config.tenants import Tenants

ROLES, POLICIES, BUCKETS = (quotas()[key] for key in ("roles", "policies", "buckets"))

OTHERS = 0.1
"""Share of a quota that is reserved for the platform itself and other resources of the account."""


def roles(section: Tenants, project: str) -> int:
    """Count the IAM roles of tenants: one for pods, one for the user unless it exists, two more with MLflow."""
    each = 3 if section.mlflow is not None else 1
    return sum(each + (tenant.principal_arn is None) for tenant in section.all(project))


def policies(section: Tenants, project: str) -> int:
    """Count the managed policies of tenants: one for each role of pods; a user's policy is inline."""
    return (3 if section.mlflow is not None else 1) * len(section.all(project))


def tenants(stack: Stack) -> Iterator[Problem]:
    """Tenants stay below the default quotas of the account, with a reserve.

    The defaults of ECR (100,000 repositories) and Secrets Manager (500,000 secrets a region) exceed the maximum number
    of tenants, and EKS documents no quota of access entries:
    https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
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
        if count > quota.default * (1 - OTHERS):
            yield Problem(
                ("tenants", "range") if section.range else ("tenants",),
                f"requires {count:,} {quota.name} in addition to the platform's own, and the default quota is "
                f"{quota.default:,}; request an increase in Service Quotas, or distribute tenants over accounts",
                severity="warning",
                because=(("tenants", "members"), ("tenants", "mlflow")),
            )


def increased(stack: Stack) -> Iterator[Problem]:
    """Each stated quota is one that the plan counts."""
    for code in stack.settings.project.quotas:
        if code not in codes():
            yield Problem(
                ("project", "quotas", code),
                f"is not in the table of {SINCE}, and nothing is compared with it; remove it, or correct the code",
                severity="warning",
            )


RULES: tuple[Rule, ...] = (tenants, increased)
