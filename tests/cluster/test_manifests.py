"""Every manifest of every stack, on a real API server."""

from tests.cluster.deployment import Deployed
from tests.parts.api import Object
from tests.parts.counts import proven


def test_control_plane_has_the_version_of_the_stack(deployed: Deployed) -> None:
    served = deployed.api.call("GET", "/version")
    assert f"{served['major']}.{served['minor']}" == deployed.recording.settings.cluster.version


def _content(item: Object) -> Object:
    metadata = {
        key: value for key, value in item["metadata"].items() if key not in ("managedFields", "resourceVersion")
    }
    return {**{key: value for key, value in item.items() if key != "status"}, "metadata": metadata}


def test_every_object_of_the_plan_is_accepted_unchanged(deployed: Deployed) -> None:
    assert len(deployed.applied) == len(deployed.manifests) > 20
    proven("objects applied with strict validation", len(deployed.applied))


def test_api_server_returns_no_warning(deployed: Deployed) -> None:
    warned = {one.object["metadata"]["name"]: one.warnings for one in deployed.applied if one.warnings}
    assert warned == {}


def test_second_apply_changes_nothing(deployed: Deployed) -> None:
    for item in deployed.manifests:
        path = deployed.api.path_of(item)
        before = deployed.api.call("GET", path)
        again = deployed.api.apply(item)
        assert _content(again.object) == _content(before), path
        assert again.warnings == ()
    proven("objects applied again without a change", len(deployed.manifests))
