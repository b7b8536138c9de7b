"""Backups: recovery objectives, retention, copies in another region."""

from collections.abc import Iterator, Mapping

from catalog.aws.regions import BACKUP_DESTINATIONS
from catalog.offers import SINCE
from catalog.reading.problems import Path, Problem, alternatives
from config.backup_times import longest_gaps
from config.backups import LEAST_GAP, BackupPlan, Backups
from config.buckets import Bucket
from config.databases import Database
from config.rules.stack import Stack
from config.types.storage import check_bucket_name

HERE: Path = ("backups",)


def schedules(stack: Stack) -> Iterator[Problem]:
    """A backup schedule occurs, at most once an hour (a limit of AWS Backup)."""
    backups = stack.settings.backups
    for name, plan in (backups.plans if backups else {}).items():
        path: Path = (*HERE, "plans", name, "schedule")
        if _gap(plan) is None:
            yield Problem(path, f"{plan.schedule!r} never occurs; choose a day that exists")
        elif plan.shortest_gap() < LEAST_GAP:
            yield Problem(
                path,
                f"{plan.schedule!r} occurs every {plan.shortest_gap()} minutes; AWS Backup supports at most one an "
                "hour",
            )


def _gap(plan: BackupPlan) -> int | None:
    try:
        return plan.longest_gap()
    except ValueError:
        return None


def recovery_point(stack: Stack) -> Iterator[Problem]:
    """A plan creates backups as often as recoveryPointHours requires, and a plan copies them as often."""
    backups = stack.settings.backups
    if backups is None or backups.recovery_point_hours is None:
        return
    yield from _too_rare(backups, backups.plans, "a backup is created")
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
            f"the recovery point is {promised} h, but {what} every {gap / 60:g} h at best (plan {name}); "
            f"back up more often, or set {-(-gap // 60)}",
            because=((*HERE, "plans"),),
        )


def skipped(stack: Stack) -> Iterator[Problem]:
    """No job that a shorter recovery point depends on is skipped for one with a longer retention."""
    backups = stack.settings.backups
    promised = backups.recovery_point_hours if backups else None
    if backups is None or promised is None or any(_gap(plan) is None for plan in backups.plans.values()):
        return
    for copies, what in ((False, "backups"), (True, f"copies in {backups.second_region}")):
        plans = backups.copied() if copies else backups.plans
        best = min((_gap(plan) or 0 for plan in plans.values()), default=promised * 60 + 1)
        runs = longest_gaps(backups.plans, copies=copies)
        if best <= promised * 60 < (runs or 0):
            yield Problem(
                (*HERE, "recoveryPointHours"),
                f"the recovery point is {promised} h, but two {what} can be {(runs or 0) / 60:g} h apart: of jobs in "
                "the same hour, AWS Backup runs only the one with the longest retention; set copyDays in each plan",
                severity="warning",
                because=((*HERE, "plans"),),
            )


def reported(stack: Stack) -> Iterator[Problem]:
    """Failed and missed backups are reported, where a recovery point depends on them."""
    backups = stack.settings.backups
    if backups is not None and backups.recovery_point_hours is not None and stack.settings.alarms is None:
        yield Problem(
            (*HERE, "recoveryPointHours"),
            "no alarm reports failed and missed backups; add the section alarms",
            severity="warning",
            because=(("alarms",),),
        )


def databases(stack: Stack) -> Iterator[Problem]:
    """Databases meet the recovery point in the second region, although AWS Backup skips jobs around their windows."""
    settings, backups = stack.settings, stack.settings.backups
    for name, database in settings.databases.items():
        path: Path = ("databases", name)
        if database.replicate_to is not None:
            yield from _replicated(stack, (*path, "replicateTo"), database)
        elif backups is not None and backups.second_region and backups.recovery_point_hours:
            yield from _missed(path, database, backups)


def _replicated(stack: Stack, path: Path, database: Database) -> Iterator[Problem]:
    home, there = stack.settings.project.region, str(database.replicate_to)
    known = BACKUP_DESTINATIONS.get(home)
    if there == home:
        yield Problem(path, f"{there} is the platform's own region; choose another", because=(("project", "region"),))
    elif known is None or there not in known:
        choices = f"; choose {alternatives(sorted(known))}" if known else ""
        yield Problem(
            path,
            f"RDS replicates no automated backups from {home} to {there}, as of {SINCE}{choices}",
            severity="error" if known else "warning",
            because=(("project", "region"),),
        )
    if database.backups.retention_days == 0:
        yield Problem(
            path,
            "requires automated backups; set backups.retentionDays to 1 or more",
            because=((*path[:-1], "backups"),),
        )


def _missed(path: Path, database: Database, backups: Backups) -> Iterator[Problem]:
    gaps = [_gap(plan) for plan in backups.plans.values()]
    best = min((_gap(plan) or 0 for plan in backups.copied().values()), default=None)
    promised, there = backups.recovery_point_hours or 0, backups.second_region
    if None in gaps or best is None or best > promised * 60:
        return
    runs = longest_gaps(backups.plans, copies=True, database=database)
    if runs is not None and runs <= promised * 60:
        return
    apart = f"{runs / 60:g} h apart" if runs else "never created"
    yield Problem(
        path,
        f"the recovery point is {promised} h, but copies in {there} are {apart}: jobs of AWS Backup fail from an hour "
        f"before the backup window, {database.backups.window}, and the maintenance window until their ends; set "
        f"replicateTo: {there}",
        because=((*HERE, "plans"), (*HERE, "recoveryPointHours"), (*HERE, "secondRegion")),
    )


def recovery_time(stack: Stack) -> Iterator[Problem]:
    """The steps of a recovery fit within recoveryTimeHours, and backups exist outside the region."""
    backups = stack.settings.backups
    if backups is None or backups.recovery_time_hours is None:
        return
    path: Path = (*HERE, "recoveryTimeHours")
    needed = backups.recovery_minutes.total()
    if needed > backups.recovery_time_hours * 60:
        yield Problem(
            path,
            f"the recovery time is {backups.recovery_time_hours} h, but the steps of recoveryMinutes take "
            f"{needed / 60:.3g} h; shorten a step, or set {-(-needed // 60)}",
            because=((*HERE, "recoveryMinutes"),),
        )
    if backups.second_region is None:
        yield Problem(
            path,
            "does not cover the loss of the region, because nothing is copied; set secondRegion",
            severity="warning",
        )


def copies(stack: Stack) -> Iterator[Problem]:
    """Copies go to another region, and a second region receives copies."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None:
        return
    path: Path = (*HERE, "secondRegion")
    if backups.second_region == settings.project.region:
        yield Problem(
            path,
            f"{backups.second_region} is the platform's own region; choose another",
            because=(("project", "region"),),
        )
    if backups.second_region is not None and not backups.copied():
        yield Problem(path, "receives no copy; set copyDays in a plan, or remove it", because=((*HERE, "plans"),))
    if backups.second_region is None:
        for name in backups.copied():
            yield Problem(
                (*HERE, "plans", name, "copyDays"),
                "requires backups.secondRegion; set it, or remove this",
                because=((*HERE, "secondRegion"),),
            )


def lock(stack: Stack) -> Iterator[Problem]:
    """The retention of each plan is within the range of the vault lock."""
    backups = stack.settings.backups
    if backups is None or backups.lock is None:
        return
    least, most = backups.lock.min_days or 1, backups.lock.max_days or 36500
    if least > most:
        yield Problem((*HERE, "lock", "minDays"), f"{least} is above maxDays, {most}; decrease it, or increase maxDays")
        return
    for name, plan in backups.plans.items():
        for key, days in (("keepDays", plan.keep_days), ("copyDays", plan.copy_days)):
            if days is not None and not least <= days <= most:
                yield Problem(
                    (*HERE, "plans", name, key),
                    f"{days} days is outside the range of the vault lock, {least} to {most}",
                    because=((*HERE, "lock"),),
                )


def selection(stack: Stack) -> Iterator[Problem]:
    """Some resource has the backup tag, and the tag is not a default tag."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None:
        return
    taken = {key.lower(): key for key in (*settings.project.default_tags(), "Name")}
    if backups.tag.lower() in taken:
        yield Problem((*HERE, "tag"), f"{taken[backups.tag.lower()]} is a tag of every resource; choose another")
    driver = settings.addons.ebs_csi
    if not (driver.enabled and driver.default_storage_class):
        nothing = not settings.databases and not settings.aurora_clusters
        yield Problem(
            HERE,
            "selects no volume, because the StorageClass that tags volumes is disabled; enable "
            "addons.ebsCsi.defaultStorageClass" + ("" if nothing else ", or only databases are backed up"),
            severity="error" if nothing else "warning",
            because=(("addons", "ebsCsi"), ("databases",), ("auroraClusters",)),
        )


def replicas(stack: Stack) -> Iterator[Problem]:
    """S3 and ECR replicate to another region, without a KMS key that is limited to this region."""
    settings = stack.settings
    for name, bucket in settings.buckets.items():
        path: Path = ("buckets", name)
        if bucket.replicate_to is not None:
            yield from _elsewhere(stack, path, bucket.replicate_to)
            yield from _copied(path, bucket, settings.replica_name(name))
        elif bucket.replica_name is not None:
            yield Problem(
                (*path, "replicaName"),
                "requires replicateTo; set it, or remove this",
                because=((*path, "replicateTo"),),
            )
    for name, repository in settings.repositories.items():
        path = ("repositories", name)
        if repository.replicate_to is not None:
            yield from _elsewhere(stack, path, repository.replicate_to)
            if repository.kms_key_arn is not None:
                yield Problem(
                    (*path, "replicateTo"),
                    "is not supported with kmsKeyArn, because the key is limited to its region; remove one of them",
                    because=((*path, "kmsKeyArn"),),
                )


def _elsewhere(stack: Stack, path: Path, region: str) -> Iterator[Problem]:
    if region == stack.settings.project.region:
        yield Problem(
            (*path, "replicateTo"),
            f"{region} is the platform's own region; choose another",
            because=(("project", "region"),),
        )


def _copied(path: Path, bucket: Bucket, replica: str) -> Iterator[Problem]:
    here: Path = (*path, "replicateTo")
    if not bucket.versioning:
        yield Problem(here, "requires versioning; enable it", because=((*path, "versioning"),))
    if bucket.encryption == "aws:kms":
        yield Problem(
            here,
            "is not supported with encryption aws:kms, because the key is limited to its region; set encryption: "
            "AES256",
            because=((*path, "encryption"),),
        )
    if bucket.replica_name is None:
        try:
            check_bucket_name(replica)
        except ValueError as error:
            yield Problem(here, f"{error}, or set replicaName", because=((*path, "name"),))


def objects(stack: Stack) -> Iterator[Problem]:
    """Buckets of workloads are replicated where the recovery point covers the loss of the region."""
    settings, backups = stack.settings, stack.settings.backups
    if backups is None or backups.second_region is None or backups.recovery_point_hours is None:
        return
    for _, workload in settings.workloads:
        key = getattr(workload, "bucket", None)
        bucket = settings.buckets.get(key) if isinstance(key, str) else None
        if bucket is not None and bucket.replicate_to is None:
            yield Problem(
                ("buckets", str(key)),
                f"is lost with the region, although the recovery point is {backups.recovery_point_hours} h; "
                f"set replicateTo: {backups.second_region}",
                severity="warning",
                because=((*HERE, "secondRegion"), (*HERE, "recoveryPointHours")),
            )


RULES = (
    schedules,
    recovery_point,
    skipped,
    reported,
    databases,
    recovery_time,
    copies,
    lock,
    selection,
    replicas,
    objects,
)
