"""Plan every idea, order them by saving, and find the best set together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import Sizes
from aiplatform.cost.compare import Key
from aiplatform.optimize.idea import Advice, Idea, Keep, Subject
from aiplatform.optimize.trial import Changes, Trial, Verdict, merged, verdict
from catalog.prices import PriceTable
from catalog.reading.problems import Path

LEAST = Decimal("0.50")
"""Smallest saving that is offered, in USD a month at the expected size."""

ROUNDS = 2
"""How often ideas are added: the second time those that the changes of the first make possible."""

PROMISES: tuple[Keep, ...] = ("ha", "rpo")
"""What production is trusted to have: giving it up has to be accepted."""

TryAll = Callable[[Sequence[Changes]], list[Trial]]
"""Plans the stack with each of several changes."""


@dataclass(frozen=True)
class Offer:
    """An idea with what its plan has shown."""

    idea: Idea
    verdict: Verdict
    lines: frozenset[Key] = frozenset()
    """The lines of the bill that it changes."""

    @property
    def saving(self) -> Decimal:
        """Return the saving in USD a month at the expected size."""
        return self.verdict.saving.expected if self.verdict.saving else Decimal(0)

    @property
    def checks(self) -> tuple[str, ...]:
        """Return what has to be checked before it is used."""
        return (*((self.idea.check,) if self.idea.check else ()), *self.verdict.said)


@dataclass(frozen=True)
class Best:
    """The changes that save most together."""

    trial: Trial
    ideas: tuple[Idea, ...] = ()
    changes: tuple[tuple[Path, Any], ...] = ()
    saving: Sizes | None = None


@dataclass(frozen=True)
class Found:
    """The result for a stack."""

    base: Trial
    offers: tuple[Offer, ...]
    """What saves money, largest saving first."""

    refused: tuple[Offer, ...]
    """What is not offered, because it breaks something."""

    unknown: tuple[Offer, ...]
    """What has no price."""

    best: Best


@dataclass
class _Search:
    advice: Mapping[str, Advice]
    prices: PriceTable
    try_all: TryAll
    keep: frozenset[Keep]
    accept: frozenset[Keep]
    base: Trial

    def ideas(self, trial: Trial) -> Iterator[Idea]:
        if trial.settings is not None:
            subject = Subject(trial.settings, self.prices)
            for advice in self.advice.values():
                for idea in advice(subject):
                    if idea.keep not in self.keep:
                        yield self._with_promise(idea) if subject.is_production else idea

    def _with_promise(self, idea: Idea) -> Idea:
        if idea.keep not in PROMISES or idea.keep in self.accept or idea.check:
            return idea
        return replace(idea, check=f"the stack is in production: accept what it gives up with --accept {idea.keep}")

    def offers(self, trial: Trial, under: Changes, known: set[str]) -> list[Offer]:
        """Plan the ideas for a stack with changes that are not yet known, and that leave these changes as they are."""
        new = [
            idea for idea in self.ideas(trial) if repr(idea.changes) not in known and not _clashes(idea, under.items())
        ]
        known.update(repr(idea.changes) for idea in new)
        tried = self.try_all([merged([under, dict(idea.changes)]) for idea in new])
        found = [Offer(idea, verdict(trial, one), _lines(trial, one)) for idea, one in zip(new, tried, strict=True)]
        return sorted(found, key=lambda one: (-one.saving, one.idea.text))

    def best(self, offers: Iterable[Offer], known: set[str]) -> Best:
        """Add offers, largest saving first, and then those that the changed stack makes possible."""
        best, more = Best(self.base), list(offers)
        for _ in range(ROUNDS):
            before = best
            best = self._added(best, _apart([one for one in more if _is_safe(one)]))
            if best == before:
                break
            more = self.offers(best.trial, dict(best.changes), known)
        return best

    def _added(self, best: Best, offers: Sequence[Offer]) -> Best:
        """Return the set with offers on top that change different settings, as far as they go together."""
        if not offers:
            return best
        (tried,) = self.try_all([self._changes(best, offers)])
        if _saves(verdict(best.trial, tried)) >= LEAST:
            useful = self._useful(best, offers, tried)
            found = self._with(best, useful, tried if len(useful) == len(offers) else None)
            dropped = [one for one in offers if one not in useful]
            # Each of two that save the same adds nothing to the other: one of them has to come back.
            for one in dropped if len(dropped) > 1 else ():
                found = self._added(found, [one])
            return found
        if len(offers) == 1:
            return best
        half = len(offers) // 2
        return self._added(self._added(best, offers[:half]), offers[half:])

    def _useful(self, best: Best, offers: Sequence[Offer], whole: Trial) -> Sequence[Offer]:
        """Return the offers without which the whole costs more: savings overlap where offers change the same lines."""
        total = sum((one.saving for one in offers), Decimal(0))
        if len(offers) == 1 or _saves(verdict(best.trial, whole)) > total - LEAST:
            return offers
        shared = [one for one in offers if any(one.lines & other.lines for other in offers if other is not one)]
        without = [[other for other in offers if other is not one] for one in shared]
        tried = self.try_all([self._changes(best, some) for some in without])
        useless = {id(one) for one, trial in zip(shared, tried, strict=True) if _saves(verdict(trial, whole)) < LEAST}
        return [one for one in offers if id(one) not in useless]

    def _changes(self, best: Best, offers: Sequence[Offer]) -> dict[Path, Any]:
        return merged([dict(best.changes), *(dict(one.idea.changes) for one in offers)])

    def _with(self, best: Best, offers: Sequence[Offer], planned: Trial | None) -> Best:
        changes = self._changes(best, offers)
        trial = planned or self.try_all([changes])[0]
        left = [idea for idea in best.ideas if all(changes.get(path) == value for path, value in idea.changes)]
        ideas = (*left, *(one.idea for one in offers))
        return Best(trial, ideas, tuple(changes.items()), verdict(self.base, trial).saving)


def search(
    advice: Mapping[str, Advice],
    prices: PriceTable,
    base: Trial,
    try_all: TryAll,
    *,
    keep: Iterable[Keep] = (),
    accept: Iterable[Keep] = (),
) -> Found:
    """Return what saves money, what does not and why, and the best set together."""
    searching = _Search(advice, prices, try_all, frozenset(keep), frozenset(accept), base)
    known: set[str] = set()
    every = searching.offers(base, {}, known)
    offers = tuple(one for one in every if one.saving >= LEAST and not one.verdict.broken)
    return Found(
        base,
        offers,
        tuple(one for one in every if one.verdict.broken),
        tuple(one for one in every if one.verdict.unknown and not one.verdict.broken),
        searching.best(offers, known),
    )


def _lines(before: Trial, after: Trial) -> frozenset[Key]:
    """Return the lines that differ between two bills."""
    if before.bill is None or after.bill is None:
        return frozenset()
    ours, theirs = before.bill.lines, after.bill.lines
    return frozenset(key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key))


def _saves(seen: Verdict) -> Decimal:
    """Return the saving of a set at the expected size; nothing if something new is wrong with it."""
    if seen.saving is None or seen.broken or seen.said:
        return Decimal(0)
    return seen.saving.expected


def _is_safe(offer: Offer) -> bool:
    return offer.saving >= LEAST and not offer.checks and not offer.verdict.broken


def _apart(offers: Sequence[Offer]) -> list[Offer]:
    """Return offers, largest saving first, that change different settings."""
    found: list[Offer] = []
    for one in offers:
        if not any(_clashes(one.idea, other.idea.changes) for other in found):
            found.append(one)
    return found


def _clashes(idea: Idea, changes: Iterable[tuple[Path, Any]]) -> bool:
    """Return whether an idea changes a setting that is changed, or one inside or around it."""
    taken = [path for path, _ in changes]
    return any(mine[: len(theirs)] == theirs or theirs[: len(mine)] == mine for mine in idea.paths for theirs in taken)
