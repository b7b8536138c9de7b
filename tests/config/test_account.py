"""Account quotas that tenants use, against the resources of plans."""

from collections import Counter

import pytest

from config.rules.account import BUCKETS, OTHERS, POLICIES, ROLES, policies, roles
from config.tenants import Tenants
from tests.components.base import recorded, settings_from, settings_of


@pytest.mark.parametrize("stack", ["dev", "tenants"])
def test_counted_roles_and_policies_are_those_of_the_plan(stack: str) -> None:
    settings = settings_of(stack)
    section, project = settings.tenants, settings.project.name
    assert section is not None
    names = [tenant.name for tenant in section.all(project)]
    made = Counter(
        resource.type for resource in recorded(stack).all("aws:") if any(f"-{name}" in resource.name for name in names)
    )
    assert (made["aws:iam/role:Role"], made["aws:iam/policy:Policy"]) == (
        roles(section, project),
        policies(section, project),
    )


@pytest.mark.parametrize(("count", "mlflow"), [(450, None), (225, {})])
def test_tenth_of_the_role_quota_is_reserved(count: int, mlflow: dict[str, object] | None) -> None:
    section = settings_from(Tenants, {"range": {"last": count}, "digits": 3, "mlflow": mlflow})
    assert roles(section, "shop") == ROLES.default * (1 - OTHERS)
    assert policies(section, "shop") < POLICIES.default
    assert BUCKETS.default > 5000
