"""The cost tables of the source documents, line by line, and the same designs at list prices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from aiplatform.cost.compare import Known
from catalog.prices import PriceTable

Side = Literal["before", "after"]
"""Before and after the optimisation in the document."""

DOCUMENTS = ("000", "003", "004")
"""The documents that state costs; 001 and 002 do not."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class UnitPrice(_Model):
    """A unit price of a document in USD."""

    price: Decimal = Field(gt=0)
    unit: str
    note: str | None = None


class Amount(_Model):
    """A quantity of a document, with its unit price."""

    quantity: Decimal = Field(default=Decimal(1), ge=0)
    price: str
    """Name of the unit price."""


class Term(_Model):
    """A row of the price table, and its monthly quantity in the design."""

    instance: str | None = None
    spot: bool = False
    item: str | None = None
    quantity: Decimal = Field(default=Decimal(1), ge=0)
    hours: Decimal = Field(default=Decimal(1), gt=0)

    @model_validator(mode="after")
    def _names_one(self) -> "Term":
        if (self.instance is None) == (self.item is None):
            raise ValueError("names an instance or an item, and not both")
        return self

    @property
    def name(self) -> str:
        """Return the name for a report of a missing price."""
        return f"{self.instance}{' Spot' if self.spot else ''}" if self.instance else str(self.item)

    def amount(self, table: PriceTable, region: str) -> Decimal | None:
        """Return USD a month at list price; None if the table has no price. A quantity of 0 costs 0."""
        if not self.quantity:
            return Decimal(0)
        if self.instance:
            price = table.instance(region, self.instance, spot=self.spot)
        else:
            price = table.service(region, str(self.item))
        return price.price * self.quantity * self.hours if price else None


class Today(_Model):
    """The terms of a line at list prices."""

    before: tuple[Term, ...]
    after: tuple[Term, ...]


class Line(_Model):
    """A line of a document's cost table."""

    item: str
    facts: tuple[str, ...]
    before: Amount
    after: Amount
    today: Today | None = None
    """Terms at list prices; None if the document states an amount without a quantity."""


class Example(Amount):
    """A figure outside the table."""

    item: str
    facts: tuple[str, ...]


class Slip(_Model):
    """An error of the document and its correction."""

    facts: tuple[str, ...]
    says: str
    right: str


class Same(_Model):
    """Lines of a stack's bill that are also in a document's table."""

    item: str
    """First letters of the item."""

    of: str = ""
    """First letters of the resource's name."""


class Sum(NamedTuple):
    """USD a month, and whether a price is missing."""

    amount: Decimal
    at_least: bool


class CostTable(_Model):
    """The cost table of a document, in USD a month."""

    document: str
    title: str
    stack: str
    region: str
    prices: Mapping[str, UnitPrice]
    lines: tuple[Line, ...]
    same: tuple[Same, ...]
    """Lines of the stack's bill that the table has, too, where it states a quantity."""

    examples: tuple[Example, ...] = ()
    slips: tuple[Slip, ...]
    why: str
    """Why the current figures differ."""

    @model_validator(mode="after")
    def _prices_exist(self) -> "CostTable":
        used = [*self.examples, *(side for line in self.lines for side in (line.before, line.after))]
        if unknown := {amount.price for amount in used} - set(self.prices):
            raise ValueError(f"has no price {', '.join(sorted(unknown))}")
        return self

    def line(self, fact: str) -> Line:
        """Return the line of a fact."""
        return next(line for line in self.lines if fact in line.facts)

    def amount(self, stated: Amount) -> Decimal:
        """Return quantity times unit price of the document, in USD."""
        return stated.quantity * self.prices[stated.price].price

    def stated(self, line: Line, side: Side) -> Decimal:
        """Return the amount of a line in the document, in USD a month."""
        return self.amount(line.before if side == "before" else line.after)

    def total(self, side: Side) -> Decimal:
        """Return the sum of the document's lines, in USD a month."""
        return sum((self.stated(line, side) for line in self.lines), Decimal(0))

    def today(self, line: Line, side: Side, table: PriceTable) -> Decimal | None:
        """Return a line at list prices in USD a month; None if a quantity or a price is missing."""
        amounts = [term.amount(table, self.region) for term in _terms(line, side)]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if amounts and len(known) == len(amounts) else None

    def total_today(self, side: Side, table: PriceTable) -> Sum:
        """Return the sum of the lines at list prices, without lines that have none."""
        amounts = [self.today(line, side, table) for line in self.lines]
        known = [amount for amount in amounts if amount is not None]
        return Sum(sum(known, Decimal(0)), at_least=len(known) < len(amounts))

    def missing(self, table: PriceTable) -> tuple[str, ...]:
        """Return the rows that the price table lacks for the region."""
        terms = (term for line in self.lines for side in _SIDES for term in _terms(line, side))
        return tuple(dict.fromkeys(term.name for term in terms if term.amount(table, self.region) is None))

    def same_lines(self, bill: Known) -> Decimal:
        """Return the sum of those lines of a bill that the table has, too, in USD a month at the expected size."""
        return sum(
            (
                amount.expected
                for (path, item), amount in bill.lines.items()
                if any(item.startswith(one.item) and path.rpartition("::")[2].startswith(one.of) for one in self.same)
            ),
            Decimal(0),
        )

    def unstated(self) -> tuple[str, ...]:
        """Return the lines with an amount and without a quantity in the document."""
        return tuple(line.item for line in self.lines if line.today is None)


_SIDES: Sequence[Side] = ("before", "after")


def _terms(line: Line, side: Side) -> tuple[Term, ...]:
    if line.today is None:
        return ()
    return line.today.before if side == "before" else line.today.after


@cache
def cost_table(document: str) -> CostTable:
    """Return the cost table of a document: `000`, `003` or `004`."""
    text = files("aiplatform.cost.prices").joinpath(f"tables/{document}.yaml").read_text(encoding="utf-8")
    return CostTable.model_validate(yaml.safe_load(text))
