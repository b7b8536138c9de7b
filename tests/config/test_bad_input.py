"""Invalid values, one row each: exactly one located line with the fix.

The rows of a concern stand in its `*_mistakes.py`.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from unittest import mock

import pytest

from catalog.reading.problems import Problem, SettingsError
from config import loader
from config.loader import Loaded
from config.rules import RULES
from config.rules.stack import Rule, Stack
from tests.config import (
    account_mistakes,
    alarm_mistakes,
    backup_mistakes,
    connection_mistakes,
    data_mistakes,
    delivery_mistakes,
    environment_mistakes,
    finding_mistakes,
    form_mistakes,
    gateway_mistakes,
    kafka_mistakes,
    label_mistakes,
    mlflow_mistakes,
    model_mistakes,
    name_mistakes,
    network_mistakes,
    node_mistakes,
    offer_mistakes,
    offline_mistakes,
    redis_mistakes,
    refused,
    release_mistakes,
    security_group_mistakes,
    server_mistakes,
    support_mistakes,
    tenant_mistakes,
    variable_mistakes,
    vpc_mistakes,
)
from tests.config.base import BASE, edited, load, mistakes, shared, told
from tests.config.refused import licences
from tests.config.refused.case import Case
from tests.each import each

_TOPICS = [import_module(f"{refused.__name__}.{topic.name}") for topic in pkgutil.iter_modules(refused.__path__)]
REFUSED: dict[str, Case] = {name: case for topic in _TOPICS for name, case in getattr(topic, "CASES", {}).items()}
"""The rows with a public source."""

MISTAKES: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    **form_mistakes.MISTAKES,
    **vpc_mistakes.MISTAKES,
    **name_mistakes.MISTAKES,
    **support_mistakes.MISTAKES,
    **mlflow_mistakes.MISTAKES,
    **delivery_mistakes.MISTAKES,
    **alarm_mistakes.MISTAKES,
    **gateway_mistakes.MISTAKES,
    **finding_mistakes.MISTAKES,
    **kafka_mistakes.MISTAKES,
    **model_mistakes.MISTAKES,
    **network_mistakes.MISTAKES,
    **node_mistakes.MISTAKES,
    **offer_mistakes.MISTAKES,
    **offline_mistakes.MISTAKES,
    **backup_mistakes.MISTAKES,
    **connection_mistakes.MISTAKES,
    **data_mistakes.MISTAKES,
    **security_group_mistakes.MISTAKES,
    **redis_mistakes.MISTAKES,
    **release_mistakes.MISTAKES,
    **server_mistakes.MISTAKES,
    **environment_mistakes.MISTAKES,
    **tenant_mistakes.MISTAKES,
    **variable_mistakes.MISTAKES,
    **{name: (case.edits, case.lines) for name, case in REFUSED.items()},
    **account_mistakes.MISTAKES,
    **label_mistakes.MISTAKES,
}


@dataclass(frozen=True)
class Answers:
    """What the loader answers to each row, and the rules that a row breaks."""

    of: Mapping[str, Loaded | SettingsError]
    broken: frozenset[Rule]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Each row loaded once."""
    folder = tmp_path_factory.mktemp("mistakes")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nbackend: {url: s3://shop-state}\n")
    broken: set[Rule] = set()

    def watched(rule: Rule) -> Rule:
        def run(stack: Stack) -> Iterator[Problem]:
            for problem in rule(stack):
                broken.add(rule)
                yield problem

        return run

    def answer(edits: tuple[tuple[str, str], ...]) -> Loaded | SettingsError:
        try:
            return load(folder, edited(*edits))
        except SettingsError as error:
            return error

    with mock.patch.object(loader, "RULES", tuple(map(watched, RULES))):
        return Answers({name: answer(edits) for name, (edits, _) in MISTAKES.items()}, frozenset(broken))


@each("mistake", MISTAKES)
def test_invalid_value_is_one_located_line_with_a_fix(mistake: str, answers: Answers) -> None:
    assert told(answers.of[mistake]) == MISTAKES[mistake][1]


@each("mistake", MISTAKES)
def test_only_warnings_let_the_program_continue(mistake: str, answers: Answers) -> None:
    answer = answers.of[mistake]
    assert isinstance(answer, Loaded) == mistake.startswith("warning: ")
    assert isinstance(answer, SettingsError) or answer.settings.project.name == "shop"


@each("name", REFUSED)
def test_refused_value_has_a_public_source(name: str) -> None:
    assert REFUSED[name].source.startswith("https://")


@each("name", licences.ALLOWED)
def test_models_with_access_to_their_weights_are_accepted(name: str, tmp_path: Path) -> None:
    edits, expected = licences.ALLOWED[name]
    assert mistakes(tmp_path, edited(*edits)) == expected == ()


def test_base_of_the_table_is_valid(tmp_path: Path) -> None:
    assert mistakes(tmp_path, BASE) == ()
    assert mistakes(tmp_path, edited(*shared())) == ()


def test_every_rule_has_a_row_that_breaks_it(answers: Answers) -> None:
    assert [f"{rule.__module__}.{rule.__name__}" for rule in RULES if rule not in answers.broken] == []
