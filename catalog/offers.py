"""Regions and zones in which EC2 offers instance types."""

import functools
from collections.abc import Mapping
from importlib.resources import files

from catalog.instance_types import family

SINCE = "2026-11"
"""Month of the table."""

Zones = Mapping[str, frozenset[str]]
"""Zones by region."""


@functools.cache
def _lines() -> Mapping[str, str]:
    """Read `data/instance-offers.csv`: zones by family, and by type where a type differs from its family."""
    text = (files("catalog") / "data" / "instance-offers.csv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(line.split(",", maxsplit=1) for line in rows[1:])


@functools.cache
def regions() -> frozenset[str]:
    """Return the regions of the table."""
    return frozenset(place.partition(":")[0] for line in _lines().values() for place in line.split())


@functools.cache
def sold(instance_type: str) -> Zones:
    """Return the zones that offer an instance type, by region; empty if the table lacks the type."""
    line = _lines().get(instance_type) or _lines().get(family(instance_type), "")
    places = (place.split(":") for place in line.split())
    return {region: frozenset(f"{region}{letter}" for letter in letters) for region, letters in places}
