"""A cheaper class, one zone, and gp3 for databases."""

from collections.abc import Iterator

from aiplatform.optimize.classes import smaller_classes
from aiplatform.optimize.idea import Idea, Subject
from config.databases import Database

STANDBY = "the standby: a failed zone or instance is an outage of 10 minutes to hours, and maintenance one of minutes"


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield changes of each database."""
    for name, database in subject.settings.databases.items():
        yield from _class(subject, name, database)
        if database.multi_az:
            yield Idea(
                f"databases.{name}: run it in one zone", ((("databases", name, "multiAz"), False),), "ha", STANDBY
            )
        if database.storage.type in ("io1", "io2"):
            changes = ((("databases", name, "storage", "type"), "gp3"), (("databases", name, "storage", "iops"), None))
            yield Idea(
                f"databases.{name}: store it on gp3 instead of {database.storage.type}",
                changes,
                "capacity",
                f"{database.storage.iops or 0:,} provisioned IOPS: gp3 has 3,000, from 400 GiB on 12,000",
            )


def _class(subject: Subject, name: str, database: Database) -> Iterator[Idea]:
    zones = "multi_az" if database.multi_az else "single_az"
    prices = subject.items(f"rds_{database.engine}_{zones}_")
    for instance_class, loss in smaller_classes(database.instance_class, prices):
        yield Idea(
            f"databases.{name}: use {instance_class} instead of {database.instance_class}",
            ((("databases", name, "instanceClass"), instance_class),),
            "capacity" if loss else None,
            loss,
        )
