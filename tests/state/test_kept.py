"""No release loses a resource with data, an identity or an address: its URN stays or becomes an alias."""

from typing import Any
from unittest import mock

import pulumi_aws as aws
import pytest

from components.base.component import Component
from components.data.database import Database
from tests.components.base import SHIPPED, STACKS, Recording, alone, record_stack, recorded
from tests.state.types import ADDRESS, DATA, IDENTITY, KEPT, MAY_BE_REPLACED
from tests.state.urns import FOLDER, disputed, kept, listed, lost

INSIDE = {"aws:eks/addon:Addon", "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"}
"""What only the engine sees."""

EVERY_STACK = pytest.mark.parametrize("stack", SHIPPED)
RENAMED = "ai-platform:data:RelationalDatabase"


@EVERY_STACK
def test_kept_urn_is_in_the_plan_or_an_alias(stack: str) -> None:
    resources = recorded(stack).plan.resources
    assert lost(listed(stack), resources) == [], (
        "the engine would delete these and create others: say in the component what it was formerly called "
        "(docs/upgrades.md); delete a line only where its resource is to go"
    )
    assert disputed(listed(stack), resources) == []


@EVERY_STACK
def test_kept_list_has_every_kept_resource_of_the_plan(stack: str) -> None:
    missing = kept(recorded(stack).plan.resources) - set(listed(stack))
    assert sorted(missing) == [], "`python -m tests.state` adds them"


def test_kept_lists_are_of_the_shipped_stacks() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.txt")) == SHIPPED


@pytest.mark.parametrize("stack", STACKS)
def test_type_in_a_plan_is_kept_or_may_be_replaced(stack: str) -> None:
    types = {resource.type for resource in recorded(stack).plan.resources}
    decided = KEPT.keys() | MAY_BE_REPLACED
    undecided = {type_ for type_ in types - decided if not type_.startswith("ai-platform:")}
    assert sorted(undecided) == [], "say in catalog/aws or catalog/kubernetes_kinds.py what one keeps"


def test_table_of_types_has_no_type_that_no_stack_has() -> None:
    found = {resource.type for stack in STACKS for resource in recorded(stack).plan.resources}
    assert sorted(KEPT.keys() - found - INSIDE) == []
    assert {keeps.what for keeps in KEPT.values()} == {DATA, IDENTITY, ADDRESS}


def _renamed(**changes: Any) -> Recording:
    """The stack mlflow, with the class of its database changed."""
    with mock.patch.multiple(Database, **changes):
        return record_stack("mlflow")


def test_renamed_token_loses_the_database_without_an_alias() -> None:
    gone = lost(listed("mlflow"), _renamed(TOKEN=RENAMED).plan.resources)
    below = "urn:pulumi:mlflow::ai-platform::ai-platform:platform:Platform$ai-platform:data:Database$"
    assert gone == [
        f"{below}aws:cloudwatch/logGroup:LogGroup::database-mlflow-postgresql",
        f"{below}aws:cloudwatch/logGroup:LogGroup::database-mlflow-upgrade",
        f"{below}aws:ec2/securityGroup:SecurityGroup::database-mlflow",
        f"{below}aws:rds/instance:Instance::database-mlflow",
    ]


def test_renamed_token_loses_nothing_with_an_alias() -> None:
    resources = _renamed(TOKEN=RENAMED, FORMERLY=(Database.TOKEN,)).plan.resources
    assert lost(listed("mlflow"), resources) == []
    assert disputed(listed("mlflow"), resources) == []
    database = next(resource for resource in resources if resource.type == "aws:rds/instance:Instance")
    assert f"${RENAMED}$" in database.urn
    assert database.aliases == (database.urn.replace(RENAMED, Database.TOKEN),)


def test_urn_that_two_resources_claim_is_found() -> None:
    class First(Component):
        TOKEN = "ai-platform:test:First"  # noqa: S105, a type
        FORMERLY = ("ai-platform:test:Former",)

        def __init__(self) -> None:
            super().__init__("alerts")
            aws.sns.Topic("alerts", opts=self.child())

    class Second(First):
        TOKEN = "ai-platform:test:Second"  # noqa: S105, a type

    def build() -> None:
        First()
        Second()

    former = "urn:pulumi:test::ai-platform::ai-platform:test:Former$aws:sns/topic:Topic::alerts"
    resources = alone(build).plan.resources
    assert lost([former], resources) == []
    assert disputed([former], resources) == [former]
    assert disputed([former], [one for one in resources if "$" not in one.urn or "First" in one.urn]) == []
