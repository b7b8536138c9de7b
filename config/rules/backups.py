"""Backups that keep what is promised, and copies in another region."""

from collections.abc import Iterator, Mapping

from catalog.reading.problems import Path, Problem
from config.backups import LEAST_GAP, BackupPlan, Backups
from config.buckets import Bucket
from config.rules.stack import Stack
from config.types.storage import check_bucket_name

HERE: Path = ("backups",)


def schedules(stack: Stack) -> Iterator[Problem]:
    """AWS Backup begins once an hour at most."""
    backups = stack.settings.backups
    for name, plan in (backups.plans if backups else {}).items():
        path: Path = (*HERE, "plans", name, "schedule")
        if _gap(plan) is None:
            yield Problem(path, f"{plan.schedule!r} never comes; choose a day that there is")
        elif plan.shortest_gap() < LEAST_GAP:
            yield Problem(
                path, f"{plan.schedule!r} comes every {plan.shortest_gap()} minutes; AWS Backup takes one an hour"
            )


def _gap(plan: BackupPlan) -> int | None:
    try:
        return plan.longest_gap()
    except ValueError:
        return None


def recovery_point(stack: Stack) -> Iterator[Problem]:
    """A plan makes backups as often as the recovery point says, and one copies them as often."""
    backups = stack.settings.backups
    if backups is None or backups.recovery_point_hours is None:
        return
    yield from _too_rare(backups, backups.plans, "a backup is made")
    copied = backups.copied()
    if backups.second_region is not None and copied:
        yield from _too_rare(backups, copied, f"a copy reaches {backups.second_region}")


def _too_rare(backups: Backups, plans: Mapping[str, BackupPlan], what: str) -> Iterator[Problem]:
    gaps = [(gap, name) for name, plan in plans.items() if (gap := _gap(plan)) is not None]
    promised = backups.recovery_point_hours or 0
    if gaps and min(gaps)[0] > promised * 60:
        gap, name = min(gaps)
        yield Problem(
            (*HERE, "recoveryPointHours"),
            f"{promised} h is promised, and {what} every {gap / 60:g} h at most often, by plan {name}; "
            f"back up more often, or promise {-(-gap // 60)}",
            because=((*HERE, "plans"),),
        )


def recovery_time(stack: Stack) -> Iterator[Problem]:
    """The steps of a recovery fit in its time, and a lost region can be recovered from somewhere."""
    backups = stack.settings.backups
    if backups is None or backups.recovery_time_hours is None:
        return
    path: Path = (*HERE, "recoveryTimeHours")
    needed = backups.recovery_minutes.total()
    if needed > backups.recovery_time_hours * 60:
        yield Problem(
            path,
            f"{backups.recovery_time_hours} h is promised, and the steps of recoveryMinutes take {needed / 60:.3g} h; "
            f"make one shorter, or promise {-(-needed // 60)}",
            because=((*HERE, "recoveryMinutes"),),
        )
    if backups.second_region is None:
        yield Problem(
            path,
            "does not hold for the loss of the region, of which nothing is copied; name a secondRegion",
            severity="warning",
        )


def copies(stack: Stack) -> Iterator[Problem]:
    """What is copied goes to another region, and a second region gets something."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None:
        return
    path: Path = (*HERE, "secondRegion")
    if backups.second_region == settings.project.region:
        yield Problem(
            path,
            f"{backups.second_region} is the platform's own region; name another one",
            because=(("project", "region"),),
        )
    if backups.second_region is not None and not backups.copied():
        yield Problem(path, "gets no copy; write copyDays at a plan, or remove it", because=((*HERE, "plans"),))
    if backups.second_region is None:
        for name in backups.copied():
            yield Problem(
                (*HERE, "plans", name, "copyDays"),
                "has no place for the copies; name a secondRegion",
                because=((*HERE, "secondRegion"),),
            )


def lock(stack: Stack) -> Iterator[Problem]:
    """A lock does not refuse what the plans make."""
    backups = stack.settings.backups
    if backups is None or backups.lock is None:
        return
    least, most = backups.lock.min_days or 1, backups.lock.max_days or 36500
    if least > most:
        yield Problem((*HERE, "lock", "minDays"), f"{least} is above maxDays, {most}; lower it, or raise maxDays")
        return
    for name, plan in backups.plans.items():
        for key, days in (("keepDays", plan.keep_days), ("copyDays", plan.copy_days)):
            if days is not None and not least <= days <= most:
                yield Problem(
                    (*HERE, "plans", name, key),
                    f"{days} days are refused by the lock, which takes {least} to {most}",
                    because=((*HERE, "lock"),),
                )


def selection(stack: Stack) -> Iterator[Problem]:
    """Something carries the tag, and the tag is no other's."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None:
        return
    taken = {key.lower(): key for key in (*settings.project.default_tags(), "Name")}
    if backups.tag.lower() in taken:
        yield Problem((*HERE, "tag"), f"{taken[backups.tag.lower()]} is a tag of everything; choose another")
    driver = settings.addons.ebs_csi
    if not (driver.enabled and driver.default_storage_class):
        nothing = not settings.databases and not settings.aurora_clusters
        yield Problem(
            HERE,
            "finds no volume: the StorageClass that tags them is off; switch addons.ebsCsi.defaultStorageClass on"
            + ("" if nothing else ", or know that databases alone are backed up"),
            severity="error" if nothing else "warning",
            because=(("addons", "ebsCsi"), ("databases",), ("auroraClusters",)),
        )


def replicas(stack: Stack) -> Iterator[Problem]:
    """S3 and ECR copy to another region, what stands under no key of this one alone."""
    settings = stack.settings
    for name, bucket in settings.buckets.items():
        path: Path = ("buckets", name)
        if bucket.replicate_to is not None:
            yield from _elsewhere(stack, path, bucket.replicate_to)
            yield from _copied(path, bucket, settings.replica_name(name))
        elif bucket.replica_name is not None:
            yield Problem(
                (*path, "replicaName"),
                "names nothing: there is no replicateTo; write it, or remove this",
                because=((*path, "replicateTo"),),
            )
    for name, repository in settings.repositories.items():
        path = ("repositories", name)
        if repository.replicate_to is not None:
            yield from _elsewhere(stack, path, repository.replicate_to)
            if repository.kms_key_arn is not None:
                yield Problem(
                    (*path, "replicateTo"),
                    "takes no kmsKeyArn, whose key is this region's; remove one of them",
                    because=((*path, "kmsKeyArn"),),
                )


def _elsewhere(stack: Stack, path: Path, region: str) -> Iterator[Problem]:
    if region == stack.settings.project.region:
        yield Problem(
            (*path, "replicateTo"),
            f"{region} is the platform's own region; name another one",
            because=(("project", "region"),),
        )


def _copied(path: Path, bucket: Bucket, replica: str) -> Iterator[Problem]:
    here: Path = (*path, "replicateTo")
    if not bucket.versioning:
        yield Problem(here, "copies versions, and versioning is off; switch it on", because=((*path, "versioning"),))
    if bucket.encryption == "aws:kms":
        yield Problem(
            here,
            "takes no objects under aws:kms, whose key is this region's; write encryption: AES256",
            because=((*path, "encryption"),),
        )
    if bucket.replica_name is None:
        try:
            check_bucket_name(replica)
        except ValueError as error:
            yield Problem(here, f"{error}, or write replicaName", because=((*path, "name"),))


def objects(stack: Stack) -> Iterator[Problem]:
    """What workloads keep in buckets is copied, too, where the loss of the region is promised to be survived."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None or backups.second_region is None or backups.recovery_point_hours is None:
        return
    for _, workload in settings.workloads:
        key = getattr(workload, "bucket", None)
        bucket = settings.buckets.get(key) if isinstance(key, str) else None
        if bucket is not None and bucket.replicate_to is None:
            yield Problem(
                ("buckets", str(key)),
                f"is lost with the region, of which {backups.recovery_point_hours} h is promised; "
                f"write replicateTo: {backups.second_region}",
                severity="warning",
                because=((*HERE, "secondRegion"), (*HERE, "recoveryPointHours")),
            )


def snapshots(stack: Stack) -> Iterator[Problem]:
    """A database is made of a snapshot of its own region."""
    for name, database in stack.settings.databases.items():
        if database.snapshot is None:
            continue
        path: Path = ("databases", name, "snapshot")
        _, _, service, region, _, kind, *_ = [*database.snapshot.split(":"), ""]
        if service != "rds" or kind != "snapshot":
            yield Problem(path, "is no snapshot of an instance; write arn:aws:rds:<region>:<account>:snapshot:<name>")
        elif region != stack.settings.project.region:
            yield Problem(
                path,
                f"lies in {region}, and RDS restores in one region alone; copy it to {stack.settings.project.region}",
                because=(("project", "region"),),
            )


RULES = (schedules, recovery_point, recovery_time, copies, lock, selection, replicas, objects, snapshots)
