"""Faults while the engine works: they are reported, lose nothing, and the next run continues.

One stack from its first `up` to its end; each test goes on where the one before has left it.
"""

import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.versions import CLUSTER_AUTOSCALER
from tests.engine.engine import TAKE_OVER, Run
from tests.engine.plugin.account import MOST_ATTEMPTS
from tests.engine.rig import Rig
from tests.parts.counts import proven

SURVIVED = "faults that the real engine survived without loss"
RELEASE = "kubernetes:helm.sh/v3:Release"
DEFAULT = "::default"
"""In the names of the providers that the engine makes by itself, and does not count."""

COUNTS = (30, 70, 105)
"""How many things live in the account when the engine is killed: in the network, before the nodes, among workloads."""


def _assert_fails(rig: Rig, *said: str, take_over: bool = False) -> Run:
    """An `up` that ends with an error which says all of this, and that loses nothing of what there was."""
    before = rig.living()
    run = rig.engine.up(take_over=take_over)
    assert run.status != 0
    for text in said:
        assert text in run.errors, run.errors
    assert before <= rig.living()
    return run


def _is_whole(rig: Rig) -> None:
    """Everything is there once, and the state knows it; another `up` finds nothing to do."""
    living = [urn for urn, _ in rig.living()]
    assert len(set(living)) == len(living)
    assert rig.living() == rig.known()
    again = rig.engine.up().succeeded()
    assert set(again.changes) == {"same"}


@pytest.fixture(autouse=True)
def healed(dev: Rig) -> Iterator[None]:
    """No fault of one test reaches another."""
    yield
    dev.cloud.heal()


def test_up_killed_three_times_ends_with_the_same_resources(dev: Rig) -> None:
    engine = dev.engine
    wanted = {
        resource["urn"] for resource in engine.preview().succeeded().resources() if DEFAULT not in resource["urn"]
    }
    for count in COUNTS:
        dev.cloud.hold_at(count)
        killed = engine.killed("up", "--yes", "--skip-preview", when=dev.is_held, **TAKE_OVER)
        assert killed.status == -9
        assert len(dev.living()) == count
        dev.cloud.heal()
        locked = engine.up()
        assert locked.status != 0
        assert "the stack is currently locked" in locked.output
        engine.cancel().succeeded()
        proven(SURVIVED)
    engine.up(take_over=True).succeeded()
    # The provider forgets that it took things over.
    engine.up().succeeded()
    made = [resource["urn"] for resource in engine.resources() if DEFAULT not in resource["urn"]]
    assert sorted(made) == sorted(wanted)
    _is_whole(dev)


def test_killed_destroy_is_completed_by_the_next(dev: Rig) -> None:
    dev.cloud.hold_at(60)
    killed = dev.engine.killed("destroy", "--yes", "--skip-preview", when=dev.is_held)
    assert killed.status == -9
    dev.cloud.heal()
    dev.engine.cancel().succeeded()
    dev.engine.destroy().succeeded()
    assert dev.living() == set()
    assert dev.engine.resources() == []
    assert [line for line in dev.objects() if "Definition" not in line] == []
    assert dev.cloud.notes("refused") == []
    proven(SURVIVED)


@pytest.mark.parametrize(
    ("operation", "kind", "said"),
    [
        ("eks:CreateAddon", "error", "StatusCode: 500, api error InternalFailure"),
        ("eks:CreateNodegroup", "throttle", "ThrottlingException: Rate exceeded"),
    ],
)
def test_aws_timeout_is_named_with_its_operation(dev: Rig, operation: str, kind: str, said: str) -> None:
    dev.cloud.fail(operation, kind, 4 * MOST_ATTEMPTS)
    name = operation.partition(":")[2]
    _assert_fails(dev, f"operation error EKS: {name}, exceeded maximum number of attempts, {MOST_ATTEMPTS}", said)
    proven(SURVIVED)


def _spoiled(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


def _never_rendered(file: Path) -> None:
    """A template that asks for a value which nobody gives."""
    template = b'{{ required "colour is needed" .Values.colour }}\n'
    with tarfile.open(file) as old:
        members = [(member, old.extractfile(member)) for member in old.getmembers()]
        contents = [(member, found.read()) for member, found in members if found is not None]
    folder = contents[0][0].name.partition("/")[0]
    with tarfile.open(file, "w:gz") as new:
        for member, content in [*contents, (tarfile.TarInfo(f"{folder}/templates/colour.yaml"), template)]:
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("spoil", [_spoiled, _never_rendered])
def test_invalid_chart_is_named_and_the_valid_one_is_used_next(
    dev: Rig, parts: dict[str, str] | None, tmp_path: Path, spoil: object
) -> None:
    if parts is None:
        pytest.skip("the engine tier: charts to spoil need CHARTS_DIR")
    assert callable(spoil)
    shutil.copytree(parts["location"], tmp_path / "charts")
    chart = tmp_path / "charts" / f"{CLUSTER_AUTOSCALER.name}-{CLUSTER_AUTOSCALER.version}.tgz"
    spoil(chart)
    dev.engine.set(charts={"location": str(tmp_path / "charts")})
    run = _assert_fails(dev, "cluster-autoscaler")
    dev.engine.set(charts=parts)
    assert any(text in run.errors for text in ("colour is needed", "gzip", "EOF")), run.errors
    proven(SURVIVED)


def _releases(rig: Rig) -> set[str]:
    return {resource["id"] for resource in rig.engine.resources() if resource["type"] == RELEASE and "id" in resource}


def test_half_installed_release_is_named_and_completed_without_its_helm_secret(
    dev: Rig,
) -> None:
    wanted = f"kube-system/{CLUSTER_AUTOSCALER.name}"

    def installing() -> bool:
        there = {item["metadata"]["name"] for item in dev.api.list("apps/v1", "Deployment", "kube-system")}
        return any(name.startswith(CLUSTER_AUTOSCALER.name) for name in there) and wanted not in _releases(dev)

    assert dev.engine.killed("up", "--yes", "--skip-preview", when=installing).status == -9
    dev.engine.cancel().succeeded()
    assert wanted not in _releases(dev)
    _assert_fails(dev, "cannot re-use a name that is still in use", take_over=True)
    # kubectl delete secret -n kube-system -l owner=helm,name=cluster-autoscaler
    notes = dev.api.list("v1", "Secret", "kube-system", labelSelector=f"owner=helm,name={CLUSTER_AUTOSCALER.name}")
    assert len(notes) == 1
    dev.api.delete(notes[0])
    proven(SURVIVED)
    # The destroy above has deleted secrets of the same names, which are free: the stack is not protected.
    dev.engine.up(take_over=True).succeeded()
    assert wanted in _releases(dev)
    proven(SURVIVED)


def test_lost_answer_is_named_with_its_resource(dev: Rig) -> None:
    type_ = "aws:lb/listenerRule:ListenerRule"
    dev.cloud.fail("answer of elbv2:CreateRule", "lost", 1)
    _assert_fails(dev, f"creating {type_}", "connection reset")
    lost = dev.living() - dev.known()
    assert [urn.split("::")[2].rpartition("$")[2] for urn, _ in lost] == [type_]
    _assert_fails(dev, f"creating {type_}: PriorityInUse")
    dev.cloud.delete_by_hand(type_, lost.pop()[0])
    dev.engine.up().succeeded()
    _is_whole(dev)
    proven(SURVIVED)


def test_throttling_aws_only_costs_time_and_creates_nothing_twice(dev: Rig) -> None:
    dev.engine.destroy().succeeded()
    faults = len(dev.cloud.notes("fault"))
    # Fewer than one call is tried: whoever gets them all still succeeds.
    for kind in ("throttle", "error"):
        dev.cloud.fail("*", kind, MOST_ATTEMPTS // 2)
    dev.engine.up().succeeded()
    assert len(dev.cloud.notes("fault")) == faults + 2 * (MOST_ATTEMPTS // 2)
    _is_whole(dev)
    proven("calls that a busy AWS answered with 429 or 500 and that were made again", 2 * (MOST_ATTEMPTS // 2))
    dev.engine.destroy().succeeded()
    assert dev.living() == set()
