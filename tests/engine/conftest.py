"""Fixtures of stacks on the engine. Only this tier is allowed to skip: Pulumi's programs are in no package registry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.needed import charts, find_programs
from tests.engine.rig import Rig, running_rig
from tests.parts.place import MissingPartError


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("engine")


@pytest.fixture(scope="session")
def parts() -> dict[str, str] | None:
    """Return the setting `charts`; skip if the engine or a chart is not available."""
    try:
        find_programs()
        return charts()
    except MissingPartError as error:
        pytest.skip(f"the engine tier: {error}")


@pytest.fixture(scope="module")
def dev(parts: dict[str, str] | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Yield the smallest stack, for faults; tests of a module restore its state, or state otherwise."""
    with running_rig(tmp_path_factory.mktemp("dev"), "dev", parts) as rig:
        yield rig
