"""Invalid values of backups, replicas and AWS permissions: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

PLANS = """\
  ai-platform:backups:
    secondRegion: us-east-1
    plans:
      hourly: {schedule: 0 * * * *, keepDays: 2, copyDays: 2}
      daily: {schedule: 0 3 * * *, keepDays: 7}
"""


def backups(*edits: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The edit of the base that appends a section of backups, each text replaced; every one has to be there once."""
    text = PLANS
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return (("", text),)


def bucket(text: str) -> tuple[tuple[str, str], ...]:
    """The base with settings of its bucket."""
    return (("    artifacts: {}\n", f"    artifacts: {{{text}}}\n"),)


ONLY_DAILY = ("      hourly: {schedule: 0 * * * *, keepDays: 2, copyDays: 2}\n", "")
RPO = ("    plans:\n", "    recoveryPointHours: 1\n    plans:\n")
RTO = ("    plans:\n", "    recoveryTimeHours: 3\n    plans:\n")

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "backups: an hour is promised and a day is what is lost": (
        backups(ONLY_DAILY, RPO, ("keepDays: 7", "keepDays: 7, copyDays: 7")),
        (
            "29: backups.recoveryPointHours: 1 h is promised, and a backup is made every 24 h at most often, by plan daily; back up more often, or promise 24",
            "29: backups.recoveryPointHours: 1 h is promised, and a copy reaches us-east-1 every 24 h at most often, by plan daily; back up more often, or promise 24",
        ),
    ),
    "backups: copies come later than what is promised": (
        backups(RPO, ("keepDays: 2, copyDays: 2", "keepDays: 2"), ("keepDays: 7", "keepDays: 7, copyDays: 7")),
        (
            "29: backups.recoveryPointHours: 1 h is promised, and a copy reaches us-east-1 every 24 h at most often, by plan daily; back up more often, or promise 24",
        ),
    ),
    "backups: nights without one": (
        backups(RPO, ("0 * * * *", "0 8-20 * * *")),
        (
            "29: backups.recoveryPointHours: 1 h is promised, and a backup is made every 12 h at most often, by plan hourly; back up more often, or promise 12",
            "29: backups.recoveryPointHours: 1 h is promised, and a copy reaches us-east-1 every 12 h at most often, by plan hourly; back up more often, or promise 12",
        ),
    ),
    "backups: a recovery longer than what is promised": (
        backups(RTO),
        (
            "29: backups.recoveryTimeHours: 3 h is promised, and the steps of recoveryMinutes take 3.75 h; make one shorter, or promise 4",
        ),
    ),
    "warning: backups: a recovery of a region that nothing is copied from": (
        backups(
            ("    secondRegion: us-east-1\n", ""),
            ("keepDays: 2, copyDays: 2", "keepDays: 2"),
            ("    plans:\n", "    recoveryTimeHours: 4\n    plans:\n"),
        ),
        (
            "28: backups.recoveryTimeHours: does not hold for the loss of the region, of which nothing is copied; name a secondRegion",
        ),
    ),
    "backups: no plan": (
        (("", "  ai-platform:backups: {plans: {}}\n"),),
        ("27: backups.plans: has 0 items; it needs 1 or more",),
    ),
    "backups: more often than AWS Backup works": (
        backups(("0 * * * *", "'0,30 * * * *'")),
        ("30: backups.plans.hourly.schedule: '0,30 * * * *' comes every 30 minutes; AWS Backup takes one an hour",),
    ),
    "backups: a day that never comes": (
        backups(("0 3 * * *", "0 3 30 2 *")),
        ("31: backups.plans.daily.schedule: '0 3 30 2 *' never comes; choose a day that there is",),
    ),
    "backups: copies with no place": (
        backups(("    secondRegion: us-east-1\n", "")),
        ("29: backups.plans.hourly.copyDays: has no place for the copies; name a secondRegion",),
    ),
    "backups: copies into the same region": (
        backups(("us-east-1", "us-west-2")),
        ("28: backups.secondRegion: us-west-2 is the platform's own region; name another one",),
    ),
    "backups: a second region without copies": (
        backups((", copyDays: 2", "")),
        ("28: backups.secondRegion: gets no copy; write copyDays at a plan, or remove it",),
    ),
    "backups: a lock that refuses a plan": (
        backups(("    plans:\n", "    lock: {minDays: 3}\n    plans:\n")),
        (
            "31: backups.plans.hourly.copyDays: 2 days are refused by the lock, which takes 3 to 36500",
            "31: backups.plans.hourly.keepDays: 2 days are refused by the lock, which takes 3 to 36500",
        ),
    ),
    "backups: a lock that is no span": (
        backups(("    plans:\n", "    lock: {minDays: 30, maxDays: 7}\n    plans:\n")),
        ("29: backups.lock.minDays: 30 is above maxDays, 7; lower it, or raise maxDays",),
    ),
    "backups: a tag that everything has": (
        backups(("    plans:\n", "    tag: project\n    plans:\n")),
        ("29: backups.tag: Project is a tag of everything; choose another",),
    ),
    "warning: backups: volumes that nothing tags": (
        (
            *backups(),
            (
                "  ai-platform:buckets:\n",
                "  ai-platform:addons:\n    ebsCsi: {defaultStorageClass: false}\n  ai-platform:buckets:\n",
            ),
        ),
        (
            "29: backups: finds no volume: the StorageClass that tags them is off; switch addons.ebsCsi.defaultStorageClass on, or know that databases alone are backed up",
        ),
    ),
    "backups: a vault's name": (
        backups(("    plans:\n", "    vault: my vault\n    plans:\n")),
        (
            "29: backups.vault: 'my vault' is no name of a backup vault; write 2-43 letters, digits, hyphens and underscores",
        ),
    ),
    "old versions: moved after they are gone": (
        bucket("lifecycle: {noncurrentTransitions: {archive: {days: 365, storageClass: GLACIER}}}"),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.archive.days: 365 is not before noncurrentDays, 90; versions would be gone: raise it, or null",
        ),
    ),
    "old versions: too early for a class": (
        bucket("lifecycle: {noncurrentTransitions: {soon: {days: 7, storageClass: STANDARD_IA}}}"),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.soon.days: 7 is too early for STANDARD_IA; S3 takes 30 or more",
        ),
    ),
    "old versions: two moves on one day": (
        bucket(
            "lifecycle: {noncurrentTransitions: {a: {days: 60, storageClass: STANDARD_IA}, b: {days: 60, storageClass: GLACIER}}}"
        ),
        ("22: buckets.artifacts.lifecycle.noncurrentTransitions.b.days: 60 is that of a too; choose another",),
    ),
    "old versions: of a bucket that keeps none": (
        bucket("versioning: false, lifecycle: {noncurrentTransitions: {a: {days: 60, storageClass: STANDARD_IA}}}"),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions: moves old versions, and versioning is off; switch it on, or remove this",
        ),
    ),
    "warning: replica: none of what a workload keeps": (
        backups(RPO),
        ("22: buckets.artifacts: is lost with the region, of which 1 h is promised; write replicateTo: us-east-1",),
    ),
    "replica: in the same region": (
        bucket("replicateTo: us-west-2"),
        ("22: buckets.artifacts.replicateTo: us-west-2 is the platform's own region; name another one",),
    ),
    "replica: of a bucket without versions": (
        bucket("replicateTo: us-east-1, versioning: false"),
        ("22: buckets.artifacts.replicateTo: copies versions, and versioning is off; switch it on",),
    ),
    "replica: of objects under a key of this region": (
        bucket("replicateTo: us-east-1, encryption: aws:kms"),
        (
            "22: buckets.artifacts.replicateTo: takes no objects under aws:kms, whose key is this region's; write encryption: AES256",
        ),
    ),
    "replica: a name for none": (
        bucket("replicaName: shop-elsewhere"),
        ("22: buckets.artifacts.replicaName: names nothing: there is no replicateTo; write it, or remove this",),
    ),
    "replica: the name of another bucket": (
        bucket("replicateTo: us-east-1, replicaName: shop-artifacts"),
        ("22: buckets.artifacts.replicaName: shop-artifacts is the name of bucket artifacts too; choose another",),
    ),
    "replica: a name too long": (
        bucket("replicateTo: us-east-1, name: shop-artifacts-with-a-name-that-fills-all-that-s3-gives-1"),
        (
            "22: buckets.artifacts.replicateTo: 'shop-artifacts-with-a-name-that-fills-all-that-s3-gives-1-us-east-1' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, or write replicaName",
        ),
    ),
    "replica: images under a key of this region": (
        (
            (
                "",
                '  ai-platform:repositories:\n    api: {replicateTo: us-east-1, kmsKeyArn: "arn:aws:kms:us-west-2:111122223333:key/1"}\n',
            ),
        ),
        ("28: repositories.api.replicateTo: takes no kmsKeyArn, whose key is this region's; remove one of them",),
    ),
    "snapshot: of another region": (
        (
            (
                "      databaseName: mlflow\n",
                '      databaseName: mlflow\n      snapshot: "arn:aws:rds:us-east-1:111122223333:snapshot:runs"\n',
            ),
        ),
        ("21: databases.runs.snapshot: lies in us-east-1, and RDS restores in one region alone; copy it to us-west-2",),
    ),
    "snapshot: of a cluster": (
        (
            (
                "      databaseName: mlflow\n",
                '      databaseName: mlflow\n      snapshot: "arn:aws:rds:us-west-2:111122223333:cluster-snapshot:runs"\n',
            ),
        ),
        (
            "21: databases.runs.snapshot: is no snapshot of an instance; write arn:aws:rds:<region>:<account>:snapshot:<name>",
        ),
    ),
    "rights in AWS: of a role that is there already": (
        (
            (
                "    endpoint: {public: false}\n",
                '    endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/ci", aws: [readLogs]}\n',
            ),
        ),
        (
            "12: cluster.access.ci.aws: gives rights to a role that is made here, and principalArn is one that is there; remove one of them",
        ),
    ),
    "rights in AWS: to repositories that are not there": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    access:\n      ci: {aws: [readLogs, pushImages]}\n",
            ),
        ),
        (
            "12: cluster.access.ci.aws[1]: pushImages has no repository to push to; name one in repositories, or remove it",
        ),
    ),
    "rights in AWS: twice": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    access:\n      ci: {aws: [readLogs, readLogs]}\n",
            ),
        ),
        ("12: cluster.access.ci.aws: names a right twice; keep one",),
    ),
    "warning: protected without backups": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      deletionProtection: true\n      backups: {retentionDays: 0}\n",
            ),
        ),
        (
            "22: databases.runs.backups.retentionDays: 0 turns backups off for a database that is protected from deletion; keep at least one day",
        ),
    ),
    "warning: archive to restore from": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 90, storageClass: GLACIER}}}}"),),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.storageClass: GLACIER objects must be restored before they are read; GLACIER_IR ones need not",
        ),
    ),
}
