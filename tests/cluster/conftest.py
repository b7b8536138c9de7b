"""One control plane for the whole run; every stack is applied to it once, one after the other."""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed, manifests_in_order
from tests.components.base import SHIPPED, recorded
from tests.parts.api import Api, eventually
from tests.parts.control_plane import ControlPlane, running_control_plane
from tests.parts.crds import definitions
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
        wanted = definitions()
    except MissingPartError as missing:
        absent(missing)
    client = Api(control_plane)
    for definition in wanted:
        client.apply(definition)
    served = {
        (f"{item['spec']['group']}/{version['name']}", item["spec"]["names"]["kind"])
        for item in wanted
        for version in item["spec"]["versions"]
        if version["served"]
    }

    def all_served() -> bool:
        client.forget_kinds()
        return served <= {(kind.api_version, kind.name) for kind in client.kinds()}

    eventually(all_served, "the custom resources are served")
    return client


@pytest.fixture(scope="session", params=SHIPPED)
def deployed(request: pytest.FixtureRequest, api: Api) -> Iterator[Deployed]:
    """A stack, applied as its plan says, with the nodes and the add-ons' pods that it would have."""
    stack: str = request.param
    recording = recorded(stack)
    one = Deployed(stack, recording, api, manifests_in_order(recording.plan))
    one.deploy()
    yield one
    one.remove()
