"""This release takes over a platform of the previous one: kept resources are unchanged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.data.bucket import Bucket
from components.data.database import Database
from tests.components.base import recorded, settings_of, stack_file
from tests.config.base import ROOT
from tests.engine.engine import Run
from tests.engine.releases import previous_release
from tests.engine.rig import Rig, running_rig
from tests.parts.counts import proven
from tests.parts.place import MissingPartError
from tests.state.types import KEPT

UNTOUCHED = {"same", "update"}
"""What the engine may do with a resource that is kept."""

ADDED = re.compile(r"::[a-z-]+-crd(?::[a-z0-9.-]+)?$")
"""URNs of what this release adds: the definitions of charts, which it takes over."""

State = Mapping[str, Any]


@dataclass(frozen=True)
class Upgrade:
    """A stack of the previous release, and what this one does with it."""

    stack: str
    rig: Rig
    before: tuple[State, ...]
    up: Run
    after: tuple[State, ...]


def kept(resources: tuple[State, ...]) -> list[State]:
    return [resource for resource in resources if resource["type"] in KEPT]


def touched(run: Run) -> list[tuple[str, str]]:
    """What a command creates, replaces or deletes of the kept types: operation and URN."""
    steps = [(str(one["op"]), str(one["urn"])) for one in run.resources() if one["type"] in KEPT]
    assert steps
    return [step for step in steps if step[0] not in UNTOUCHED]


@pytest.fixture(scope="module", params=["dev", "mlflow"])
def upgrade(
    request: pytest.FixtureRequest, parts: dict[str, str] | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgrade]:
    stack, folder = request.param, tmp_path_factory.mktemp("upgrade")
    try:
        release = previous_release(folder)
    except MissingPartError as error:
        pytest.skip(f"the engine tier: {error}")
    with running_rig(folder, stack, parts, release=release) as rig:
        rig.engine.up().succeeded()
        before = tuple(rig.engine.resources())
        rig.engine.install(ROOT, stack_file(stack))
        up = rig.engine.up().succeeded()
        yield Upgrade(stack, rig, before, up, tuple(rig.engine.resources()))


def test_kept_resource_is_not_created_replaced_or_deleted(upgrade: Upgrade) -> None:
    assert [step for step in touched(upgrade.up) if step[0] != "create" or not ADDED.search(step[1])] == []
    proven("kept resources of the previous release taken over by this one", len(kept(upgrade.before)))


def test_kept_resource_has_the_same_id_in_the_cloud(upgrade: Upgrade) -> None:
    before, after = (
        {(one["type"], one["id"]) for one in kept(resources) if one.get("id")}
        for resources in (upgrade.before, upgrade.after)
    )
    assert len(before) > 50
    assert before - after == set()


def test_state_has_the_urns_of_this_release(upgrade: Upgrade) -> None:
    urns = {str(one["urn"]) for one in upgrade.after}
    assert {resource.urn for resource in recorded(upgrade.stack).plan.resources} - urns == set()


def _rename(project: Path, cls: type[Any], *, formerly: bool) -> None:
    """Give a component another token in the program that runs, with or without a word of the former one."""
    file = project / Path(*cls.__module__.split(".")).with_suffix(".py")
    token, former = "    TOKEN: ClassVar[str] = ", f'    FORMERLY = ("{cls.TOKEN}",)\n'
    renamed = f'{token}"{cls.TOKEN}Renamed"\n{former if formerly else ""}'
    text, count = re.subn(re.escape(f'{token}"{cls.TOKEN}"\n'), renamed, file.read_text())
    assert count == 1
    file.write_text(text)


@pytest.mark.parametrize("formerly", [True, False], ids=["alias", "no alias"])
def test_engine_takes_over_a_renamed_component_by_its_alias_alone(upgrade: Upgrade, formerly: bool) -> None:
    engine = upgrade.rig.engine
    try:
        _rename(engine.project, Bucket, formerly=formerly)
        _rename(engine.project, Database, formerly=formerly)
        preview = engine.preview()
    finally:
        engine.install(ROOT, stack_file(upgrade.stack))
    if not formerly and settings_of(upgrade.stack).is_protected():
        assert preview.status != 0
        assert "cannot be deleted because it is protected" in " ".join(preview.output.split())
    else:
        operations = {operation for operation, _ in touched(preview.succeeded())}
        assert operations == (set() if formerly else {"create", "delete"})
