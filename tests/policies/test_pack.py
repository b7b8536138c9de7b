"""The policy pack without an engine: its answers for the resources of the engine."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_policy import EnforcementLevel, PolicyCustomTimeouts, PolicyResourceOptions, ResourceValidationArgs
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE, unknown_checking_proxy

from aiplatform.finding import Finding
from aiplatform.preview.plan import UNKNOWN
from policies import pack
from policies.pack import STACK, policies
from policies.stack_findings import stack_findings
from policies.values import plain
from tests.components.base import recorded
from tests.config.base import ROOT, shipped_project

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OPEN = {"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 22.0, "toPort": 22.0}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    pack._settings.cache_clear()
    yield
    pack._settings.cache_clear()


def _args(token: str, inputs: dict[str, Any], name: str = "thing") -> ResourceValidationArgs:
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
    urn = f"urn:pulumi:dev::ai-platform::{token}::{name}"
    return ResourceValidationArgs(token, unknown_checking_proxy(inputs), urn, name, options, None, {}, {})


def _said(args: ResourceValidationArgs) -> dict[str, list[tuple[str, str | None]]]:
    """What each policy reports."""
    said: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for policy in policies():

        def report(message: str, urn: str | None = None, name: str = policy.name) -> None:
            said[name].append((message, urn))

        policy.validate(args, report)
    return dict(said)


def test_error_stops_the_engine_and_a_warning_does_not() -> None:
    levels = {policy.name: policy.enforcement_level for policy in policies()}
    assert levels == {"errors": EnforcementLevel.MANDATORY, "warnings": EnforcementLevel.ADVISORY}


def test_violation_has_its_resource_and_whole_numbers() -> None:
    args = _args(RULE, OPEN)
    ((message, urn),) = _said(args).pop("errors")
    assert message.startswith("[open-port] thing: tcp 22 is open")
    assert urn == args.urn


def test_warning_is_no_error() -> None:
    said = _said(_args("aws:kms/key:Key", {}))
    assert list(said) == ["warnings"]
    assert "[key-rotation]" in said["warnings"][0][0]


def test_info_is_not_reported_during_an_update() -> None:
    database = {"storageEncrypted": True, "manageMasterUserPassword": True, "skipFinalSnapshot": True}
    assert _said(_args("aws:rds/instance:Instance", database)) == {}


@pytest.mark.parametrize("part", OPEN)
def test_unknown_value_stops_nothing(part: str) -> None:
    assert _said(_args(RULE, {**OPEN, part: UNKNOWN_STRING_VALUE})) == {}


def test_values_are_plain_at_any_depth() -> None:
    given = {"a": [1.0, 1.5, UNKNOWN_STRING_VALUE, {"b": UNKNOWN_OBJECT_VALUE}], "c": True, "d": None, "e": "x"}
    assert plain(unknown_checking_proxy(given)) == {
        "a": [1, 1.5, UNKNOWN, {"b": UNKNOWN}],
        "c": True,
        "d": None,
        "e": "x",
    }


def test_accepted_finding_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = {"accepted": [{"rule": "open-port", "resource": "bastion-*", "reason": "made for a test"}]}
    monkeypatch.setattr(pulumi.Config, "get", lambda *_: json.dumps(accepted))
    assert _said(_args(RULE, OPEN, "bastion-ssh")) == {}
    assert list(_said(_args(RULE, OPEN, "database"))) == ["errors"]


def test_invalid_section_accepts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.Config, "get", lambda *_: '{"accepted": [{"rule": "open-port"}]}')
    assert list(_said(_args(RULE, OPEN))) == ["errors"]


def test_stack_policy_reports_findings_of_several_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Path]] = []
    found = Finding("fit-pending", "error", "urn:pod", "a pod waits", "give it a node")

    def instead(stack: str, project: Path) -> tuple[Finding, ...]:
        asked.append((stack, project))
        return (found,)

    monkeypatch.setattr(pack, "stack_findings", instead)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.chdir(ROOT / "policies")
    assert _said(_args(STACK, {})) == {"errors": [("[fit-pending] a pod waits; give it a node", "urn:pod")]}
    assert set(asked) == {("dev", ROOT)}


def test_stack_findings_are_those_of_the_preview_without_resource_rules(
    tmp_path: Path,
) -> None:
    # Its document asks for more than its budget: 004-cst-17.
    found = stack_findings("openwebui", shipped_project(tmp_path))
    told = {(one.rule, one.severity) for one in found if one.severity != "info"}
    assert told == {(rule, "warning") for rule in ("budget-tag", "cost-over-budget", "quota-request", "stack-file")}


def test_stack_that_cannot_be_planned_is_an_error() -> None:
    (found,) = stack_findings("nobody", ROOT)
    assert found.severity == "error"
    assert "Pulumi.nobody.yaml" in found.message


def test_pack_reports_the_same_violations_as_the_preview() -> None:
    said = [_said(_args(one.type, dict(one.inputs), one.name)) for one in recorded("dev").plan.resources if one.custom]
    assert len(said) > 100
    assert not any(said)
