"""Instance classes of RDS and node types of ElastiCache."""

from collections.abc import Iterator

from catalog.aws.regions import ZONES
from catalog.instance_types import newer_generation
from catalog.node_classes import AS_OF, RETIRED, Family, Service, families
from catalog.reading.problems import Path, Problem, alternatives, nearest
from config.rules.stack import Rule, Stack

TITLES = {"rds": "RDS instance class", "elasticache": "ElastiCache node type"}
TIERED = ("r6gd",)
"""Families of ElastiCache with local disks:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html"""

SUGGESTED = ("t4g", "m7g", "r7g")


def _classes(stack: Stack) -> Iterator[tuple[Path, Service, str]]:
    for name, database in stack.settings.databases.items():
        yield ("databases", name, "instanceClass"), "rds", database.instance_class
    for name, cache in stack.settings.caches.items():
        yield ("caches", name, "nodeType"), "elasticache", cache.node_type


def classes(stack: Stack) -> Iterator[Problem]:
    """The service offers the class in the region. A newer generation than the table has is a warning."""
    for path, service, name in _classes(stack):
        prefix, family, size = name.split(".")
        known = families(service)
        if service == "elasticache" and family in TIERED:
            yield Problem(path, f"{name} requires data tiering, which is not supported; use cache.r7g.{size}")
        elif family in RETIRED:
            yield Problem(path, f"{name} is no longer offered; use {prefix}.{RETIRED[family]}.{size}, or a larger size")
        elif family in known:
            yield from _of_family(path, name, known[family], stack.settings.project.region)
        elif newer_generation(family, known):
            yield Problem(
                path,
                f"{name} is newer than the table of {AS_OF}; check that it is an {TITLES[service]} of the region",
                severity="warning",
            )
        else:
            choice = _instead(prefix, family, size, service)
            yield Problem(path, f"unknown {TITLES[service]} {name!r}, as of {AS_OF}; {choice}")


def _of_family(path: Path, name: str, family: Family, region: str) -> Iterator[Problem]:
    stem, _, size = name.rpartition(".")
    if size not in family.sizes:
        choices = alternatives(f"{stem}.{one}" for one in family.sizes)
        yield Problem(path, f"unknown size {size!r} of {stem}, as of {AS_OF}; choose {choices}")
    elif region in ZONES and not family.offered_in(region):
        yield Problem(
            path,
            f"{name} is not offered in {region}, as of {AS_OF}; choose another family, or another region",
            severity="warning",
            because=(("project", "region"),),
        )


def _instead(prefix: str, family: str, size: str, service: Service) -> str:
    fitting = [one for one, found in families(service).items() if size in found.sizes]
    similar = nearest(family, fitting)
    names = [similar] if similar else [one for one in SUGGESTED if one in fitting] or list(SUGGESTED)
    sized = [f"{prefix}.{one}.{size if one in fitting else families(service)[one].sizes[0]}" for one in names]
    return f"choose {alternatives(sized)}"


RULES: tuple[Rule, ...] = (classes,)
