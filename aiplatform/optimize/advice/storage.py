"""Cheaper classes for objects and files that are not read."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject

COLD_DAYS = 30
"""Minimum age at which S3 moves objects to Standard-IA:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield lifecycle rules of buckets, and throughput and classes of file systems."""
    kept = [
        name
        for name, bucket in subject.settings.buckets.items()
        if bucket.existing is None
        and not bucket.lifecycle.transitions
        and (bucket.lifecycle.expire_days or 365) > 2 * COLD_DAYS
    ]
    if kept:
        rule = {"days": COLD_DAYS, "storageClass": "STANDARD_IA"}
        yield Idea(
            f"buckets.{', '.join(kept)}: move objects to Standard-IA after {COLD_DAYS} days",
            tuple((("buckets", name, "lifecycle", "transitions", "infrequent-access"), rule) for name in kept),
            None,
            "a price for each GB that is read again, and for 128 KiB and 30 days of each object",
        )
    for name, files in subject.settings.file_systems.items():
        path = ("fileSystems", name)
        if files.throughput == "elastic":
            yield Idea(
                f"fileSystems.{name}: use bursting throughput",
                (((*path, "throughput"), "bursting"),),
                "capacity",
                "throughput: 50 KiB/s for each GiB in Standard, and bursts of 100 MiB/s",
            )
        if files.infrequent_access_days is None:
            yield Idea(
                f"fileSystems.{name}: move files to Infrequent Access after {COLD_DAYS} days",
                (((*path, "infrequentAccessDays"), COLD_DAYS),),
                None,
                "a price for each GB that is read again",
            )
        if files.backups:
            yield Idea(
                f"fileSystems.{name}: make no backups",
                (((*path, "backups"), False),),
                "rpo",
                "35 days of daily backups",
            )
