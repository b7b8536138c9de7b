"""The rules on resources that break them, that nearly do, and that have unknown values."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from aiplatform.finding import Finding
from aiplatform.findings.rules import broken, rules
from aiplatform.findings.rules.page import page
from aiplatform.findings.rules.rule import Rule
from aiplatform.preview.plan import UNKNOWN, Resource
from tests.aiplatform.findings.rules.cases import CASES, PASSWORD, Case, Inputs
from tests.components.base import SHIPPED, recorded
from tests.config.base import ROOT
from tests.each import each

BY_NAME = {rule.name: rule for rule in rules()}
EACH = [pytest.param(name, case, id=f"{name}-{index}") for name in CASES for index, case in enumerate(CASES[name])]


def resource(rule: Rule, inputs: Inputs) -> Resource:
    token = rule.types[0] if not rule.types[0].endswith(":") else f"{rule.types[0]}apps/v1:Deployment"
    return Resource(f"urn:pulumi:dev::ai-platform::{token}::thing", token, "thing", None, None, (), inputs)


def findings(name: str, inputs: Inputs) -> list[Finding]:
    return [one for one in broken([resource(BY_NAME[name], inputs)]) if one.rule == name]


def test_every_rule_has_a_case() -> None:
    assert CASES.keys() == BY_NAME.keys()
    assert len(BY_NAME) == len(rules()), "two rules have the same name"


@each(("name", "case"), EACH)
def test_resource_that_breaks_a_rule_has_a_message_and_a_fix(name: str, case: Case) -> None:
    (finding,) = findings(name, case.wrong)
    assert case.said in finding.message
    assert finding.message.startswith("thing: ")
    assert finding.fix
    assert finding.severity == BY_NAME[name].severity


@each(("name", "case"), EACH)
def test_nearest_resource_that_follows_a_rule_has_no_finding(name: str, case: Case) -> None:
    assert findings(name, case.right) == []


@each(("name", "case"), EACH)
def test_values_that_only_the_cloud_knows_break_no_rule(name: str, case: Case) -> None:
    """The engine asks at its preview, when much is unknown, and again before it creates: then it is known."""
    for inputs in _each_unknown(case.right):
        assert findings(name, inputs) == []


def _each_unknown(value: Any) -> Iterator[Any]:
    """The same value with one part, at any depth, that is not known."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        for unknown in (UNKNOWN, *_each_unknown(part)):
            changed = copy.copy(value)
            changed[key] = unknown
            yield changed


def test_finding_does_not_repeat_a_secret() -> None:
    said = json.dumps(
        [(one.message, one.fix) for name in CASES for case in CASES[name] for one in findings(name, case.wrong)]
    )
    assert PASSWORD in json.dumps([case.wrong for cases in CASES.values() for case in cases])
    assert PASSWORD not in said


@each("unknown", [False, True])
@each("stack", SHIPPED)
def test_shipped_stack_breaks_only_the_data_loss_rule_as_info(stack: str, unknown: bool) -> None:
    found = {(one.rule, one.severity) for one in broken(recorded(stack, unknown).plan.resources)}
    assert found <= {("data-loss", "info")}


def test_rules_page_is_the_output_of_the_command() -> None:
    assert (ROOT / "docs" / "rules.md").read_text() == page()


def test_every_rule_names_its_source() -> None:
    assert all(rule.source.startswith("https://") and rule.description.endswith(".") for rule in rules())
