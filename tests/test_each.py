import inspect

import pytest

from tests.each import each


def test_each_tries_every_case_and_names_those_that_fail() -> None:
    tried: list[int] = []

    @each("number", [1, 2, 3, 4])
    def rule(number: int) -> None:
        tried.append(number)
        assert number % 2, "is even"

    with pytest.raises(AssertionError) as failure:
        rule()
    assert tried == [1, 2, 3, 4]
    lines = str(failure.value).splitlines()
    assert lines[0] == "2 of 4 cases fail"
    assert [line for line in lines if "is even" in line] == ["2: is even", "4: is even"]


def test_each_composes_and_leaves_fixtures_to_pytest() -> None:
    seen: list[tuple[str, bool, str]] = []

    @each("stack", ["a", "b"])
    @each("unknown", [False, True], ids=["known", "unknown"])
    def rule(stack: str, unknown: bool, tmp_path: str) -> None:
        seen.append((stack, unknown, tmp_path))
        if stack == "b" and unknown:
            pytest.fail("refused")

    assert list(inspect.signature(rule).parameters) == ["tmp_path"]
    with pytest.raises(
        AssertionError, match=r"(?s)1 of 2 cases fail\nb: 1 of 2 cases fail\n  unknown: Failed: refused"
    ):
        rule(tmp_path="here")
    assert seen == [("a", False, "here"), ("a", True, "here"), ("b", False, "here"), ("b", True, "here")]


def test_each_reads_rows_as_parametrize_does() -> None:
    seen: list[tuple[int, int]] = []

    @each("one, other", [(1, 2), pytest.param(3, 4, id="named")])
    def rule(one: int, other: int) -> None:
        seen.append((one, other))
        assert one == 1

    with pytest.raises(AssertionError, match=r"1 of 2 cases fail\nnamed: "):
        rule()
    assert seen == [(1, 2), (3, 4)]


def test_each_takes_a_skip_for_a_failure() -> None:
    @each("number", [1, 2])
    def rule(number: int) -> None:
        if number == 1:
            pytest.skip("not here")

    with pytest.raises(AssertionError, match="1: Skipped: not here"):
        rule()


def test_each_stops_at_what_is_no_failure() -> None:
    @each("number", [1, 2])
    def rule(number: int) -> None:
        raise KeyboardInterrupt(number)

    with pytest.raises(KeyboardInterrupt):
        rule()


def test_each_refuses_no_values() -> None:
    with pytest.raises(ValueError, match="no values of stack"):
        each("stack", [])


def test_each_refuses_marks_of_a_row() -> None:
    with pytest.raises(ValueError, match="one: marks"):
        each("stack", [pytest.param(1, id="one", marks=pytest.mark.engine)])
