"""The cost tables of the source documents, line by line, and the same designs at list prices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalog.prices import PriceTable

Side = Literal["before", "after"]
"""Before and after what the document calls its optimisation."""

DOCUMENTS = ("000", "003", "004")
"""Those that state what they cost; 001 and 002 do not."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class UnitPrice(_Model):
    """What the document charges for one of something, in USD."""

    price: Decimal = Field(gt=0)
    unit: str
    note: str | None = None


class Amount(_Model):
    """How many of them the document assumes."""

    quantity: Decimal = Field(default=Decimal(1), ge=0)
    price: str
    """One of the document's prices by name."""


class Term(_Model):
    """A row of the price table, and how much of it the design needs a month."""

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
        """What a missing price is reported by."""
        return f"{self.instance}{' Spot' if self.spot else ''}" if self.instance else str(self.item)

    def amount(self, table: PriceTable, region: str) -> Decimal | None:
        """USD a month at list price; None where the table does not say. None of something costs nothing."""
        if not self.quantity:
            return Decimal(0)
        if self.instance:
            price = table.instance(region, self.instance, spot=self.spot)
        else:
            price = table.service(region, str(self.item))
        return price.price * self.quantity * self.hours if price else None


class Today(_Model):
    """What a line is made of at list prices."""

    before: tuple[Term, ...]
    after: tuple[Term, ...]


class Line(_Model):
    """One line of a document's table."""

    item: str
    facts: tuple[str, ...]
    before: Amount
    after: Amount
    today: Today | None = None
    """None where the document states an amount and no quantity: nothing says what to multiply."""


class Example(Amount):
    """A figure beside the table."""

    item: str
    facts: tuple[str, ...]


class Slip(_Model):
    """An error of the document and its correction."""

    facts: tuple[str, ...]
    says: str
    right: str


class Sum(NamedTuple):
    """USD a month, and whether something is missing from it."""

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
        """The line that a fact states."""
        return next(line for line in self.lines if fact in line.facts)

    def amount(self, stated: Amount) -> Decimal:
        """Quantity times the document's unit price."""
        return stated.quantity * self.prices[stated.price].price

    def stated(self, line: Line, side: Side) -> Decimal:
        """What the document charges for the line."""
        return self.amount(line.before if side == "before" else line.after)

    def total(self, side: Side) -> Decimal:
        """The sum of the document's lines."""
        return sum((self.stated(line, side) for line in self.lines), Decimal(0))

    def today(self, line: Line, side: Side, table: PriceTable) -> Decimal | None:
        """The line at list prices; None where a quantity or a price is missing."""
        amounts = [term.amount(table, self.region) for term in _terms(line, side)]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if amounts and len(known) == len(amounts) else None

    def total_today(self, side: Side, table: PriceTable) -> Sum:
        """The sum of the lines at list prices, without those that have none."""
        amounts = [self.today(line, side, table) for line in self.lines]
        known = [amount for amount in amounts if amount is not None]
        return Sum(sum(known, Decimal(0)), at_least=len(known) < len(amounts))

    def missing(self, table: PriceTable) -> tuple[str, ...]:
        """The rows that the table lacks for the region."""
        terms = (term for line in self.lines for side in _SIDES for term in _terms(line, side))
        return tuple(dict.fromkeys(term.name for term in terms if term.amount(table, self.region) is None))

    def unstated(self) -> tuple[str, ...]:
        """The lines that have an amount in the document and no quantity."""
        return tuple(line.item for line in self.lines if line.today is None)


_SIDES: Sequence[Side] = ("before", "after")


def _terms(line: Line, side: Side) -> tuple[Term, ...]:
    if line.today is None:
        return ()
    return line.today.before if side == "before" else line.today.after


@cache
def cost_table(document: str) -> CostTable:
    """The table of a document: `000`, `003` or `004`."""
    text = files("aiplatform.cost.prices").joinpath(f"tables/{document}.yaml").read_text(encoding="utf-8")
    return CostTable.model_validate(yaml.safe_load(text))
