"""Versions out of support and retired types, by the dates in `data/support.yaml`."""

from collections.abc import Iterator
from datetime import date

from catalog.instance_types import family
from catalog.reading.problems import Path, Problem, did_you_mean
from catalog.support import AS_OF, NOTICE, Product, Retired, numbers, support
from config.aurora import ENGINE as AURORA
from config.rules.nodes import all_nodes
from config.rules.stack import Rule, Stack


def _choices(product: Product, today: date) -> str:
    return " or ".join(product.supported(today)[:2]) or "a newer version"


def _version(
    product: Product, path: Path, title: str, name: str, today: date, *, extended: bool, because: tuple[Path, ...]
) -> Iterator[Problem]:
    version = product.versions.get(name)
    if version is None and product.may_have(name):
        message = f"{title} {name} is newer than the table of versions of {AS_OF}; its support dates are not checked"
        yield Problem(path, message, "warning", because)
        return
    if version is None:
        choices = product.supported(today)
        yield Problem(path, f"unknown {title} version {name!r}{did_you_mean(name, choices)}", because=because)
        return
    end = version.extended if extended else version.standard
    if end is None:
        return
    kind = "extended" if extended else "standard"
    if end <= today:
        yield Problem(
            path, f"{kind} support of {title} {name} ended on {end}; use {_choices(product, today)}", because=because
        )
    elif end - today <= NOTICE:
        yield Problem(
            path,
            f"{kind} support of {title} {name} ends on {end}; plan the upgrade to {_choices(product, end)}",
            "warning",
            because,
        )


def kubernetes(stack: Stack) -> Iterator[Problem]:
    """The cluster's Kubernetes version exists and is in standard or extended support, as set."""
    cluster = stack.settings.cluster
    path = ("cluster", "version")
    yield from _version(
        support()["kubernetes"],
        path,
        "Kubernetes",
        cluster.version,
        stack.today,
        extended=cluster.support == "EXTENDED",
        because=(("cluster", "support"),),
    )


TITLES = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    AURORA: "Aurora PostgreSQL",
    "redis": "Redis OSS",
    "valkey": "Valkey",
}


def before(version: str, other: str | None) -> bool:
    """Return whether a minor version is older than another; a major version alone follows the newest minor one."""
    return other is not None and "." in version and numbers(version) < numbers(other)


def _engines(stack: Stack) -> Iterator[tuple[Path, str, str, str]]:
    """Yield path, engine, version as written, and the version that has support dates."""
    for name, database in stack.settings.databases.items():
        yield ("databases", name), database.engine, database.engine_version, database.major_version()
    for name, cluster in stack.settings.aurora_clusters.items():
        yield ("auroraClusters", name), AURORA, cluster.engine_version, cluster.major_version()
    for name, cache in stack.settings.caches.items():
        # AWS chooses the patch release, such as 5.0.6.
        yield ("caches", name), cache.engine, cache.engine_version, ".".join(cache.engine_version.split(".")[:2])


def engines(stack: Stack) -> Iterator[Problem]:
    """The engine's version is supported, and its minor version is available for new databases."""
    for place, engine, written, counts in _engines(stack):
        product, title, path = support()[engine], TITLES[engine], (*place, "engineVersion")
        because: tuple[Path, ...] = ((*place, "engine"),)
        yield from _version(product, path, title, counts, stack.today, extended=False, because=because)
        version = product.versions.get(counts)
        oldest = version.oldest if version else None
        if written != counts and before(written, oldest):
            yield Problem(
                path,
                f"{title} {written} is no longer available for new databases; set {oldest} or later, "
                f"or '{counts}' to follow minor versions",
                because=because,
            )
        if version is not None and written != counts and before(version.newest or written, written):
            yield Problem(
                path,
                f"{title} {written} is newer than {version.newest}, the newest version of {AS_OF} in the table; check "
                "that it exists",
                severity="warning",
                because=because,
            )


def _retired(product: Product, path: Path, name: str, shown: str) -> Iterator[Problem]:
    retired: Retired | None = product.retired.get(name)
    if retired is not None:
        since = f" since {retired.since}" if retired.since else ""
        yield Problem(path, f"{shown} is no longer offered{since}; use {retired.use}")


def retired(stack: Stack) -> Iterator[Problem]:
    """AMI types and instance families are not retired."""
    for name, group in stack.settings.node_groups.items():
        if group.ami_type is not None:
            yield from _retired(support()["amiTypes"], ("nodeGroups", name, "amiType"), group.ami_type, group.ami_type)
    for path, nodes in all_nodes(stack):
        for index, instance_type in enumerate(nodes.instance_types):
            place = (*path, "instanceTypes", index)
            yield from _retired(support()["instanceFamilies"], place, family(instance_type), instance_type)
    for name, server in stack.settings.instances.items():
        place = ("instances", name, "instanceType")
        yield from _retired(support()["instanceFamilies"], place, family(server.instance_type), server.instance_type)


RULES: tuple[Rule, ...] = (kubernetes, engines, retired)
