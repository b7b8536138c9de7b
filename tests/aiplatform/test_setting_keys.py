"""Keys of a stack file are no data: whatever a schedule, a node group or a database is called, the bill is the same."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from aiplatform.cost.bill import Bill, Sizes
from aiplatform.cost.pricer import bill
from aiplatform.preview.record import ACCOUNT, record
from catalog.prices import load_prices
from catalog.reading.problems import Path as Place
from catalog.reading.problems import Problem
from config.loader import Loaded, load, load_file, read
from config.rules.stack import Stack
from config.settings import NAMESPACE, Settings
from tests.components.base import SHIPPED
from tests.config.base import ROOT, STACK_FILES, TODAY

SECTIONS = tuple(
    field.alias or name for name, field in Settings.model_fields.items() if str(field.annotation).startswith("dict[")
)
Reference = tuple[Place, str]
"""Where a stack file names a key of a section, and that section."""


def _references(stack: str) -> tuple[Loaded, list[Reference]]:
    """A stack, and every place at which its file refers to a named thing: the rules look at each of them."""
    found: list[Reference] = []
    judge = Stack.reference

    def watched(self: Stack, path: Place, name: str | None, *sections: str) -> Iterator[Problem]:
        found.extend((path, section) for section in sections if name in self.names(section))
        return judge(self, path, name, *sections)

    with mock.patch.object(Stack, "reference", watched):
        loaded = load_file(STACK_FILES, stack, today=TODAY)
    return loaded, list(dict.fromkeys([*_judged_otherwise(loaded.sections), *found]))


def _judged_otherwise(sections: Mapping[str, Any]) -> Iterator[Reference]:
    """References to some of the keys of a section, which rules of their own judge."""
    updated = _follow(sections, ("gitops", "imageUpdater", "environments")) or ()
    yield from ((("gitops", "imageUpdater", "environments", index), "environments") for index in range(len(updated)))
    for key, environment in sections.get("environments", {}).items():
        for name in environment.get("services") or ():
            yield ("environments", key, "services", name, "priorityClass"), "priorityClasses"


def _renamed(sections: dict[str, Any], references: list[Reference]) -> int:
    """Give every key of a section another name, wherever it stands; how many there are."""
    keys = [(section, key) for section in SECTIONS for key in sections.get(section) or ()]
    # From the other end of the alphabet, so that what is sorted by key comes in another order too.
    names = {place: f"{chr(ord('z') - number % 20)}-key{number}" for number, place in enumerate(sorted(keys))}
    for path, section in references:
        held, last = _follow(sections, path[:-1]), path[-1]
        if isinstance(held, dict) and (section, last) in names:
            held[names[section, str(last)]] = held.pop(last)
        elif held is not None and (section, _follow(held, (last,))) in names:
            held[last] = names[section, held[last]]
    for section in SECTIONS:
        if section in sections:
            sections[section] = {names[section, key]: value for key, value in sections[section].items()}
    return len(names)


def _follow(value: Any, path: Place) -> Any:
    for part in path:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return None
    return value


def _bill(loaded: Loaded, stack: str) -> Bill:
    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in loaded.sections.items()}
    account = loaded.settings.project.account_id or ACCOUNT
    plan = record(ROOT, project=NAMESPACE, stack=stack, config=config, account=account)
    return bill(plan, loaded.settings.costs, load_prices(), today=TODAY, settings=loaded.settings)


def _rounded(sizes: Sizes) -> tuple[Decimal, ...]:
    """Decimals have 28 digits, so that the last ones depend on the order of a sum."""
    return tuple(round(one, 12) for one in (sizes.minimum, sizes.expected, sizes.maximum))


def _lines(found: Bill) -> Counter[tuple[object, ...]]:
    return Counter((one.item, one.unit, _rounded(one.quantity), _rounded(one.rate), one.days) for one in found.lines)


@pytest.mark.parametrize("stack", SHIPPED)
def test_keys_of_settings_are_no_data(stack: str) -> None:
    loaded, references = _references(stack)
    document = read(STACK_FILES, stack)
    assert _renamed(document.sections, references) > 3
    other, expected = _bill(load(document, today=TODAY), stack), _bill(loaded, stack)
    assert _lines(other) == _lines(expected)
    assert _rounded(other.total) == _rounded(expected.total)
