"""Changes are written into a stack file without touching anything else in it."""

from difflib import ndiff
from typing import Any

import pytest

from aiplatform.optimize.edit import edited, written
from catalog.reading.document import parse
from catalog.reading.problems import Path
from tests.config.base import STACK_FILES
from tests.each import each

TEXT = """\
# A shop.
config:
  ai-platform:network:
    cidr: 10.0.0.0/16  # the office uses 10.1
    # One in each zone.
    nat: perZone # for now
    flowLogs:

  ai-platform:nodeGroups:
    cpu:
      # Two types.
      instanceTypes:
        - m5.large  # first
        - m6i.large
      scaling: {min: 1, desired: 2, max: 3}
      labels: {}
  # The end.
"""

CASES: dict[str, tuple[Path, Any, list[str]]] = {
    "a scalar": (("network", "nat"), "single", ["-     nat: perZone # for now", "+     nat: single # for now"]),
    "an empty value": (
        ("network", "flowLogs"),
        {"traffic": "ALL"},
        ["-     flowLogs:", "+     flowLogs: {traffic: ALL}"],
    ),
    "inside an empty value": (
        ("network", "flowLogs", "traffic"),
        "ALL",
        ["-     flowLogs:", "+     flowLogs: {traffic: ALL}"],
    ),
    "in a flow map": (
        ("nodeGroups", "cpu", "scaling", "max"),
        9,
        ["-       scaling: {min: 1, desired: 2, max: 3}", "+       scaling: {min: 1, desired: 2, max: 9}"],
    ),
    "a new key of a flow map": (
        ("nodeGroups", "cpu", "scaling", "x"),
        None,
        ["-       scaling: {min: 1, desired: 2, max: 3}", "+       scaling: {min: 1, desired: 2, max: 3, x: null}"],
    ),
    "a key of an empty map": (
        ("nodeGroups", "cpu", "labels", "a"),
        "1.5",
        ["-       labels: {}", '+       labels: {a: "1.5"}'],
    ),
    "a list": (
        ("nodeGroups", "cpu", "instanceTypes"),
        ["m7i.large"],
        [
            "-       instanceTypes:",
            "-         - m5.large  # first",
            "-         - m6i.large",
            "+       instanceTypes: [m7i.large]",
        ],
    ),
    "an item": (
        ("nodeGroups", "cpu", "instanceTypes", 0),
        "m7i.large",
        ["-         - m5.large  # first", "+         - m7i.large  # first"],
    ),
    "a new key of a block map": (("nodeGroups", "cpu", "capacity"), "spot", ["+       capacity: spot"]),
    "a new section": (
        ("schedules", "nights"),
        {"start": "0 7 * * MON,TUE", "stop": "0 19 * * *"},
        ["+ ", "+   ai-platform:schedules:", '+     nights: {start: "0 7 * * MON,TUE", stop: 0 19 * * *}'],
    ),
}


@each("case", CASES)
def test_change_touches_its_own_lines(case: str) -> None:
    path, value, lines = CASES[case]
    text = edited(TEXT, [(path, value)])
    changed = [line for line in ndiff(TEXT.splitlines(), text.splitlines()) if line[0] in "+-"]
    assert sorted(changed) == sorted(lines)
    here: Any = parse(text, "Pulumi.x.yaml", "ai-platform").sections
    for part in path:
        here = here[part]
    assert here == value


@pytest.mark.parametrize(
    "value", ["true", "on", "1.30", "1e3", "0x1f", "~", "a: b", "a #b", "- a", "*", "[a", "", "ends:", "é"]
)
def test_text_that_yaml_reads_as_something_else_is_quoted(value: str) -> None:
    text = edited(TEXT, [(("network", "nat"), value)])
    assert parse(text, "Pulumi.x.yaml", "ai-platform").sections["network"]["nat"] == value


@pytest.mark.parametrize("value", ["t3.large", "0 8 * * MON-FRI", "Asia/Seoul", "cache.t4g.micro", "us-west-2a"])
def test_usual_texts_are_plain(value: str) -> None:
    assert written(value) == value


def test_no_change_leaves_every_shipped_file_as_it_is() -> None:
    for file in STACK_FILES.glob("Pulumi.*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert edited(text, []) == text
        name = edited(text, [(("project", "name"), "other")])
        assert [line for line in ndiff(text.splitlines(), name.splitlines()) if line[0] == "+"] == ["+     name: other"]
