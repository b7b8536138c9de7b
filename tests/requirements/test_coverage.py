"""Every binding fact of a shipped stack is asserted, waived or pending, and what is said about facts is true."""

import textwrap
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.requirements.coverage import BINDING, Coverage, Fact, State, load, marks_of

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


def covered(
    source: str = GOOD, *, waivers: Mapping[str, str] | None = None, pending: Mapping[str, str] | None = None
) -> Coverage:
    """Coverage of the three facts by one test file."""
    marks = tuple(marks_of(textwrap.dedent(source), "test_000.py"))
    return Coverage(FACTS, marks, waivers or {}, pending or {}, frozenset({"000"}))


def test_every_binding_fact_of_a_shipped_stack_is_covered() -> None:
    coverage = load()
    assert "000" in coverage.documents
    assert coverage.problems() == []


def test_the_facts_of_all_five_documents_are_there() -> None:
    totals = {document: load().counts(document).total() for document in ("000", "001", "002", "003", "004")}
    assert totals == {"000": 160, "001": 114, "002": 110, "003": 158, "004": 124}


def test_nothing_of_a_shipped_stack_is_left_open() -> None:
    coverage = load()
    binding = [fact for fact in coverage.facts.values() if fact.kind in BINDING and fact.document in coverage.documents]
    assert [fact.id for fact in binding if coverage.state(fact.id) is State.OPEN] == []


def test_a_covered_document_has_no_problem_and_its_options_may_stay_open() -> None:
    assert covered().problems() == []
    assert covered().state("000-net-03") is State.OPEN
    assert covered().reason("000-net-01") == "test_000.py:5"


def test_a_binding_fact_that_stands_nowhere_is_a_problem() -> None:
    source = GOOD.replace(', "000-net-02"', "")
    assert covered(source).problems() == [
        "000-net-02 is neither asserted nor waived nor pending: the VPC is 10.0.0.0/16"
    ]
    assert covered(source, waivers={"000-net-02": "a folder's name"}).problems() == []
    assert covered(source, pending={"000-net-02": "C"}).problems() == []


def test_facts_of_a_stack_that_is_not_shipped_may_wait() -> None:
    assert replace(covered("import pytest"), documents=frozenset({"001"})).problems() == []


@pytest.mark.parametrize("file", ["waivers", "pending"])
def test_a_waiver_has_to_name_a_fact_that_no_test_asserts(file: str) -> None:
    said = {"000-net-01": "C", "000-net-99": "C"}
    assert (covered(waivers=said) if file == "waivers" else covered(pending=said)).problems() == [
        f"{file}.yaml names 000-net-01, which test_000.py:5 asserts",
        f"{file}.yaml names 000-net-99, which is no fact",
    ]


def test_a_fact_is_waived_or_pending_but_not_both() -> None:
    said = {"000-net-03": "C"}
    assert covered(waivers=said, pending=said).problems() == ["000-net-03 is waived and pending"]


@pytest.mark.parametrize("reason", ["", "two\nlines"])
def test_a_waiver_has_a_reason_of_one_line(reason: str) -> None:
    assert covered(waivers={"000-net-03": reason}).problems() == [
        "waivers.yaml has to say in one line why or what for 000-net-03 stands there"
    ]


def test_a_mark_has_to_name_a_fact() -> None:
    problems = covered(GOOD.replace("000-net-02", "000-net-98")).problems()
    assert "test_000.py:5 is marked with 000-net-98, which is no fact" in problems


@pytest.mark.parametrize(
    "body",
    ["pass", "plan.check()", "assert plan.cidr", "assert plan.cidr is not None", "assert isinstance(plan.cidr, str)"],
)
def test_a_marked_test_has_to_assert_a_value(body: str) -> None:
    source = GOOD.replace('assert plan.cidr == "10.0.0.0/16"', body)
    assert covered(source).problems() == ["test_000.py:5 is marked, but asserts no value"]


def test_an_expected_mistake_is_an_assertion_too() -> None:
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
def test_a_mark_stands_on_a_test_with_ids_that_can_be_read(source: str, slip: str) -> None:
    (marked,) = marks_of(source, "test_000.py")
    assert [found for found in marked.slips if slip in found] != []
