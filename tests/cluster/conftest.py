"""One control plane for the whole run; each stack is applied to it once, one after the other."""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed, client_of, manifests_in_order
from tests.components.base import SHIPPED, recorded
from tests.parts.api import Api
from tests.parts.control_plane import ControlPlane, running_control_plane
from tests.parts.place import MissingPartError, absent


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Yield the control plane of the tests."""
    try:
        with running_control_plane(tmp_path_factory.mktemp("control-plane")) as started:
            yield started
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="session")
def api(control_plane: ControlPlane) -> Api:
    """Return the administrator's client of an API server with the custom resource definitions."""
    try:
        return client_of(control_plane)
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="module")
def own_control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ControlPlane, Api]]:
    """Yield a control plane for a single module: the shared one can contain the pods and names of a stack."""
    try:
        with running_control_plane(tmp_path_factory.mktemp("own-control-plane")) as started:
            yield started, client_of(started)
    except MissingPartError as missing:
        absent(missing)


@pytest.fixture(scope="session", params=SHIPPED)
def deployed(request: pytest.FixtureRequest, api: Api) -> Iterator[Deployed]:
    """Yield a stack that is applied as its plan describes, with its nodes and the pods of its add-ons."""
    stack: str = request.param
    recording = recorded(stack)
    one = Deployed(stack, recording, api, manifests_in_order(recording.plan))
    one.deploy()
    yield one
    one.remove()
