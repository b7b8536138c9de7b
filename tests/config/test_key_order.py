"""The order of a file's keys is no data: Pulumi's engine sorts them before the program reads them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from aiplatform.preview.plan import Plan
from aiplatform.preview.record import ACCOUNT, record
from aiplatform.preview.write import plan_json
from catalog.reading.document import Document
from config.loader import Loaded, load, load_config, read
from config.parts import charts as installed_charts
from config.settings import NAMESPACE, Settings
from tests.components.base import FOLDER, SHIPPED, STACKS
from tests.config.base import ROOT, STACK_FILES, TODAY


def _shuffled(value: Any, dice: random.Random) -> Any:
    """The value with the keys of every map in another order; lists keep theirs, which has a meaning."""
    if isinstance(value, dict):
        items = [(key, _shuffled(item, dice)) for key, item in value.items()]
        dice.shuffle(items)
        return dict(items)
    return [_shuffled(item, dice) for item in value] if isinstance(value, list) else value


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in sorted(value, reverse=True)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def _read(stack: str) -> Document:
    return read(STACK_FILES if stack in SHIPPED else FOLDER, stack)


def _others(stack: str) -> list[Any]:
    """The sections of a stack file with other orders of keys: as the engine has them, that backwards, and by chance."""
    sections = _read(stack).sections
    return [
        json.loads(json.dumps(sections, sort_keys=True)),
        _reversed(sections),
        *(_shuffled(sections, random.Random(seed)) for seed in range(3)),  # noqa: S311, no secret
    ]


def _loaded(stack: str, sections: Any) -> Loaded:
    document = _read(stack)
    document.sections = sections
    return load(document, today=TODAY)


def _planned(stack: str, loaded: Loaded) -> str:
    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in loaded.sections.items()}
    account = loaded.settings.project.account_id or ACCOUNT
    plan: Plan = record(ROOT, project=NAMESPACE, stack=stack, config=config, account=account)
    return "".join(plan_json(plan))


@pytest.mark.parametrize("stack", STACKS)
def test_order_of_keys_leaves_settings_and_warnings_the_same(stack: str) -> None:
    expected = load(_read(stack), today=TODAY)
    for sections in _others(stack):
        found = _loaded(stack, sections)
        # As text: dicts of another order are equal.
        assert found.settings.model_dump_json() == expected.settings.model_dump_json()
        assert sorted(found.warnings) == sorted(expected.warnings)


@pytest.mark.parametrize("stack", SHIPPED)
def test_order_of_keys_leaves_the_plan_the_same(stack: str) -> None:
    expected = _planned(stack, load(_read(stack), today=TODAY))
    # The worst of them: each list that is made of a map would be turned round.
    assert _planned(stack, _loaded(stack, _reversed(_read(stack).sections))) == expected


@pytest.mark.parametrize("stack", STACKS)
def test_settings_of_the_engine_are_those_of_the_file(stack: str, tmp_path: Path) -> None:
    """The engine hands each section to the program as JSON, whose keys it has sorted."""
    expected = load(_read(stack), today=TODAY).settings
    _with_charts(tmp_path, expected)
    given = {
        f"{NAMESPACE}:{section}": value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for section, value in _read(stack).sections.items()
    }
    found = load_config(given, tmp_path, stack, today=TODAY)
    assert found.settings.model_dump_json() == expected.model_dump_json()


def _with_charts(folder: Path, settings: Settings) -> None:
    """Put the charts of a stack into its directory, if it has one; a rule asks whether they are there."""
    if settings.charts.source == "folder":
        for chart, version in installed_charts(settings):
            file = folder / settings.charts.file(chart.name, version)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
