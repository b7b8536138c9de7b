"""Questions to an account about what a stack needs, and their answers."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from aiplatform.preview.plan import Plan, Resource
from aiplatform.quotas.need import Index
from aiplatform.verify.model import Cloud
from aiplatform.verify.problem import RefusedError
from config.settings import Settings

Verdict = Literal["fine", "wrong", "unknown"]

LISTED = 5
"""Names in a line; more are counted."""


class Answer(NamedTuple):
    """An answer."""

    verdict: Verdict
    detail: str
    """What was found, or why it is unknown."""

    fix: str = ""
    """What corrects it: a command or a setting."""

    refused: bool = False
    """Whether AWS rejected the request, so that the answer is unknown."""


def fine(detail: str) -> Answer:
    """Return the answer for what the stack can use."""
    return Answer("fine", detail)


def wrong(detail: str, fix: str) -> Answer:
    """Return the answer for what stops the stack, with what corrects it."""
    return Answer("wrong", detail, fix)


def unknown(why: str, fix: str = "") -> Answer:
    """Return the answer for what cannot be decided."""
    return Answer("unknown", why, fix)


def listed(names: Iterable[str]) -> str:
    """Return names in one line, at most five."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
    return ", ".join(found[:LISTED]) + more


class Account:
    """An account through its API in each region."""

    def __init__(self, arn: str, connect: Callable[[str], Cloud]) -> None:
        self.arn = arn
        """The caller."""

        self._connect = connect
        self._clouds: dict[str, Cloud] = {}
        self._lock = threading.Lock()

    @property
    def number(self) -> str:
        """Return the account number."""
        return self.arn.split(":")[4]

    def call(self, region: str, service: str, operation: str, **arguments: Any) -> Any:  # noqa: ANN401, JSON
        """Return the response of an operation in a region.

        Raises:
            RefusedError: AWS rejected the request, or did not respond.
        """
        with self._lock:
            if region not in self._clouds:
                self._clouds[region] = self._connect(region)
        return self._clouds[region].call(service, operation, **arguments)

    def found(self, region: str, service: str, operation: str, *absent: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Return the response of an operation; None for the codes of what does not exist."""
        try:
            return self.call(region, service, operation, **arguments)
        except RefusedError as error:
            if error.code in absent:
                return None
            raise

    def listed(
        self,
        region: str,
        service: str,
        operation: str,
        key: str,
        **arguments: Any,  # noqa: ANN401, JSON
    ) -> Iterator[Any]:
        """Yield the items of all pages of a list."""
        token: dict[str, str] = {}
        while True:
            page = self.call(region, service, operation, **arguments, **token)
            yield from page.get(key, ())
            names = [name for name in ("NextToken", "nextToken", "Marker", "NextMarker") if page.get(name)]
            if not names:
                return
            token = {"Marker" if "Marker" in names[0] else names[0]: page[names[0]]}


@dataclass(frozen=True)
class Subject:
    """A stack and its plan."""

    stack: str
    folder: Path
    settings: Settings
    plan: Plan
    index: Index = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", Index(self.plan))

    @property
    def region(self) -> str:
        """Return the region of the stack."""
        return self.settings.project.region

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of types."""
        return self.index.of(*types)

    @cached_property
    def tags(self) -> dict[str, str]:
        """Return the tags by which a resource of the stack is known."""
        tags = self.settings.project.default_tags()
        return {name: tags[name] for name in ("Project", "Environment")}

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Return whether tags are those of this stack."""
        return all(tags.get(name) == value for name, value in self.tags.items())


class Question(NamedTuple):
    """A question to the account."""

    about: str
    """What is to check, with the value that the stack needs."""

    ask: Callable[[Account], Answer]


Questions = Callable[[Subject], Iterator[Question]]
"""What a module of `checks` has as `questions`, beside its TITLE and ORDER."""
