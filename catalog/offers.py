"""Where EC2 sells an instance type."""

import functools
from collections.abc import Mapping
from importlib.resources import files

from catalog.instance_types import family

SINCE = "2026-11"
"""When the table was made."""

Zones = Mapping[str, frozenset[str]]
"""Zones by region."""


@functools.cache
def _lines() -> Mapping[str, str]:
    """`data/instance-offers.csv`: what is sold where, by family, and by type where one differs from its family."""
    text = (files("catalog") / "data" / "instance-offers.csv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(line.split(",", maxsplit=1) for line in rows[1:])


@functools.cache
def regions() -> frozenset[str]:
    """The regions that the table knows."""
    return frozenset(place.partition(":")[0] for line in _lines().values() for place in line.split())


@functools.cache
def sold(instance_type: str) -> Zones:
    """The zones in which a type is sold, by region; nothing for one that the table lacks."""
    line = _lines().get(instance_type) or _lines().get(family(instance_type), "")
    places = (place.split(":") for place in line.split())
    return {region: frozenset(f"{region}{letter}" for letter in letters) for region, letters in places}
