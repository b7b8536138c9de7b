"""The life of every shipped stack, from its first preview to its destroy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from aiplatform.preview.urns import qualified_type
from tests.components.base import SHIPPED, recorded, settings_of
from tests.engine.engine import Run
from tests.engine.rig import Rig, running_rig
from tests.parts.api import Object
from tests.parts.counts import proven

KEPT_BY_HELM = ("elbv2.k8s.aws", "gateway.k8s.aws", "aga.k8s.aws", "monitoring.coreos.com", "argoproj.io")
"""Helm never removes the definitions in a chart's `crds` folder, nor those that a chart says to keep."""

MANIFESTS = "kubernetes:kustomize/v2:Directory"

MARK = "4dabf18193072939515e22adb298388d"
"""Of a value that the state holds encrypted."""


@dataclass(frozen=True)
class Refused:
    """A destroy of a protected stack, the next `up`, and the one that lifts the protection."""

    living: tuple[int, int]
    """The number of AWS resources before and after the destroy."""

    destroy: Run
    healed: Run
    unprotected: Run


@dataclass(frozen=True)
class Life:
    """A stack's commands in order, and what there was in between."""

    stack: str
    rig: Rig
    preview: Run
    up: Run
    deployments: list[Object]
    resources: list[Mapping[str, Any]]
    again: Run
    refresh: Run
    after_refresh: Run
    refused: Refused | None
    destroy: Run
    objects: list[str]


def _refused(rig: Rig, stack: str) -> Refused | None:
    """Destroy a protected stack, heal it, and lift its protection by the settings that `aiplatform unprotect` lists."""
    settings = settings_of(stack)
    if not settings.is_protected():
        return None
    before = len(rig.cloud.living())
    destroy = rig.engine.destroy()
    after = len(rig.cloud.living())
    healed = rig.engine.up().succeeded()
    for section, *path in (("project", "deletionProtection"), *settings.protected_by()):
        value: Any = False
        for key in reversed(path):
            value = {key: value}
        rig.engine.set(**{str(section): value})
    return Refused((before, after), destroy, healed, rig.engine.up().succeeded())


@pytest.fixture(scope="module", params=SHIPPED)
def life(
    request: pytest.FixtureRequest, parts: dict[str, str] | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Life]:
    """One stack, lived through."""
    stack = request.param
    # With Kubeflow the state has 17 MB: nearly all of an `up` of 50 minutes went by writing it two thousand times.
    checkpoints = settings_of(stack).kubeflow is None
    with running_rig(tmp_path_factory.mktemp(stack), stack, parts, checkpoints=checkpoints) as rig:
        engine = rig.engine
        preview = engine.preview().succeeded()
        up = engine.up().succeeded()
        deployments, resources = rig.api.list("apps/v1", "Deployment"), engine.resources()
        again = engine.up().succeeded()
        refresh = engine.refresh().succeeded()
        after = engine.up().succeeded()
        refused = _refused(rig, stack)
        destroy = engine.destroy().succeeded()
        yield Life(
            stack, rig, preview, up, deployments, resources, again, refresh, after, refused, destroy,
            rig.objects(),
        )  # fmt: skip
        proven("stacks previewed, brought up, repeated, refreshed and destroyed on the real engine")


def _type(urn: str) -> str:
    return qualified_type(urn).rpartition("$")[2]


def test_preview_of_the_engine_equals_the_plan(life: Life) -> None:
    plan = {resource.urn: resource.parent or "" for resource in recorded(life.stack).plan.resources}
    engine = {one["urn"]: one["new"].get("parent", "") for one in life.preview.resources()}
    assert {urn: engine.get(urn) for urn in plan} == plan
    # What pulumi_eks makes inside of its components only its plugin knows: one AWS resource each, and its provider.
    inside = {urn for urn in engine if "$eks:index:" in urn and not _type(urn).startswith("eks:")}
    assert {_type(urn) for urn in inside} == {
        "aws:eks/cluster:Cluster",
        "aws:eks/addon:Addon",
        "aws:eks/nodeGroup:NodeGroup",
        "pulumi:providers:kubernetes",
    }
    assert {urn for urn in engine.keys() - plan.keys() - inside if not _type(urn).startswith("pulumi:")} == set()
    proven("resources of plans found again in the engine's previews", len(plan))


def test_up_creates_what_the_preview_lists(life: Life) -> None:
    previewed, made = ({one["urn"] for one in run.resources()} for run in (life.preview, life.up))
    assert previewed <= made
    # What manifests hold their provider says when there is a cluster to ask about kinds, and none before.
    assert {urn for urn in made - previewed if f"${MANIFESTS}$" not in urn} == set()
    assert bool(made - previewed) == any(_type(urn) == MANIFESTS for urn in previewed)
    assert set(life.preview.changes) == set(life.up.changes) == {"create"}
    assert life.up.changes["create"] - life.preview.changes["create"] == len(made - previewed)
    proven("resources made by the real engine", life.up.changes["create"])


def test_every_deployment_is_ready_after_up(life: Life) -> None:
    assert len(life.deployments) >= 5
    for deployment in life.deployments:
        wanted, status = deployment["spec"]["replicas"], deployment["status"]
        assert (status.get("readyReplicas", 0), status.get("unavailableReplicas", 0)) == (wanted, 0), deployment


def test_second_up_refresh_and_third_up_change_nothing(life: Life) -> None:
    count = life.up.changes["create"]
    assert [run.changes for run in (life.again, life.refresh, life.after_refresh)] == [{"same": count}] * 3


def test_resource_starts_after_its_dependencies_end(life: Life) -> None:
    order = life.up.order()
    ended = {urn: place for place, (said, urn) in enumerate(order) if said == "end"}
    begun = {urn: place for place, (said, urn) in enumerate(order) if said == "begin"}
    pairs = [
        (resource["urn"], needed)
        for resource in life.resources
        for needed in resource.get("dependencies", ())
        if resource.get("custom")
    ]
    assert len(pairs) > 200
    assert [(urn, needed) for urn, needed in pairs if needed in ended and ended[needed] > begun[urn]] == []


def test_aws_accepts_every_request_in_order(life: Life) -> None:
    assert life.rig.cloud.notes("refused", "invalid", "fault") == []
    proven("requests of the real engine that AWS's rules accept", len(life.rig.cloud.notes("judged")))


def test_destroy_of_a_protected_stack_ends_in_its_preview(life: Life) -> None:
    assert (life.refused is not None) == settings_of(life.stack).is_protected()
    if life.refused is None:
        return
    before, after = life.refused.living
    assert life.refused.destroy.status != 0
    assert "protect" in life.refused.destroy.output
    assert before == after > 100


def test_up_after_a_refused_destroy_changes_nothing(life: Life) -> None:
    if life.refused is not None:
        assert life.refused.healed.changes == {"same": life.up.changes["create"]}
        assert life.refused.unprotected.status == 0


def test_destroy_leaves_nothing_in_the_account(life: Life) -> None:
    assert life.rig.cloud.living() == []
    assert life.rig.engine.resources() == []


def test_destroy_leaves_only_what_helm_never_removes_in_the_cluster(life: Life) -> None:
    definitions = [line for line in life.objects if line.startswith("CustomResourceDefinition ")]
    assert [line for line in definitions if not line.endswith(KEPT_BY_HELM)] == []
    assert [line for line in life.objects if line not in definitions] == []


def test_no_password_is_in_clear_text(life: Life) -> None:
    passwords = life.rig.cloud.passwords()
    assert len(passwords) > 5
    found = {password[:4]: places for password in passwords if (places := life.rig.places_of(password))}
    assert found == {}
    assert life.rig.engine.checkpoint()["secrets_providers"]["type"] == "passphrase"
    versions = [resource for resource in life.resources if resource["type"].endswith(":SecretVersion")]
    assert versions
    for version in versions:
        assert version["inputs"]["secretString"].keys() == {MARK, "ciphertext"}
    proven("passwords looked for in state, history, events, output and log", len(passwords))
