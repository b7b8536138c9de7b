"""The cost tables of docs/cost.md state the documents' amounts."""

import re
from decimal import Decimal

import pytest

from aiplatform.cost.prices.documents import DOCUMENTS, cost_table
from tests.requirements.coverage import FOLDER, facts_of

FACTS = facts_of(sorted((FOLDER / "facts").glob("*.yaml")))


def amounts(text: str) -> set[Decimal]:
    """The dollars that a fact states."""
    return {Decimal(one.replace(",", "")) for one in re.findall(r"\$([\d,]+(?:\.\d+)?)", text)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_line_of_a_cost_table_states_an_amount_of_each_of_its_facts(document: str) -> None:
    costs = cost_table(document)
    unstated = []
    for line in costs.lines:
        before, after = costs.stated(line, "before"), costs.stated(line, "after")
        stated = {fact: amounts(FACTS[fact].fact) for fact in line.facts}
        unstated += [fact for fact, found in stated.items() if found and not found & {before, after, before - after}]
    assert unstated == []


def test_totals_of_the_cost_tables_are_those_of_the_documents() -> None:
    found = {
        document: (costs.total("before"), costs.total("after"))
        for document in DOCUMENTS
        for costs in [cost_table(document)]
    }
    assert found == {
        "000": (290, 205),
        "003": (Decimal("2318.40"), Decimal("944.64")),
        # 153 in the document, which subtracts a dollar for gp3 that the base has already (004-cst-14).
        "004": (228, 154),
    }
