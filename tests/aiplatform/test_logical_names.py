"""Logical names are no data: a plan in which every resource has another one has the same bill, fit and findings."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from aiplatform.cost.document import cost_json
from aiplatform.cost.pricer import bill
from aiplatform.finding import as_json
from aiplatform.findings.checks import findings
from aiplatform.fit.fit import fit
from aiplatform.iam.permissions import deployer_policies, deployer_values
from aiplatform.preview.plan import Plan, Resource
from aiplatform.preview.record import ACCOUNT
from aiplatform.report.access import identities, inbound_rules
from catalog.prices import load_prices
from config.findings import Findings
from config.settings import Settings
from tests.components.base import STACKS, recorded
from tests.config.base import TODAY

_RENAMED = re.compile("renamed-[0-9a-f]{16}")


def _other_name(urn: str) -> str:
    # In no order that has to do with that of the names before.
    return f"renamed-{hashlib.sha256(urn.encode()).hexdigest()[:16]}"


def _other_urn(urn: str) -> str:
    return f"{urn.rpartition('::')[0]}::{_other_name(urn)}"


def _everywhere(value: Any, names: Mapping[str, str]) -> Any:
    """A value with URNs in it, of resources that inputs refer to."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {key: _everywhere(item, names) for key, item in value.items()}
    return [_everywhere(item, names) for item in value] if isinstance(value, list) else value


def renamed(plan: Plan) -> tuple[Plan, dict[str, str]]:
    """The plan under other logical names, and the old names by the new ones."""
    urns = {one.urn: _other_urn(one.urn) for one in plan.resources}
    old = {_other_name(one.urn): one.name for one in plan.resources}
    assert len(old) == len(plan.resources)

    def other(one: Resource) -> Resource:
        return replace(
            one,
            urn=urns[one.urn],
            name=_other_name(one.urn),
            parent=urns.get(one.parent or "", one.parent),
            provider=urns.get(one.provider or "", one.provider),
            dependencies=tuple(sorted(urns[urn] for urn in one.dependencies)),
            inputs=_everywhere(one.inputs, urns),
        )

    resources = sorted(map(other, plan.resources), key=lambda one: one.urn)
    return replace(plan, resources=tuple(resources)), old


def _told(plan: Plan, settings: Settings) -> dict[str, Any]:
    """Everything that the command line tells of a plan."""
    costs = bill(plan, settings.costs, load_prices(), today=TODAY, settings=settings)
    # What a stack file accepts it accepts by logical name: that is how it refers to a resource.
    found = findings(plan, settings.model_copy(update={"findings": Findings()}), costs)
    placed = fit(plan, settings)
    names = deployer_values(settings, "state", settings.project.account_id or ACCOUNT, plan.stack)
    return {
        "bill": json.loads(cost_json(costs)),
        "findings": as_json(found),
        "nodes": {level: [at.groups, at.nodes_needed] for level, at in placed.levels.items()},
        "pods": {
            level: {one.workload.identity: [one.wanted, one.placed] for one in at.workloads}
            for level, at in placed.levels.items()
        },
        "access": [inbound_rules(plan, settings.network.cidr), identities(plan)],
        "permissions": deployer_policies(plan, names),
    }


def _in_order(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True))


def _text(found: Any, old: Mapping[str, str]) -> Any:
    """With the old names again, and every list in an order that has nothing to do with names."""
    text = json.dumps(found, sort_keys=True, default=repr)
    return _sorted(json.loads(_RENAMED.sub(lambda match: old[match[0]], text)))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    return _in_order([_sorted(item) for item in value]) if isinstance(value, list) else value


@pytest.mark.parametrize("stack", STACKS)
def test_logical_names_are_no_data(stack: str) -> None:
    recording = recorded(stack)
    other, old = renamed(recording.plan)
    found, expected = (_text(_told(plan, recording.settings), old) for plan in (other, recording.plan))
    for what in expected:
        assert found[what] == expected[what], what
