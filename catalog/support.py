"""Support dates of AWS, read from `data/support.yaml`: the one place that knows what is out of date."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml
from pydantic import BaseModel, ConfigDict, Field

NOTICE = timedelta(days=90)
"""How long before its end a version is warned about: time for one planned upgrade."""


class Version(BaseModel):
    """The support of one version; a date that AWS has not announced is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: date | None = None
    extended: date | None = None
    oldest: str | None = None
    """The oldest minor version that can still be created."""
    pauses: str | None = None
    """Of Aurora: the oldest minor version that scales to zero."""


class Retired(BaseModel):
    """Something AWS no longer offers, and what replaces it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date | None = None
    use: str


class Product(BaseModel):
    """The versions of one product by name, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    versions: Mapping[str, Version] = Field(default_factory=lambda: MappingProxyType({}))
    retired: Mapping[str, Retired] = Field(default_factory=lambda: MappingProxyType({}))

    def supported(self, today: date) -> tuple[str, ...]:
        """The versions in standard support, newest first; one whose end is not announced counts."""
        return tuple(
            name
            for name, version in reversed(tuple(self.versions.items()))
            if version.standard is None or version.standard > today
        )


@cache
def support() -> Mapping[str, Product]:
    """The table by product: kubernetes, the engines of databases and caches, amiTypes, instanceFamilies."""
    text = files("catalog").joinpath("data/support.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506, both loaders are safe ones
    return {name: Product.model_validate(product) for name, product in raw.items()}
