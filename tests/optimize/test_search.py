"""The best set together, what is kept, and what is said about ideas that save nothing or break something."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.compare import Gap, Known
from aiplatform.finding import Finding
from aiplatform.optimize.idea import Idea, Keep, Subject
from aiplatform.optimize.search import Found, search
from aiplatform.optimize.trial import Changes, Trial, merged
from catalog.reading.problems import Path
from config.settings import Settings
from tests.aiplatform.costing import prices
from tests.components.base import settings_of

Total = Callable[[Mapping[Path, Any]], int]


def idea(text: str, *paths: str, keep: Keep | None = None, check: str = "") -> Idea:
    """An idea that sets each path to its own text."""
    return Idea(text, tuple((tuple(path.split(".")), text) for path in paths or (text,)), keep, "something", check)


def bill(total: int, *, missing: bool = False) -> Known:
    gaps = {("urn", "db.new"): Gap(Decimal(1), "no price in us-west-2")} if missing else {}
    amounts: Sizes = always(total)
    return Known("shop", {("urn", "all"): amounts}, amounts, gaps, {})


def found(
    ideas: Sequence[Idea],
    total: Total,
    *,
    broken: Callable[[Changes], bool] = lambda _: False,
    unpriced: Callable[[Changes], bool] = lambda _: False,
    settings: Settings | None = None,
    keep: Sequence[Keep] = (),
    accept: Sequence[Keep] = (),
) -> Found:
    """Search with a platform that costs `total`, a function of the changed settings."""
    finding = Finding("fit-pending", "error", "urn", "its pod stays pending", "use a larger type")

    def try_all(all_changes: Sequence[Changes]) -> list[Trial]:
        return [
            Trial(
                settings or settings_of("dev"),
                bill(total(changes), missing=unpriced(changes)),
                (finding,) if broken(changes) else (),
            )
            for changes in all_changes
        ]

    def advice(_: Subject) -> Iterator[Idea]:
        yield from ideas

    (base,) = try_all([{}])
    return search({"made-up": advice}, prices(), base, try_all, keep=keep, accept=accept)


def sums(**savings: int) -> Total:
    """A total of 100 less the saving of each path."""
    return lambda changes: 100 - sum(savings.get(".".join(map(str, path)), 0) for path in changes)


def texts(offers: Sequence[Any]) -> list[str]:
    return [one.idea.text for one in offers]


def test_offers_are_ordered_by_saving_without_those_that_save_nothing() -> None:
    result = found([idea("a"), idea("b"), idea("c"), idea("d")], sums(a=5, b=20, c=0, d=-7))
    assert texts(result.offers) == ["b", "a"]
    assert result.best.saving == always(25)
    assert dict(result.best.changes) == {("b",): "b", ("a",): "a"}


def test_stack_for_which_nothing_saves_money_has_an_empty_best_set() -> None:
    result = found([idea("a")], sums(a=0))
    assert (result.offers, result.best.changes, result.best.saving) == ((), (), None)


def test_idea_that_leaves_a_pod_pending_is_refused_with_the_reason() -> None:
    result = found([idea("a"), idea("b")], sums(a=50, b=10), broken=lambda changes: ("a",) in changes)
    assert texts(result.offers) == ["b"]
    assert [one.verdict.broken for one in result.refused] == [("fit-pending: its pod stays pending",)]
    assert dict(result.best.changes) == {("b",): "b"}


def test_idea_without_a_price_has_no_saving() -> None:
    result = found([idea("a"), idea("b")], sums(a=90, b=10), unpriced=lambda changes: ("a",) in changes)
    assert texts(result.offers) == ["b"]
    assert [(one.idea.text, one.verdict.unknown, one.verdict.saving) for one in result.unknown] == [
        ("a", ("db.new: no price in us-west-2",), None)
    ]
    assert dict(result.best.changes) == {("b",): "b"}


def test_one_of_two_offers_with_the_same_saving_is_in_the_best_set() -> None:
    def total(changes: Mapping[Path, Any]) -> int:
        return 100 - (30 if {("a",), ("b",)} & changes.keys() else 0) - (5 if ("c",) in changes else 0)

    result = found([idea("a"), idea("b"), idea("c")], total)
    assert dict(result.best.changes) == {("a",): "a", ("c",): "c"}
    assert result.best.saving == always(35)


def test_offer_that_alone_changes_its_lines_is_not_planned_without() -> None:
    planned: list[set[str]] = []

    def try_all(all_changes: Sequence[Changes]) -> list[Trial]:
        changed = [{str(path[0]) for path in changes} for changes in all_changes]
        planned.extend(changed)
        return [
            Trial(settings_of("dev"), Known("shop", lines := _lines(one), sum_of(lines), {}, {})) for one in changed
        ]

    def _lines(changed: set[str]) -> dict[tuple[str, str], Sizes]:
        shared = 30 if "a" in changed else 20 if "b" in changed else 0
        return {("urn", "shared"): always(50 - shared), ("urn", "alone"): always(50 - (5 if "c" in changed else 0))}

    def sum_of(lines: Mapping[tuple[str, str], Sizes]) -> Sizes:
        return always(sum(one.expected for one in lines.values()))

    (base,) = try_all([{}])
    ideas = [idea("a"), idea("b"), idea("c")]
    result = search({"made-up": lambda _: iter(ideas)}, prices(), base, try_all)
    assert dict(result.best.changes) == {("a",): "a", ("c",): "c"}
    assert {"a", "b"} not in planned, "c shares no line"
    assert [{"b", "c"}, {"a", "c"}] == [one for one in planned if len(one) == 2][:2]


def test_idea_for_a_setting_of_the_best_set_is_not_planned() -> None:
    planned: list[Changes] = []

    def try_all(all_changes: Sequence[Changes]) -> list[Trial]:
        planned.extend(all_changes)
        return [Trial(settings_of("dev"), bill(100 - 10 * len(changes))) for changes in all_changes]

    numbers = itertools.count()
    (base,) = try_all([{}])
    # Another idea for the same setting in each round, as smaller and smaller types are.
    result = search({"made-up": lambda _: iter([idea(str(next(numbers)), "group.types")])}, prices(), base, try_all)
    assert dict(result.best.changes) == {("group", "types"): "0"}
    assert len([one for one in planned if one]) == 2, "the idea, and the best set"


def test_kept_words_exclude_kinds() -> None:
    ideas = [idea("a", keep="ha"), idea("b", keep="capacity"), idea("c")]
    assert texts(found(ideas, sums(a=3, b=2, c=1), keep=["ha"]).offers) == ["b", "c"]
    assert texts(found(ideas, sums(a=3, b=2, c=1), keep=["ha", "capacity"]).offers) == ["c"]


def test_of_two_ideas_for_a_setting_the_better_is_in_the_best_set() -> None:
    ideas = [idea("spot", "group.types", "group.capacity"), idea("smaller", "group.types")]

    def total(changes: Mapping[Path, Any]) -> int:
        return 100 - {"spot": 30, "smaller": 20}.get(changes.get(("group", "types"), ""), 0)

    result = found(ideas, total)
    assert texts(result.offers) == ["spot", "smaller"]
    assert [one.text for one in result.best.ideas] == ["spot"]


def test_overlapping_savings_are_not_added() -> None:
    # A schedule halves what is left of the nodes after a cheaper type.
    def total(changes: Mapping[Path, Any]) -> int:
        return (60 if ("types",) in changes else 100) // (2 if ("schedule",) in changes else 1)

    result = found([idea("types"), idea("schedule")], total)
    assert [one.saving for one in result.offers] == [50, 40]
    assert result.best.saving == always(70)
    assert {one.text for one in result.best.ideas} == {"types", "schedule"}


def test_idea_that_adds_nothing_to_the_others_is_left_out() -> None:
    # Without the group its disk costs nothing.
    def total(changes: Mapping[Path, Any]) -> int:
        return 0 if ("group",) in changes else 90 if ("disk",) in changes else 100

    result = found([idea("group"), idea("disk")], total)
    assert texts(result.offers) == ["group", "disk"]
    assert [one.text for one in result.best.ideas] == ["group"]
    assert result.best.saving == always(100)


def test_ideas_that_break_something_only_together_are_not_together() -> None:
    ideas = [idea("a"), idea("b"), idea("c")]
    result = found(ideas, sums(a=30, b=20, c=10), broken=lambda changes: {("a",), ("b",)} <= changes.keys())
    assert texts(result.offers) == ["a", "b", "c"]
    assert [one.text for one in result.best.ideas] == ["a", "c"]
    assert result.best.saving == always(40)


def test_idea_that_has_to_be_checked_is_offered_but_not_in_the_best_set() -> None:
    result = found([idea("a", check="images for arm64"), idea("b")], sums(a=30, b=20))
    assert [one.checks for one in result.offers] == [("images for arm64",), ()]
    assert [one.text for one in result.best.ideas] == ["b"]


@pytest.mark.parametrize("word", ["ha", "rpo"])
def test_promise_of_production_has_to_be_accepted(word: Keep) -> None:
    ideas, total = [idea("a", keep=word), idea("b", keep="capacity")], sums(a=30, b=20)
    refused = found(ideas, total, settings=settings_of("prod"))
    assert [one.checks for one in refused.offers] == [
        (f"the stack is in production: accept what it gives up with --accept {word}",),
        (),
    ]
    assert [one.text for one in refused.best.ideas] == ["b"]
    accepted = found(ideas, total, settings=settings_of("prod"), accept=[word])
    assert [one.text for one in accepted.best.ideas] == ["a", "b"]


def test_environment_in_production_makes_a_stack_production() -> None:
    assert settings_of("pingvas").project.is_production() is False
    result = found([idea("a", keep="ha")], sums(a=30), settings=settings_of("pingvas"))
    assert result.best.ideas == ()


def test_later_change_replaces_earlier_ones_inside_it() -> None:
    before: Changes = {("network", "flowLogs", "traffic"): "REJECT", ("network", "nat"): "single"}
    assert merged([before, {("network", "flowLogs"): None}]) == {
        ("network", "nat"): "single",
        ("network", "flowLogs"): None,
    }


def test_warning_that_the_base_has_is_not_new() -> None:
    result = found([idea("a")], sums(a=5), broken=lambda _: True)
    assert texts(result.offers) == ["a"]
    assert replace(result.offers[0].verdict, saving=None).broken == ()
