"""Every binding fact of a shipped stack has one status, and each status is proven."""

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from aiplatform.cli.changes import parse_change
from catalog.reading.problems import Path
from tests.requirements.coverage import (
    BINDING,
    STACK_FILES,
    STACKS,
    Coverage,
    Deviation,
    Fact,
    State,
    deviations,
    load,
    marks_of,
)

FACTS = {
    id_: Fact(id_, "network", "the VPC is 10.0.0.0/16", "Network", kind)
    for id_, kind in (("000-net-01", "must"), ("000-net-02", "contradiction"), ("000-net-03", "option"))
}
GOOD = """
    import pytest

    @pytest.mark.requirement("000-net-01", "000-net-02")
    def test_the_network(plan):
        assert plan.cidr == "10.0.0.0/16"
"""


PROVEN = """
    import pytest

    @pytest.mark.deviates("000-net-03")
    def test_the_documents_value(documented):
        assert documented.cidr == "10.1.0.0/16"
"""
SETTING = Deviation("the VPC is larger", ("network.cidr=10.1.0.0/16",))


def covered(
    source: str = GOOD,
    *,
    waivers: Mapping[str, str] | None = None,
    pending: Mapping[str, str] | None = None,
    deviations: Mapping[str, Deviation] | None = None,
) -> Coverage:
    """Coverage of the three facts by one test file."""
    marks = tuple(marks_of(textwrap.dedent(source), "test_000.py"))
    return Coverage(FACTS, marks, waivers or {}, pending or {}, frozenset({"000"}), deviations or {})


def test_every_binding_fact_of_a_shipped_stack_is_covered() -> None:
    coverage = load()
    assert "000" in coverage.documents
    assert coverage.problems() == []


def test_facts_of_all_five_documents_exist() -> None:
    totals = {document: load().counts(document).total() for document in ("000", "001", "002", "003", "004")}
    assert totals == {"000": 160, "001": 114, "002": 110, "003": 158, "004": 124}


def test_no_fact_of_a_shipped_stack_is_pending() -> None:
    coverage = load()
    binding = [fact for fact in coverage.facts.values() if fact.kind in BINDING and fact.document in coverage.documents]
    assert [fact.id for fact in binding if coverage.state(fact.id) is State.OPEN] == []


def test_covered_document_has_no_problem_and_optional_facts_may_be_open() -> None:
    assert covered().problems() == []
    assert covered().state("000-net-03") is State.OPEN
    assert covered().reason("000-net-01") == "test_000.py:5"


def test_unrecorded_binding_fact_is_a_problem() -> None:
    source = GOOD.replace(', "000-net-02"', "")
    assert covered(source).problems() == [
        "000-net-02 is neither asserted nor deviating nor waived nor pending: the VPC is 10.0.0.0/16"
    ]
    assert covered(source, waivers={"000-net-02": "a folder's name"}).problems() == []
    assert covered(source, pending={"000-net-02": "C"}).problems() == []


def test_facts_of_a_stack_that_is_not_shipped_may_be_pending() -> None:
    assert replace(covered("import pytest"), documents=frozenset({"001"})).problems() == []


@pytest.mark.parametrize("file", ["waivers", "pending", "deviations"])
def test_record_names_a_fact(file: str) -> None:
    records = {"000-net-99": Deviation("C", without="no setting") if file == "deviations" else "C"}
    assert f"{file}.yaml names 000-net-99, which is no fact" in covered(**{file: records}).problems()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "states"),
    [
        ({"waivers": {"000-net-01": "C"}}, "asserted, waived"),
        ({"pending": {"000-net-01": "C"}}, "asserted, pending"),
        ({"deviations": {"000-net-01": SETTING}}, "asserted, deviates"),
        ({"waivers": {"000-net-01": "C"}, "pending": {"000-net-01": "C"}}, "asserted, waived, pending"),
    ],
)
def test_status_of_a_fact_is_exclusive(records: Any, states: str) -> None:
    assert f"000-net-01 has more than one status: {states}" in covered(**records).problems()


@pytest.mark.parametrize("reason", ["", "two\nlines"])
def test_reason_of_a_record_is_one_line(reason: str) -> None:
    assert covered(waivers={"000-net-03": reason}).problems() == [
        "waivers.yaml has to give a reason for 000-net-03 in one line"
    ]
    deviation = {"000-net-03": Deviation(reason, SETTING.settings)}
    assert covered(GOOD + PROVEN, deviations=deviation).problems() == [
        "deviations.yaml has to give a reason for 000-net-03 in one line"
    ]


# --- deviations ---


def test_deviation_with_a_setting_and_its_test_has_no_problem() -> None:
    found = covered(GOOD + PROVEN, deviations={"000-net-03": SETTING})
    assert found.problems() == []
    assert found.state("000-net-03") is State.DEVIATES
    assert found.reason("000-net-03") == "the VPC is larger; --set network.cidr=10.1.0.0/16"


@pytest.mark.parametrize(
    "source", [GOOD, GOOD + PROVEN.replace("(documented)", "(plan)").replace("documented.", "plan.")]
)
def test_deviation_with_a_setting_needs_a_test_that_applies_it(source: str) -> None:
    assert covered(source, deviations={"000-net-03": SETTING}).problems() == [
        "no test sets network.cidr=10.1.0.0/16 and asserts the document's value of 000-net-03"
    ]


def test_deviation_without_a_setting_has_a_reason_and_a_test() -> None:
    unreachable = {"000-net-03": Deviation("AWS has retired it", without="AWS has retired it")}
    shown = GOOD + PROVEN.replace("documented", "plan")
    assert covered(shown, deviations=unreachable).problems() == []
    assert covered(deviations=unreachable).problems() == ["no test asserts what the stack has instead of 000-net-03"]
    assert covered(shown, deviations={"000-net-03": Deviation("C")}).problems() == [
        "deviations.yaml has to name settings for 000-net-03, or say under without why none gives the value"
    ]


def test_deviates_mark_names_a_recorded_deviation() -> None:
    assert covered(GOOD + PROVEN).problems() == [
        "test_000.py:11 is marked with 000-net-03, which deviations.yaml does not name",
        "test_000.py:11 asks for a document's value and names no deviation with settings",
    ]


def value_at(stack: Any, path: Path) -> Any:
    """The value at a path of a stack file; None where the file leaves it out."""
    for part in path:
        if isinstance(stack, dict):
            stack = stack.get(part)
        elif isinstance(stack, list) and isinstance(part, int) and part < len(stack):
            stack = stack[part]
        else:
            return None
    return stack


def test_settings_of_deviations_differ_from_the_stack_files() -> None:
    files = {
        document: yaml.safe_load((STACK_FILES / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
        for document, stack in STACKS.items()
    }
    same = [
        setting
        for id_, deviation in deviations().items()
        for setting in deviation.settings
        for path, value in [parse_change(setting)]
        if value_at(files[id_[:3]], (f"ai-platform:{path[0]}", *path[1:])) == value is not None
    ]
    assert same == []
    assert sum(len(deviation.settings) for deviation in deviations().values()) > 40


def test_mark_names_a_fact() -> None:
    problems = covered(GOOD.replace("000-net-02", "000-net-98")).problems()
    assert "test_000.py:5 is marked with 000-net-98, which is no fact" in problems


@pytest.mark.parametrize(
    "body",
    ["pass", "plan.check()", "assert plan.cidr", "assert plan.cidr is not None", "assert isinstance(plan.cidr, str)"],
)
def test_marked_test_asserts_a_value(body: str) -> None:
    source = GOOD.replace('assert plan.cidr == "10.0.0.0/16"', body)
    assert covered(source).problems() == ["test_000.py:5 is marked, but asserts no value"]


def test_expected_exception_counts_as_an_assertion() -> None:
    body = "with pytest.raises(ValueError, match='too large'): plan('10.0.0.0/8')"
    assert covered(GOOD.replace('assert plan.cidr == "10.0.0.0/16"', body)).problems() == []


@pytest.mark.parametrize(
    ("source", "slip"),
    [
        ('IDS = ("000-net-01",)\n@pytest.mark.requirement(*IDS)\ndef test_x(): assert 1 == 1', "without literal ids"),
        ("@pytest.mark.requirement\ndef test_x(): assert 1 == 1", "without literal ids"),
        ('@pytest.mark.requirement("000-net-01")\ndef helper(): assert 1 == 1', "is no test function"),
        ('@pytest.mark.requirement("000-net-01")\nclass TestX: pass', "is no test function"),
    ],
)
def test_mark_needs_a_test_with_readable_ids(source: str, slip: str) -> None:
    (marked,) = marks_of(source, "test_000.py")
    assert [found for found in marked.errors if slip in found] != []
