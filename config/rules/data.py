"""Databases, caches, file systems and buckets."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import get_args

from catalog.reading.problems import Path, Problem, did_you_mean
from config.aurora import AuroraCluster
from config.buckets import Bucket, NoncurrentTransition, StorageClass, Transition
from config.databases import GROWTH, Database
from config.rules.stack import Rule, Stack
from config.windows import daily_minutes, weekly_minutes, windows_overlap

COLDER: tuple[str, ...] = get_args(StorageClass)
"""Storage classes of S3 in the only order in which objects move."""

INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
LEAST_DAYS = 30
"""Days before S3 moves objects to a class of INFREQUENT, and from it."""

LOGS = {
    "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
    "mysql": ("audit", "error", "general", "slowquery", "iam-db-auth-error"),
}


def _databases(stack: Stack) -> Iterator[tuple[Path, Database]]:
    for name, database in stack.settings.databases.items():
        yield ("databases", name), database


def database_storage(stack: Stack) -> Iterator[Problem]:
    """Storage can grow by the 10 % that RDS requires."""
    for path, database in _databases(stack):
        storage = database.storage
        if storage.max_gib is not None and storage.max_gib < storage.size_gib * GROWTH:
            how = "not above" if storage.max_gib <= storage.size_gib else "less than 10 % above"
            yield Problem(
                (*path, "storage", "maxGib"),
                f"{storage.max_gib} is {how} sizeGib, {storage.size_gib}; increase it, or set null",
                because=((*path, "storage", "sizeGib"),),
            )


def _servers(stack: Stack) -> Iterator[tuple[Path, Database | AuroraCluster]]:
    yield from _databases(stack)
    for name, cluster in stack.settings.aurora_clusters.items():
        yield ("auroraClusters", name), cluster


def _too_short(path: Path, window: str, length: int, least: int) -> Iterator[Problem]:
    if length < least:
        yield Problem(path, f"{window} is shorter than {least} minutes; extend it")


def database_windows(stack: Stack) -> Iterator[Problem]:
    """Backup and maintenance windows do not overlap and have at least 30 minutes, as RDS requires."""
    for path, database in _servers(stack):
        daily, weekly = database.backups.window, database.maintenance_window
        yield from _too_short((*path, "backups", "window"), daily, daily_minutes(daily), 30)
        yield from _too_short((*path, "maintenanceWindow"), weekly, weekly_minutes(weekly), 30)
        if windows_overlap(database.backups.window, database.maintenance_window):
            yield Problem(
                (*path, "maintenanceWindow"),
                f"{database.maintenance_window} overlaps the backup window, {database.backups.window}; change one of "
                "them",
                because=((*path, "backups", "window"),),
            )


def database_options(stack: Stack) -> Iterator[Problem]:
    """Logs exist for the engine, and a protected database has backups."""
    for path, database in _databases(stack):
        for index, log in enumerate(database.log_exports or ()):
            choices = LOGS[database.engine]
            if log not in choices:
                yield Problem(
                    (*path, "logExports", index),
                    f"unknown log {log!r} of {database.engine}{did_you_mean(log, choices)}",
                    because=((*path, "engine"),),
                )
        if database.backups.retention_days == 0 and database.deletion_protection:
            yield Problem(
                (*path, "backups", "retentionDays"),
                "0 disables backups of a database with deletion protection; set at least 1",
                severity="warning",
            )


def database_users(stack: Stack) -> Iterator[Problem]:
    """Users belong to a MySQL database, none is the master user, and their passwords are generated."""
    for path, database in _databases(stack):
        for user in database.users:
            here: Path = (*path, "users", user)
            if database.engine != "mysql":
                yield Problem(
                    here,
                    "users of PostgreSQL are defined by workloads and environments; remove it",
                    because=((*path, "engine"),),
                )
            if user == database.master_username:
                yield Problem(
                    here, f"{user} is the master user; choose another name", because=((*path, "masterUsername"),)
                )


def caches(stack: Stack) -> Iterator[Problem]:
    """Snapshot and maintenance windows have 60 minutes and do not overlap, and the Service name is free:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    for name, cache in stack.settings.caches.items():
        path: Path = ("caches", name)
        daily, weekly = cache.snapshots.window, cache.maintenance_window
        yield from _too_short((*path, "snapshots", "window"), daily, daily_minutes(daily), 60)
        yield from _too_short((*path, "maintenanceWindow"), weekly, weekly_minutes(weekly), 60)
        if windows_overlap(daily, weekly):
            yield Problem(
                (*path, "maintenanceWindow"),
                f"{weekly} overlaps the snapshot window, {daily}; change one of them",
                because=((*path, "snapshots", "window"),),
            )
        if cache.service == "kubernetes":
            yield Problem(
                (*path, "service"),
                "kubernetes is the Service of the Kubernetes API in namespace default; choose another",
            )


def file_systems(stack: Stack) -> Iterator[Problem]:
    """Access points of a file system have different directories."""
    for name, file_system in stack.settings.file_systems.items():
        first: dict[str, str] = {}
        for key, point in file_system.access_points.items():
            if first.setdefault(point.path, key) != key:
                yield Problem(
                    ("fileSystems", name, "accessPoints", key, "path"),
                    f"{point.path} is already the directory of access point {first[point.path]}; choose another",
                    because=(("fileSystems", name, "accessPoints", first[point.path]),),
                )


def _in_order(path: Path, moves: Mapping[str, Transition | NoncurrentTransition]) -> Iterator[Problem]:
    """Objects of one prefix only move to colder classes, and stay 30 days in an Infrequent Access class:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""
    for (one, warm), (two, cold) in combinations(sorted(moves.items(), key=lambda item: item[1].days), 2):
        if not _within(cold, warm) or warm.days == cold.days:
            continue
        here = (*path, two)
        if COLDER.index(cold.storage_class) <= COLDER.index(warm.storage_class):
            yield Problem(
                (*here, "storageClass"),
                f"S3 moves no object from {warm.storage_class} (transition {one}) to {cold.storage_class}; choose a "
                "colder class, or remove it",
                because=((*path, one, "storageClass"),),
            )
        elif warm.storage_class in INFREQUENT and cold.days < warm.days + LEAST_DAYS:
            yield Problem(
                (*here, "days"),
                f"{cold.days} is less than {LEAST_DAYS} days after transition {one} to {warm.storage_class}; set "
                f"{warm.days + LEAST_DAYS} or more",
                because=((*path, one, "days"),),
            )


def _within(one: Transition | NoncurrentTransition, other: Transition | NoncurrentTransition) -> bool:
    """Return whether every object of the first has been moved by the other, if that is earlier."""
    return not (isinstance(one, Transition) and isinstance(other, Transition)) or one.prefix.startswith(other.prefix)


def _lifecycle(path: Path, bucket: Bucket) -> Iterator[Problem]:
    moves = bucket.lifecycle.transitions
    yield from _in_order((*path, "lifecycle", "transitions"), moves)
    for (one, move), (two, other) in combinations(moves.items(), 2):
        if move.days == other.days and move.prefix == other.prefix:
            yield Problem(
                (*path, "lifecycle", "transitions", two, "days"),
                f"{other.days} is already the day of transition {one} of the same objects; choose another",
            )
    for name, transition in bucket.lifecycle.transitions.items():
        here = (*path, "lifecycle", "transitions", name)
        if transition.storage_class in INFREQUENT and transition.days < LEAST_DAYS:
            yield Problem(
                (*here, "days"),
                f"{transition.days} is too early for {transition.storage_class}; S3 requires {LEAST_DAYS} or more",
            )
        if transition.prefix.startswith("/"):
            yield Problem(
                (*here, "prefix"),
                f"{transition.prefix} begins with a slash, as no key of a usual client does, and matches no object; "
                f"write {transition.prefix.lstrip('/')}",
                severity="warning",
            )
        expires = bucket.lifecycle.expire_days
        if expires is not None and expires <= transition.days:
            yield Problem(
                (*here, "days"),
                f"{transition.days} is not before expireDays, {expires}; decrease it, or increase expireDays",
            )
        if transition.storage_class in ("GLACIER", "DEEP_ARCHIVE"):
            yield Problem(
                (*here, "storageClass"),
                f"{transition.storage_class} objects must be restored before they can be read; use GLACIER_IR to read "
                "them directly",
                severity="warning",
            )


def _old_versions(path: Path, bucket: Bucket) -> Iterator[Problem]:
    """Transitions of noncurrent versions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""
    moves = bucket.lifecycle.noncurrent_transitions
    if moves and not bucket.versioning:
        yield Problem(
            (*path, "lifecycle", "noncurrentTransitions"),
            "requires versioning; enable it, or remove this",
            because=((*path, "versioning"),),
        )
    yield from _in_order((*path, "lifecycle", "noncurrentTransitions"), moves)
    deleted = bucket.lifecycle.noncurrent_days
    earlier: dict[int, str] = {}
    for name, move in sorted(moves.items(), key=lambda item: item[1].days):
        here = (*path, "lifecycle", "noncurrentTransitions", name, "days")
        if move.storage_class in INFREQUENT and move.days < LEAST_DAYS:
            yield Problem(here, f"{move.days} is too early for {move.storage_class}; S3 requires {LEAST_DAYS} or more")
        if deleted is not None and deleted <= move.days:
            yield Problem(
                here,
                f"{move.days} is not before noncurrentDays, {deleted}; decrease it, or increase noncurrentDays",
                because=((*path, "lifecycle", "noncurrentDays"),),
            )
        if move.days in earlier:
            yield Problem(here, f"{move.days} is already the day of transition {earlier[move.days]}; choose another")
        earlier.setdefault(move.days, name)


def buckets(stack: Stack) -> Iterator[Problem]:
    """Encryption and lifecycle rules are valid for S3."""
    for name, bucket in stack.settings.buckets.items():
        path: Path = ("buckets", name)
        if bucket.kms_key_arn is not None and bucket.encryption != "aws:kms":
            yield Problem(
                (*path, "kmsKeyArn"),
                f"has no effect with encryption {bucket.encryption}; set encryption: aws:kms, or remove it",
                because=((*path, "encryption"),),
            )
        yield from _lifecycle(path, bucket)
        yield from _old_versions(path, bucket)


RULES: tuple[Rule, ...] = (
    database_storage,
    database_windows,
    database_options,
    database_users,
    buckets,
    caches,
    file_systems,
)
