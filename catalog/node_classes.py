"""Instance classes of RDS and node types of ElastiCache: families, sizes, and regions that have them."""

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, NamedTuple

Service = Literal["rds", "elasticache"]

AS_OF = "2026-11"
"""Month of the table."""

RETIRED: Mapping[str, str] = {
    "t1": "t4g",
    "t2": "t4g",
    "m1": "m7g",
    "m2": "r7g",
    "m3": "m7g",
    "m4": "m7g",
    "r3": "r7g",
    "r4": "r7g",
    "c1": "m7g",
}
"""Families of previous generations, which take no new databases, and their replacement:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html"""


class Family(NamedTuple):
    """A family of a service."""

    sizes: tuple[str, ...]
    regions: frozenset[str]
    """Regions with the family; regions without it, if `lacking`."""

    lacking: bool

    def offered_in(self, region: str) -> bool:
        """Return whether a region has the family."""
        return (region in self.regions) != self.lacking


@functools.cache
def families(service: Service) -> Mapping[str, Family]:
    """Return the families of a service by name, read from `data/node-classes.csv`."""
    text = (files("catalog") / "data" / "node-classes.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")][1:]
    return {
        name: Family(tuple(sizes.split()), frozenset(regions.split()) - {"-"}, regions.startswith("-"))
        for of, name, sizes, regions in rows
        if of == service
    }
