"""Every pod of the platform has a priority class above all that applications can name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aiplatform.fit.system_pods import system_pods
from aiplatform.preview.plan import Json
from catalog.kubeflow_pods import PODS_OF
from components.kubeflow.steps import OWN_FOLDER, STEPS
from config.priorities import HIGHEST, PLATFORM_CLASS, PRIORITIES, SYSTEM_CLASS
from tests.components.base import EVERY_STACK, SHIPPED, Recording, recorded, settings_of
from tests.config.base import ROOT

CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
OF_KUBERNETES = {"system-cluster-critical", "system-node-critical"}
WITHOUT_A_SETTING = {"amazon-cloudwatch-observability", "kube-state-metrics", "node-exporter"}
"""Pods of the EKS add-on for Container Insights: https://github.com/aws/containers-roadmap/issues/2449"""


def _pods(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        if isinstance(value.get("containers"), list):
            yield value
        for inner in value.values():
            yield from _pods(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pods(inner)


def _classes(recording: Recording) -> Iterator[tuple[str, str]]:
    """The class of each pod of the platform, with the name of what creates it."""
    environments = {recording.settings.namespace(key) for key in recording.settings.environments}
    for one in recording.plan.resources:
        if one.type.startswith("kubernetes:") and one.inputs.get("metadata", {}).get("namespace") not in environments:
            yield from ((one.urn, pod.get("priorityClassName", "")) for pod in _pods(dict(one.inputs)))
    for pods in system_pods(recording.plan):
        if pods.namespace != "amazon-cloudwatch" or pods.name not in WITHOUT_A_SETTING:
            yield f"{pods.namespace}/{pods.name}", pods.priority_class


@EVERY_STACK
def test_every_pod_of_the_platform_has_a_class_that_no_application_can_name(stack: str) -> None:
    found = dict(_classes(recorded(stack)))
    assert len(found) > 5 or stack not in SHIPPED
    assert {name: wrong for name, wrong in found.items() if wrong not in OF_KUBERNETES | PRIORITIES.keys()} == {}


@EVERY_STACK
def test_every_pod_of_an_environment_has_a_class_of_it(stack: str) -> None:
    recording = recorded(stack)
    for key, environment in recording.settings.environments.items():
        namespace = recording.settings.namespace(key)
        for one in recording.plan.resources:
            if one.inputs.get("metadata", {}).get("namespace") == namespace:
                assert {pod["priorityClassName"] for pod in _pods(dict(one.inputs))} <= set(
                    environment.priority_classes
                )


@EVERY_STACK
def test_classes_of_the_platform_are_above_those_of_the_stack_file(stack: str) -> None:
    values = {one.name: one.inputs["value"] for one in recorded(stack).all(CLASS)}
    assert {name: values[name] for name in PRIORITIES} == PRIORITIES
    named = [one.value for one in settings_of(stack).priority_classes.values()]
    assert max([0, *named]) <= HIGHEST < PRIORITIES[PLATFORM_CLASS] < PRIORITIES[SYSTEM_CLASS] < 1_000_000_000


@EVERY_STACK
def test_platform_classes_exist_before_nodes_and_charts(stack: str) -> None:
    recording = recorded(stack)
    classes = {one.urn for one in recording.all(CLASS) if one.name in PRIORITIES}
    later = [*recording.all("kubernetes:helm.sh/v3:Release"), *recording.all("kubernetes:kustomize/v2:Directory")]
    # Definitions of custom resources have no pods.
    later = [one for one in later if not one.name.endswith("-crd")]
    later += recording.all("eks:index:ManagedNodeGroup")
    later += [
        one for one in recording.plan.resources if one.type.startswith("kubernetes:") and any(_pods(dict(one.inputs)))
    ]
    assert [one.urn for one in later if not classes <= recording.before(one)] == []


@pytest.mark.parametrize("step", [step.name for step in STEPS if step.name in PODS_OF])
def test_folder_of_kubeflow_with_pods_names_the_class(step: str) -> None:
    patches = yaml.safe_load((Path(ROOT) / OWN_FOLDER / step / "kustomization.yaml").read_text())["patches"]
    wanted = {"op": "add", "path": "/spec/template/spec/priorityClassName", "value": SYSTEM_CLASS}
    named = [one for one in patches if one["target"] == {"kind": "Deployment|StatefulSet"}]
    assert [yaml.safe_load(one["patch"]) for one in named] == [[wanted]]


def test_documented_classes_of_pingvas_are_as_they_were() -> None:
    assert "pingvas" in SHIPPED
    values = {one.name: one.inputs["value"] for one in recorded("pingvas").all(CLASS)}
    assert values == {"prod-critical": 2_000_000, "prod-high": 1_000_000, "dev-low": 100_000, **PRIORITIES}
