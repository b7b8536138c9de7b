"""A stack on the engine. The only tier that may skip: Pulumi's programs are in no package registry."""

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
    """The setting `charts`; skips where the engine or a chart cannot be had."""
    try:
        find_programs()
        return charts()
    except MissingPartError as error:
        pytest.skip(f"the engine tier: {error}")


@pytest.fixture(scope="module")
def dev(parts: dict[str, str] | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The smallest stack, for faults; tests of a module leave it as they found it, or say so."""
    with running_rig(tmp_path_factory.mktemp("dev"), "dev", parts) as rig:
        yield rig
