"""AWS support dates and retired types, read from `data/support.yaml`."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml
from pydantic import BaseModel, ConfigDict, Field

AS_OF = "2026-11"
"""Month of the table."""

NEXT = 3
"""How many versions after the newest of the table can exist."""

NOTICE = timedelta(days=90)
"""Time before the end of support at which a warning is reported: enough for a planned upgrade."""


class Version(BaseModel):
    """The end of standard and extended support of a version; None if AWS has not announced a date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: date | None = None
    extended: date | None = None
    oldest: str | None = None
    """The oldest minor version that is available for new databases."""
    newest: str | None = None
    """The newest minor version of the table."""
    pauses: str | None = None
    """Aurora only: the oldest minor version that can pause at 0 ACU."""


class Retired(BaseModel):
    """A type that AWS no longer offers, and its replacement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date | None = None
    use: str


class Product(BaseModel):
    """The versions and retired types of a product by name, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    versions: Mapping[str, Version] = Field(default_factory=lambda: MappingProxyType({}))
    retired: Mapping[str, Retired] = Field(default_factory=lambda: MappingProxyType({}))
    closed: bool = False
    """Whether AWS adds no versions."""

    def supported(self, today: date) -> tuple[str, ...]:
        """Return the versions in standard support on `today`, newest first, those without an announced end included."""
        return tuple(
            name
            for name, version in reversed(tuple(self.versions.items()))
            if version.standard is None or version.standard > today
        )

    def may_have(self, name: str) -> bool:
        """Return whether a version that the table lacks can be one of the next: Kubernetes 1.37, PostgreSQL 18."""
        ours, newest = numbers(name), numbers(tuple(self.versions)[-1])
        if self.closed or len(ours) != len(newest) or ours <= newest:
            return False
        following = ours[:-1] == newest[:-1] and ours[-1] - newest[-1] <= NEXT
        # The next major version, of any minor one.
        return following or (len(ours) > 1 and ours[0] == newest[0] + 1 and newest[0] > 1)


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: (8, 4) of `8.4`."""
    return tuple(map(int, version.split(".")))


@cache
def support() -> Mapping[str, Product]:
    """Return the table by product: kubernetes, the engines of databases and caches, amiTypes, instanceFamilies."""
    text = files("catalog").joinpath("data/support.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506, both loaders are safe ones
    return {name: Product.model_validate(product) for name, product in raw.items()}
