"""Environment variables of every container: after those that they name, else in alphabetical order."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from config.rules.variables import OF_KUBERNETES, given
from config.variables import in_order, references
from tests.components.base import STACKS, recorded

BOTH = pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])
Container = Mapping[str, Any]
BY_THE_CONTROLLER = ("LWS_LEADER_ADDRESS", "LWS_WORKER_INDEX")
"""LeaderWorkerSet adds them to the containers of a group, before the others."""


def _containers(value: Any) -> Iterator[Container]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("containers", "initContainers") and isinstance(item, list):
                yield from item
            yield from _containers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _containers(item)


def _containers_of(stack: str, unknown: bool) -> list[tuple[str, Container]]:
    plan = recorded(stack, unknown).plan
    return [
        (resource.urn, container)
        for resource in plan.resources
        if resource.type.startswith("kubernetes:") and "helm" not in resource.type
        for container in _containers(resource.inputs)
    ]


def _named(container: Container) -> dict[str, tuple[str, ...]]:
    return {one["name"]: references(str(one.get("value") or "")) for one in container.get("env") or ()}


@pytest.mark.parametrize("stack", STACKS)
def test_variables_stand_after_those_that_they_name_else_by_name(stack: str) -> None:
    for urn, container in _containers_of(stack, unknown=False):
        names = [one["name"] for one in container.get("env") or ()]
        assert len(set(names)) == len(names), urn
        assert names == in_order(_named(container)), urn


@pytest.mark.parametrize("stack", STACKS)
def test_order_of_variables_is_the_same_before_the_cloud_answers(stack: str) -> None:
    """URLs of what is not there yet name variables too, and nobody can read that in them."""
    before, after = (
        {
            (urn, one["name"]): [each["name"] for each in one.get("env") or ()]
            for urn, one in _containers_of(stack, known)
        }
        for known in (True, False)
    )
    assert before == after


@pytest.mark.parametrize("stack", STACKS)
def test_every_variable_that_a_value_names_is_there(stack: str) -> None:
    for urn, container in _containers_of(stack, unknown=False):
        if container.get("envFrom"):
            continue
        named = _named(container)
        texts = [*(container.get("command") or ()), *(container.get("args") or ())]
        # In a command line `$((1 + 1))` and `$(date)` are for a shell.
        mentioned = {
            *(each for one in named.values() for each in one),
            *(x for text in texts for x in references(text) if x.isupper() and x.isidentifier()),
        }
        assert mentioned - named.keys() <= {*BY_THE_CONTROLLER}, urn


def _keys(stack: str, namespace: str) -> dict[str, set[str]]:
    """What each Secret and ConfigMap of a namespace holds, by its name."""
    found: dict[str, set[str]] = {}
    for resource in recorded(stack).plan.resources:
        inputs = resource.inputs
        if (inputs.get("metadata") or {}).get("namespace") != namespace:
            continue
        if inputs.get("kind") == "ConfigMap":
            found[inputs["metadata"]["name"]] = set(inputs["data"])
        elif inputs.get("kind") == "ExternalSecret":
            target = inputs["spec"]["target"]
            made = (target.get("template") or {}).get("data")
            found[target["name"]] = set(made or (each["secretKey"] for each in inputs["spec"]["data"]))
    return found


@pytest.mark.parametrize("stack", [stack for stack in STACKS if recorded(stack).settings.environments])
def test_rules_know_every_variable_of_an_application(stack: str) -> None:
    recording = recorded(stack)
    settings = recording.settings
    seen = 0
    for key in settings.environments:
        namespace = settings.namespace(key)
        held = _keys(stack, namespace)
        for name, application in settings.services(key).items():
            deployment = next(
                one.inputs
                for one in recording.all("kubernetes:apps/v1:Deployment")
                if (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]) == (namespace, name)
            )
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            sources = [next(iter(one.values()))["name"] for one in container.get("envFrom") or ()]
            there = {one["name"] for one in container["env"]}.union(*(held[source] for source in sources))
            assert there == {*given(settings, key, application), *application.environment} - {*OF_KUBERNETES}
            seen += 1
    assert seen or not any(one.services for one in settings.environments.values())
