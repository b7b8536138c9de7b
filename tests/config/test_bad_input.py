"""Invalid values, one row each: exactly one located line with the fix.

The rows of a concern stand in its `*_mistakes.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.reading.problems import Problem, SettingsError
from config import loader
from config.rules import RULES
from config.rules.stack import Rule, Stack
from tests.config import (
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
    mlflow_mistakes,
    model_mistakes,
    name_mistakes,
    network_mistakes,
    node_mistakes,
    offer_mistakes,
    redis_mistakes,
    security_group_mistakes,
    server_mistakes,
    support_mistakes,
    tenant_mistakes,
    vpc_mistakes,
)
from tests.config.base import BASE, edited, load, mistakes, shared

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
    **backup_mistakes.MISTAKES,
    **connection_mistakes.MISTAKES,
    **data_mistakes.MISTAKES,
    **security_group_mistakes.MISTAKES,
    **redis_mistakes.MISTAKES,
    **server_mistakes.MISTAKES,
    **environment_mistakes.MISTAKES,
    **tenant_mistakes.MISTAKES,
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_invalid_value_is_one_located_line_with_a_fix(mistake: str, tmp_path: Path) -> None:
    edits, expected = MISTAKES[mistake]
    assert mistakes(tmp_path, edited(*edits)) == expected


@pytest.mark.parametrize("mistake", MISTAKES)
def test_only_warnings_let_the_program_continue(mistake: str, tmp_path: Path) -> None:
    text = edited(*MISTAKES[mistake][0])
    if mistake.startswith("warning: "):
        assert load(tmp_path, text).settings.project.name == "shop"
    else:
        with pytest.raises(SettingsError):
            load(tmp_path, text)


def test_base_of_the_table_is_valid(tmp_path: Path) -> None:
    assert mistakes(tmp_path, BASE) == ()
    assert mistakes(tmp_path, edited(*shared())) == ()


def test_every_rule_has_a_row_that_breaks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: set[Rule] = set()

    def watched(rule: Rule) -> Rule:
        def run(stack: Stack) -> Iterator[Problem]:
            for problem in rule(stack):
                broken.add(rule)
                yield problem

        return run

    monkeypatch.setattr(loader, "RULES", tuple(map(watched, RULES)))
    for edits, _ in MISTAKES.values():
        mistakes(tmp_path, edited(*edits))
    assert [f"{rule.__module__}.{rule.__name__}" for rule in RULES if rule not in broken] == []
