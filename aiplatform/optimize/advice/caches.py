"""Valkey instead of Redis OSS, a smaller node type, and one node less."""

from collections.abc import Iterator

from aiplatform.optimize.classes import smaller_classes
from aiplatform.optimize.idea import Idea, Subject
from catalog.support import support
from config.caches import Cache


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield changes of each cache."""
    for name, cache in subject.settings.caches.items():
        yield from _valkey(name, cache)
        prices = subject.items(f"elasticache_{cache.engine}_")
        for node_type, why in smaller_classes(cache.node_type, prices):
            yield Idea(
                f"caches.{name}: use {node_type} instead of {cache.node_type}",
                ((("caches", name, "nodeType"), node_type),),
                "capacity",
                why,
            )
        if cache.nodes > 1:
            last = cache.nodes == 2
            yield Idea(
                f"caches.{name}: use {cache.nodes - 1} node{'' if last else 's'} instead of {cache.nodes}",
                ((("caches", name, "nodes"), cache.nodes - 1),),
                "ha" if last else "capacity",
                "the replica that takes over: a failed node loses its data since the last snapshot, for minutes"
                if last
                else "the reads that a replica serves",
            )


def _valkey(name: str, cache: Cache) -> Iterator[Idea]:
    """Valkey 7.2 is the version to which ElastiCache upgrades every Redis OSS in place:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html"""
    if cache.engine == "redis":
        version = min(support()["valkey"].versions, key=lambda one: tuple(map(int, one.split("."))))
        yield Idea(
            f"caches.{name}: use Valkey {version} instead of Redis OSS {cache.engine_version}",
            ((("caches", name, "engine"), "valkey"), (("caches", name, "engineVersion"), version)),
            "engine",
            "Redis OSS: ElastiCache upgrades a running cache in place, and cannot return to Redis OSS",
        )
