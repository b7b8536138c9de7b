"""One control plane for the whole run; every stack is applied to it once, one after the other."""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed, client_of, manifests_in_order
from tests.components.base import SHIPPED, recorded
from tests.parts.api import Api
from tests.parts.control_plane import ControlPlane, running_control_plane
from tests.parts.place import MissingPartError, absent


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """The control plane of the tests."""
    try:
        with running_control_plane(tmp_path_factory.mktemp("control-plane")) as started:
            yield started
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="session")
def api(control_plane: ControlPlane) -> Api:
    """The administrator's client, on an API server that knows the custom resources."""
    try:
        return client_of(control_plane)
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="module")
def own_control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ControlPlane, Api]]:
    """One for a module alone: the shared one may hold a shipped stack at the time, with pods and names of its own."""
    try:
        with running_control_plane(tmp_path_factory.mktemp("own-control-plane")) as started:
            yield started, client_of(started)
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="session", params=SHIPPED)
def deployed(request: pytest.FixtureRequest, api: Api) -> Iterator[Deployed]:
    """A stack, applied as its plan says, with the nodes and the add-ons' pods that it would have."""
    stack: str = request.param
    recording = recorded(stack)
    one = Deployed(stack, recording, api, manifests_in_order(recording.plan))
    one.deploy()
    yield one
    one.remove()
