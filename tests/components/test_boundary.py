"""Every role of the program has the permissions boundary and the path of the stack file."""

import pytest
from pydantic import ValidationError

from config.project import Project
from tests.components.base import SHIPPED, recorded
from tests.each import each

ACCOUNT = "111122223333"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/shop-boundary"


def project(**settings: str) -> Project:
    given = {"name": "shop", "environment": "dev", "region": "us-west-2", "accountId": ACCOUNT, **settings}
    return Project.model_validate(given)


@each("stack", SHIPPED)
def test_every_role_of_a_shipped_stack_has_its_boundary(stack: str) -> None:
    recording = recorded(stack)
    name = recording.settings.project.permissions_boundary
    roles = recording.all("aws:iam/role:Role")
    assert name == f"{recording.settings.project.name}-boundary"
    found = {str(role.inputs.get("permissionsBoundary")).partition(":policy/")[2] for role in roles}
    assert (len(roles) >= 10, found) == (True, {name})


def test_stack_without_a_boundary_sets_none() -> None:
    assert all(
        "permissionsBoundary" not in role.inputs and "path" not in role.inputs
        for role in recorded("bare").all("aws:iam/role:Role")
    )


@pytest.mark.parametrize(
    ("settings", "arn"),
    [
        ({}, BOUNDARY),
        ({"permissionsBoundary": "company"}, f"arn:aws:iam::{ACCOUNT}:policy/company"),
        ({"permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/it/b"}, f"arn:aws:iam::{ACCOUNT}:policy/it/b"),
        ({"permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}, "arn:aws:iam::aws:policy/PowerUserAccess"),
    ],
)
def test_boundary_is_a_name_or_an_arn(settings: dict[str, str], arn: str) -> None:
    assert project(**settings).boundary_arn(ACCOUNT) == arn


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"permissionsBoundary": "arn:aws:iam::999999999999:policy/b"}, "is in another account than accountId"),
        (
            {"permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:role/b"},
            "is neither the name nor the ARN of a managed policy",
        ),
        ({"permissionsBoundary": f"arn:aws:s3:::{ACCOUNT}"}, "is neither the name nor the ARN of a managed policy"),
        ({"permissionsBoundary": "a b"}, "is neither the name nor the ARN of a managed policy"),
        ({"rolePath": "platform"}, "is not a path of IAM roles"),
        ({"rolePath": "/platform"}, "is not a path of IAM roles"),
        ({"rolePath": "/a//b/"}, "is not a path of IAM roles"),
    ],
)
def test_invalid_boundary_is_refused_with_the_fix(settings: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        project(**settings)
