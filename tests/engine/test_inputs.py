"""The engine is told what the plan shows: not names alone, but every input."""

from collections.abc import Mapping
from typing import Any

import pytest

from aiplatform.preview.charts import RELEASE
from tests.components.base import recorded
from tests.engine.inputs import ENGINE_UNKNOWN, differences
from tests.engine.rig import Rig
from tests.parts.counts import proven

ELSEWHERE = ("chart", "repositoryOpts", "version")


@pytest.mark.parametrize(
    ("plan", "engine", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": "[secret]"}, {"a": {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "x"}}, []),
        ({"a": "vpc-1"}, {"a": ENGINE_UNKNOWN}, []),
        ({"a": "[unknown]"}, {"a": "known"}, []),
        ({"a": 1}, {"a": 1, "__defaults": ["b"], "c": None}, []),
        ({"a": {"b": [1]}}, {"a": {"b": [2]}}, [".a.b[0]: 1 in the plan, 2 in the engine"]),
        ({"a": [1]}, {"a": [1, 2]}, [".a: 1 items in the plan, 2 in the engine"]),
        ({"a": 1}, {}, [".a: only the plan has it"]),
        ({}, {"a": 0}, [".a: only the engine has it"]),
        ({"a": "1"}, {"a": 1}, [".a: '1' in the plan, 1 in the engine"]),
    ],
)  # fmt: skip
def test_inputs_differ_where_both_are_known_and_not_the_same(plan: Any, engine: Any, expected: list[str]) -> None:
    assert list(differences(plan, engine)) == expected


def _without(type_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Without where charts come from, which is a folder here, and the plugin's version, which the engine chooses."""
    of_provider = type_.startswith("pulumi:providers:")
    left_out = ("version",) if of_provider else ELSEWHERE if type_ == RELEASE else ()
    return {key: value for key, value in inputs.items() if key not in left_out}


def test_engine_gets_the_inputs_of_the_plan(dev: Rig) -> None:
    told = {one["urn"]: one["new"].get("inputs") or {} for one in dev.engine.preview().succeeded().resources()}
    compared = [one for one in recorded(dev.engine.stack).plan.resources if one.custom and one.urn in told]
    assert len(compared) > 100
    found = {
        one.urn: lines
        for one in compared
        if (lines := list(differences(_without(one.type, one.inputs), _without(one.type, told[one.urn]))))
    }
    assert found == {}
    proven("resources whose inputs in the plan are those that the engine was told", len(compared))
