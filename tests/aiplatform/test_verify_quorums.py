"""Members of Kafka and Redis: their number is that of the plan, and an unready one is reported."""

from typing import Any

import pytest

from aiplatform.verify.model import Outcome, Subject
from aiplatform.verify.quorums import members, there, wanted
from tests.aiplatform.verify_fakes import FakeCluster
from tests.components.base import recorded, settings_of

STACKS = pytest.mark.parametrize("stack", ["streams", "zookeeper", "redis"])
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"


def path(namespace: str, name: str) -> str:
    """Where the API has a StatefulSet."""
    return f"/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}"


def asked(stack: str, objects: dict[str, Any]) -> Outcome:
    """What the check says."""
    subject: Any = type("Asked", (), {"settings": settings_of(stack), "cluster": FakeCluster(objects)})()
    one: Subject = subject
    return members(one)


def well(stack: str) -> dict[str, Any]:
    """All members are ready."""
    return {
        path(namespace, name): {"status": {"readyReplicas": count}}
        for namespace, name, count in wanted(settings_of(stack))
    }


@STACKS
def test_expected_members_are_those_of_the_plan(stack: str) -> None:
    planned = {
        (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"], item.inputs["spec"]["replicas"])
        for item in recorded(stack).all(STATEFUL_SET)
    }
    assert set(wanted(settings_of(stack))) == planned


@STACKS
def test_complete_quorum_lists_all_members(stack: str) -> None:
    found = asked(stack, well(stack))
    assert found.verdict == "passed"
    for _, name, count in wanted(settings_of(stack)):
        assert f"{name} {count}/{count}" in found.detail


@STACKS
def test_unready_member_and_missing_set_are_reported(stack: str) -> None:
    for namespace, name, count in wanted(settings_of(stack)):
        objects = well(stack)
        objects[path(namespace, name)] = {"status": {"readyReplicas": count - 1}}
        found = asked(stack, objects)
        assert (found.verdict, found.detail) == (
            "failed",
            f"{count - 1} of {count} pods of {name} in {namespace} are ready",
        )
        del objects[path(namespace, name)]
        assert asked(stack, objects).detail == f"there is no StatefulSet {name} in {namespace}"


def test_stack_without_quorums_is_not_checked() -> None:
    assert not there(settings_of("mlflow"))
