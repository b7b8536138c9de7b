"""One control plane for these tests; each stack is applied to it once, one after the other.

An idle one takes a twentieth of a processor, so that it ends with them.
"""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed, manifests_in_order, serving_definitions
from tests.components.base import SHIPPED, recorded
from tests.parts.api import Api
from tests.parts.place import MissingPartError, absent


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Yield the administrator's client of the control plane that the tests share."""
    try:
        with serving_definitions(tmp_path_factory.mktemp("control-plane")) as client:
            yield client
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="module")
def own_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Yield a client of a control plane for a single module: the shared one can contain what a stack has."""
    try:
        with serving_definitions(tmp_path_factory.mktemp("own-control-plane")) as client:
            yield client
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="package", params=SHIPPED)
def deployed(request: pytest.FixtureRequest, api: Api) -> Iterator[Deployed]:
    """Yield a stack that is applied as its plan describes, with its nodes and the pods of its add-ons."""
    stack: str = request.param
    recording = recorded(stack)
    one = Deployed(stack, recording, api, manifests_in_order(recording.plan))
    one.deploy()
    yield one
    one.remove()
