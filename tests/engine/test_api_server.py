"""The engine with an API server that is busy, broken or slow."""

from collections.abc import Iterator

import pytest

from tests.engine.rig import Rig, running_rig
from tests.parts.counts import proven

CHANGING = ("POST", "PATCH", "PUT", "DELETE")
EVERY = ("GET", *CHANGING)
SURVIVED = "faults of the API server that the real engine survived without loss"


@pytest.fixture(scope="module")
def dev(parts: dict[str, str] | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The smallest stack, with a cluster that can be made busy."""
    with running_rig(tmp_path_factory.mktemp("busy"), "dev", parts, busy=True) as rig:
        yield rig


def test_slow_api_server_with_429_answers_only_costs_time(dev: Rig) -> None:
    dev.way.seconds = 0.03
    dev.way.refuse(429, 40, *EVERY)
    dev.engine.up().succeeded()
    dev.way.seconds = 0
    assert dev.way.answered[429] == 40
    assert set(dev.engine.up().succeeded().changes) == {"same"}
    proven("requests that a busy API server answered with 429 and that were made again", 40)
    proven(SURVIVED, 2)


def test_api_server_with_500_answers_is_named_and_the_next_up_continues(dev: Rig) -> None:
    before, objects = dev.known(), dev.objects()
    deployment = next(
        resource for resource in dev.engine.resources() if resource["type"] == "kubernetes:apps/v1:Deployment"
    )
    dev.way.refuse(500, 1000, *CHANGING)
    failed = dev.engine.run("up", "--yes", "--skip-preview", "--replace", deployment["urn"])
    dev.way.forgive()
    assert failed.status != 0
    assert dev.way.answered[500] > 0
    assert "InternalError" in failed.errors
    assert "Traceback" not in failed.errors
    assert dev.known() == before
    dev.engine.up().succeeded()
    assert set(dev.engine.up().succeeded().changes) == {"same"}
    assert [line for line in objects if not line.startswith(("Pod ", "ReplicaSet "))] == [
        line for line in dev.objects() if not line.startswith(("Pod ", "ReplicaSet "))
    ]
    proven(SURVIVED)


def test_destroy_on_a_busy_api_server_leaves_nothing(dev: Rig) -> None:
    dev.way.refuse(429, 20, *EVERY)
    dev.engine.destroy().succeeded()
    assert dev.way.answered[429] == 60
    assert dev.living() == set()
    proven(SURVIVED)
