"""Pods that no longer fit, rollouts that surge, and budgets that stop drains, worked out by hand."""

from collections.abc import Callable

import pytest

from aiplatform.diff.sections.pods import lines
from aiplatform.fit.pods import Sourced
from aiplatform.fit.rollout import blocking_budgets
from tests.diff.changed import Resources, changed, side, told

SERVER = "kubernetes:apps/v1:Deployment mlflow-server"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget mlflow-server"
NODES = "eks:index:ManagedNodeGroup nodes-cpu-workers"
NAME = "Deployment ml-platform/mlflow"
PDB = "PodDisruptionBudget ml-platform/mlflow"


def _difference(*changes: Callable[[Resources], None]) -> list[str]:
    def all_of_them(found: Resources) -> None:
        for change in changes:
            change(found)

    return told(lines(side("mlflow"), changed("mlflow", all_of_them)))


def _container(found: Resources) -> dict[str, object]:
    container: dict[str, object] = found[SERVER]["inputs"]["spec"]["template"]["spec"]["containers"][0]
    return container


def image(found: Resources) -> None:
    _container(found)["image"] = "ghcr.io/mlflow/mlflow:v9.9.9"


def large(found: Resources) -> None:
    """More memory than a t3.medium has."""
    _container(found)["resources"] = {"requests": {"cpu": "1", "memory": "6Gi"}, "limits": {"memory": "6Gi"}}


def all_must_run(found: Resources) -> None:
    spec = found[BUDGET]["inputs"]["spec"]
    spec.pop("maxUnavailable")
    spec["minAvailable"] = 2


def release(found: Resources) -> None:
    found[NODES]["inputs"]["releaseVersion"] = "1.35.9-20261101"


def scaling(found: Resources) -> None:
    found[NODES]["inputs"]["scalingConfig"] = {"minSize": 2, "desiredSize": 3, "maxSize": 6}


def test_equal_stacks_have_no_difference() -> None:
    assert lines(side("mlflow"), side("mlflow")) == []
    assert _difference(scaling) == []


def test_changed_image_has_the_pods_that_its_rollout_adds() -> None:
    (line,) = _difference(image)
    assert line.startswith(f"info: {NAME}: its rollout adds 1 pod (")


def test_pods_that_no_longer_fit_are_errors_with_the_reason() -> None:
    (line,) = _difference(large)
    assert line.startswith(f"error: {NAME}: 5 of its 5 pods no longer fit with all node groups at their maximum: ")
    again = told(lines(changed("mlflow", large), side("mlflow")))
    assert f"info: {NAME}: all of its pods fit again" in again


def test_budget_that_allows_no_eviction_is_a_warning() -> None:
    assert _difference(all_must_run) == [
        f"warning: {PDB}: allows no eviction of {NAME} (minAvailable is 2 of 2 pods): a drain waits for it"
    ]


def test_budget_that_stops_the_drain_of_this_change_names_the_nodes() -> None:
    before = changed("mlflow", all_must_run)

    def both(found: Resources) -> None:
        all_must_run(found)
        release(found)

    assert told(lines(before, changed("mlflow", both))) == [
        f"warning: {PDB}: allows no eviction of {NAME} (minAvailable is 2 of 2 pods), so that the drain of "
        "nodes-cpu-workers waits for it"
    ]
    assert told(lines(before, before)) == []


@pytest.mark.parametrize(
    ("replicas", "spec", "blocks"),
    [
        (1, {"minAvailable": 1}, True),
        (2, {"minAvailable": 1}, False),
        (2, {"minAvailable": "50%"}, False),
        (3, {"minAvailable": "70%"}, True),
        (3, {"maxUnavailable": 0}, True),
        (3, {"maxUnavailable": "0%"}, True),
        (1, {"maxUnavailable": "10%"}, False),
        (1, {}, True),
        (0, {"minAvailable": 1}, False),
    ],
)
def test_budget_blocks_where_no_pod_may_be_missing(replicas: int, spec: dict[str, object], blocks: bool) -> None:
    # Percentages are rounded up: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
    labels = {"app": "a"}
    server = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a", "namespace": "n"},
        "spec": {"replicas": replicas, "template": {"metadata": {"labels": labels}, "spec": {"containers": []}}},
    }
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "a", "namespace": "n"},
        "spec": {"selector": {"matchLabels": labels}, **spec},
    }
    assert bool(list(blocking_budgets([Sourced("1", server), Sourced("2", budget)]))) is blocks
