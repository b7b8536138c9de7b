"""The objects of language models on a real API server with the definitions of their charts."""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed, manifests_in_order
from tests.components.base import recorded
from tests.parts.api import Api

PLAIN = {"Deployment", "Service", "NetworkPolicy", "ExternalSecret"}
KINDS = {"vllm": PLAIN | {"LeaderWorkerSet", "ScaledObject", "PodDisruptionBudget"}, "assistants": PLAIN}
"""Models of every kind; models with a gateway, pages, and environments that ask them."""


@pytest.fixture(scope="module", params=KINDS)
def models(request: pytest.FixtureRequest, own_api: Api) -> Iterator[Deployed]:
    """The variants with models."""
    recording = recorded(request.param)
    one = Deployed(request.param, recording, own_api, manifests_in_order(recording.plan))
    one.deploy()
    yield one
    one.remove()


def test_objects_of_models_are_accepted_unchanged_without_a_warning(models: Deployed) -> None:
    ours = [one for one in models.applied if one.object["metadata"].get("namespace") == "vllm"]
    assert {one.object["kind"] for one in ours} >= KINDS[models.stack]
    assert {one.object["metadata"]["name"]: one.warnings for one in models.applied if one.warnings} == {}


def test_second_apply_changes_no_object_of_models(models: Deployed) -> None:
    for item in models.manifests:
        if item["metadata"].get("namespace") == "vllm":
            path = models.api.path_of(item)
            before = models.api.call("GET", path)
            again = models.api.apply(item).object
            assert again["metadata"].get("generation") == before["metadata"].get("generation"), path
