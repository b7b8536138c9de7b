"""One reader less, a lower minimum, and the other storage configuration of Aurora."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject

LEAST = 0.5
STORAGE = {"standard": "ioOptimized", "ioOptimized": "standard"}


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield changes of each cluster."""
    for name, cluster in subject.settings.aurora_clusters.items():
        path = ("auroraClusters", name)
        if cluster.readers:
            last = cluster.readers == 1
            left = cluster.readers - 1
            yield Idea(
                f"auroraClusters.{name}: use {left or 'no'} reader{'' if left == 1 else 's'} instead of "
                f"{cluster.readers}",
                (((*path, "readers"), left),),
                "ha" if last else "capacity",
                "the failover target: Aurora then creates another writer, which takes about ten minutes"
                if last
                else "the reads that it serves",
            )
        if cluster.capacity.min > LEAST:
            yield Idea(
                f"auroraClusters.{name}: lower the minimum to {LEAST} ACU",
                (((*path, "capacity", "min"), LEAST),),
                "capacity",
                "capacity at once after an idle time: Aurora grows from the minimum",
            )
        other = STORAGE[cluster.storage]
        yield Idea(
            f"auroraClusters.{name}: use the storage configuration {other}",
            (((*path, "storage"), other),),
            None,
            "a switch to I/O-Optimized is possible once in 30 days",
        )
