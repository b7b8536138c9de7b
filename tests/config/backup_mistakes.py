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
COPIED = ("keepDays: 7}", "keepDays: 7, copyDays: 7}")
ALARMS = (
    "",
    "  ai-platform:alarms: {emails: [ops@shop.dev], rules: {cpu: {metric: CPUUtilization, namespace: AWS/RDS, database: runs, threshold: 80}}}\n",
)
REPLICATED = ("      databaseName: mlflow\n", "      databaseName: mlflow\n      replicateTo: us-east-1\n")
IN_S3 = ("    artifacts: {}\n", "    artifacts: {replicateTo: us-east-1}\n")


def replicated(there: str, more: str = "") -> tuple[tuple[str, str], ...]:
    """The base with a database that RDS replicates to a region."""
    return (("      databaseName: mlflow\n", f"      databaseName: mlflow\n      replicateTo: {there}\n{more}"),)


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "backups: an hour is promised and a day is what is lost": (
        backups(ONLY_DAILY, RPO, ("keepDays: 7", "keepDays: 7, copyDays: 7")),
        (
            "29: backups.recoveryPointHours: the recovery point is 1 h, but a backup is created every 24 h at best (plan daily); back up more often, or set 24",
            "29: backups.recoveryPointHours: the recovery point is 1 h, but a copy reaches us-east-1 every 24 h at best (plan daily); back up more often, or set 24",
        ),
    ),
    "backups: copies come later than what is promised": (
        backups(RPO, ("keepDays: 2, copyDays: 2", "keepDays: 2"), ("keepDays: 7", "keepDays: 7, copyDays: 7")),
        (
            "29: backups.recoveryPointHours: the recovery point is 1 h, but a copy reaches us-east-1 every 24 h at best (plan daily); back up more often, or set 24",
        ),
    ),
    "backups: nights without one": (
        backups(RPO, ("0 * * * *", "0 8-20 * * *")),
        (
            "29: backups.recoveryPointHours: the recovery point is 1 h, but a backup is created every 12 h at best (plan hourly); back up more often, or set 12",
            "29: backups.recoveryPointHours: the recovery point is 1 h, but a copy reaches us-east-1 every 12 h at best (plan hourly); back up more often, or set 12",
        ),
    ),
    "backups: a recovery longer than what is promised": (
        backups(RTO),
        (
            "29: backups.recoveryTimeHours: the recovery time is 3 h, but the steps of recoveryMinutes take 3.75 h; shorten a step, or set 4",
        ),
    ),
    "warning: backups: a recovery of a region that nothing is copied from": (
        backups(
            ("    secondRegion: us-east-1\n", ""),
            ("keepDays: 2, copyDays: 2", "keepDays: 2"),
            ("    plans:\n", "    recoveryTimeHours: 4\n    plans:\n"),
        ),
        (
            "28: backups.recoveryTimeHours: does not cover the loss of the region, because nothing is copied; set secondRegion",
        ),
    ),
    "backups: no plan": (
        (("", "  ai-platform:backups: {plans: {}}\n"),),
        ("27: backups.plans: has 0 items; the minimum is 1",),
    ),
    "backups: more often than AWS Backup works": (
        backups(("0 * * * *", "'0,30 * * * *'")),
        (
            "30: backups.plans.hourly.schedule: '0,30 * * * *' occurs every 30 minutes; AWS Backup supports at most one an hour",
        ),
    ),
    "backups: a day that never comes": (
        backups(("0 3 * * *", "0 3 30 2 *")),
        ("31: backups.plans.daily.schedule: '0 3 30 2 *' never occurs; choose a day that exists",),
    ),
    "backups: copies with no place": (
        backups(("    secondRegion: us-east-1\n", "")),
        ("29: backups.plans.hourly.copyDays: requires backups.secondRegion; set it, or remove this",),
    ),
    "backups: copies into the same region": (
        backups(("us-east-1", "us-west-2")),
        ("28: backups.secondRegion: us-west-2 is the platform's own region; choose another",),
    ),
    "backups: a second region without copies": (
        backups((", copyDays: 2", "")),
        ("28: backups.secondRegion: receives no copy; set copyDays in a plan, or remove it",),
    ),
    "backups: a lock that refuses a plan": (
        backups(("    plans:\n", "    lock: {minDays: 3}\n    plans:\n")),
        (
            "31: backups.plans.hourly.copyDays: 2 days is outside the range of the vault lock, 3 to 36500",
            "31: backups.plans.hourly.keepDays: 2 days is outside the range of the vault lock, 3 to 36500",
        ),
    ),
    "backups: a lock that is no span": (
        backups(("    plans:\n", "    lock: {minDays: 30, maxDays: 7}\n    plans:\n")),
        ("29: backups.lock.minDays: 30 is above maxDays, 7; decrease it, or increase maxDays",),
    ),
    "backups: a tag that everything has": (
        backups(("    plans:\n", "    tag: project\n    plans:\n")),
        ("29: backups.tag: Project is a tag of every resource; choose another",),
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
            "29: backups: selects no volume, because the StorageClass that tags volumes is disabled; enable addons.ebsCsi.defaultStorageClass, or only databases are backed up",
        ),
    ),
    "backups: a vault's name": (
        backups(("    plans:\n", "    vault: my vault\n    plans:\n")),
        (
            "29: backups.vault: 'my vault' is not a backup vault name; write 2-43 letters, digits, hyphens and underscores",
        ),
    ),
    "old versions: moved after they are gone": (
        bucket("lifecycle: {noncurrentDays: 90, noncurrentTransitions: {archive: {days: 365, storageClass: GLACIER}}}"),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.archive.days: 365 is not before noncurrentDays, 90; decrease it, or increase noncurrentDays",
        ),
    ),
    "old versions: too early for a class": (
        bucket("lifecycle: {noncurrentTransitions: {soon: {days: 7, storageClass: STANDARD_IA}}}"),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.soon.days: 7 is too early for STANDARD_IA; S3 requires 30 or more",
        ),
    ),
    "old versions: two moves on one day": (
        bucket(
            "lifecycle: {noncurrentTransitions: {a: {days: 60, storageClass: STANDARD_IA}, b: {days: 60, storageClass: GLACIER}}}"
        ),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.b.days: 60 is already the day of transition a; choose another",
        ),
    ),
    "old versions: of a bucket that keeps none": (
        bucket("versioning: false, lifecycle: {noncurrentTransitions: {a: {days: 60, storageClass: STANDARD_IA}}}"),
        ("22: buckets.artifacts.lifecycle.noncurrentTransitions: requires versioning; enable it, or remove this",),
    ),
    "warning: replica: none of what a workload keeps": (
        (*backups(RPO, COPIED), ALARMS, REPLICATED),
        (
            "23: buckets.artifacts: is lost with the region, although the recovery point is 1 h; set replicateTo: us-east-1",
        ),
    ),
    "replica: in the same region": (
        bucket("replicateTo: us-west-2"),
        ("22: buckets.artifacts.replicateTo: us-west-2 is the platform's own region; choose another",),
    ),
    "replica: of a bucket without versions": (
        bucket("replicateTo: us-east-1, versioning: false"),
        ("22: buckets.artifacts.replicateTo: requires versioning; enable it",),
    ),
    "replica: of objects under a key of this region": (
        bucket("replicateTo: us-east-1, encryption: aws:kms"),
        (
            "22: buckets.artifacts.replicateTo: is not supported with encryption aws:kms, because the key is limited to its region; set encryption: AES256",
        ),
    ),
    "replica: a name for none": (
        bucket("replicaName: shop-elsewhere"),
        ("22: buckets.artifacts.replicaName: requires replicateTo; set it, or remove this",),
    ),
    "replica: the name of another bucket": (
        bucket("replicateTo: us-east-1, replicaName: shop-artifacts"),
        ("22: buckets.artifacts.replicaName: shop-artifacts is already the name of bucket artifacts; choose another",),
    ),
    "replica: a name too long": (
        bucket("replicateTo: us-east-1, name: shop-artifacts-with-a-name-that-fills-all-that-s3-gives-1"),
        (
            "22: buckets.artifacts.replicateTo: 'shop-artifacts-with-a-name-that-fills-all-that-s3-gives-1-us-east-1' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, or set replicaName",
        ),
    ),
    "replica: images under a key of this region": (
        (
            (
                "",
                '  ai-platform:repositories:\n    api: {replicateTo: us-east-1, kmsKeyArn: "arn:aws:kms:us-west-2:111122223333:key/1"}\n',
            ),
        ),
        (
            "28: repositories.api.replicateTo: is not supported with kmsKeyArn, because the key is limited to its region; remove one of them",
        ),
    ),
    "snapshot: of another region": (
        (
            (
                "      databaseName: mlflow\n",
                '      databaseName: mlflow\n      snapshot: "arn:aws:rds:us-east-1:111122223333:snapshot:runs"\n',
            ),
        ),
        ("21: databases.runs.snapshot: is in us-east-1; set a DB snapshot in us-west-2, the region of the platform",),
    ),
    "snapshot: of a cluster": (
        (
            (
                "      databaseName: mlflow\n",
                '      databaseName: mlflow\n      snapshot: "arn:aws:rds:us-west-2:111122223333:cluster-snapshot:runs"\n',
            ),
        ),
        (
            "21: databases.runs.snapshot: 'cluster-snapshot:runs' is not a DB snapshot; write it like arn:aws:rds:us-west-2:111122223333:snapshot:before-the-move",
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
            "12: cluster.access.ci.aws: grants IAM permissions to a role that this stack creates, but principalArn names an existing one; remove one of them",
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
            "12: cluster.access.ci.aws[1]: pushImages has no repository to push to; add one to repositories, or remove it",
        ),
    ),
    "rights in AWS: twice": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    access:\n      ci: {aws: [readLogs, readLogs]}\n",
            ),
        ),
        ("12: cluster.access.ci.aws: has a duplicate permission; remove one",),
    ),
    "warning: protected in AWS and not in Pulumi": (
        (
            ("    environment: test\n", "    environment: test\n    deletionProtection: false\n"),
            ("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    deletionProtection: true\n"),
        ),
        (
            "12: cluster.deletionProtection: AWS refuses this deletion after Pulumi has deleted other resources; set false before a destroy, or remove project.deletionProtection",
        ),
    ),
    "warning: protected without backups": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      deletionProtection: true\n      backups: {retentionDays: 0}\n",
            ),
        ),
        (
            "22: databases.runs.backups.retentionDays: 0 disables backups of a database with deletion protection; set at least 1",
        ),
    ),
    "warning: archive to restore from": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 90, storageClass: GLACIER}}}}"),),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.storageClass: GLACIER objects must be restored before they can be read; use GLACIER_IR to read them directly",
        ),
    ),
    "backups: a database whose window skips jobs": (
        (*backups(RPO, COPIED), ALARMS, IN_S3),
        (
            "16: databases.runs: the recovery point is 1 h, but copies in us-east-1 are 4 h apart: jobs of AWS Backup fail from an hour before the backup window, 03:00-04:00, and the maintenance window until their ends; set replicateTo: us-east-1",
        ),
    ),
    "warning: backups: a job without copies in the hour of one with copies": (
        (*backups(RPO), ALARMS, IN_S3, REPLICATED),
        (
            "30: backups.recoveryPointHours: the recovery point is 1 h, but two copies in us-east-1 can be 2 h apart: of jobs in the same hour, AWS Backup runs only the one with the longest retention; set copyDays in each plan",
        ),
    ),
    "warning: backups: failures that nothing reports": (
        (*backups(RPO, COPIED), IN_S3, REPLICATED),
        ("30: backups.recoveryPointHours: no alarm reports failed and missed backups; add the section alarms",),
    ),
    "automated backups: in the same region": (
        replicated("us-west-2"),
        ("21: databases.runs.replicateTo: us-west-2 is the platform's own region; choose another",),
    ),
    "automated backups: a region that RDS does not replicate to": (
        replicated("eu-west-2"),
        (
            "21: databases.runs.replicateTo: RDS replicates no automated backups from us-west-2 to eu-west-2, as of 2026-11; choose ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, ap-southeast-2, ca-central-1, eu-central-1, eu-west-1, us-east-1, us-east-2 or us-west-1",
        ),
    ),
    "automated backups: of a database that has none": (
        replicated("us-east-1", "      backups: {retentionDays: 0}\n"),
        ("21: databases.runs.replicateTo: requires automated backups; set backups.retentionDays to 1 or more",),
    ),
    "warning: quotas: a code that nothing is compared with": (
        (("    region: us-west-2\n", "    region: us-west-2\n    quotas: {L-00000000: 5}\n"),),
        (
            "6: project.quotas.L-00000000: is not in the table of 2026-11, and nothing is compared with it; remove it, or correct the code",
        ),
    ),
    "quotas: no code": (
        (("    region: us-west-2\n", "    region: us-west-2\n    quotas: {vcpus: 5}\n"),),
        ("6: project.quotas.vcpus: 'vcpus' is not a quota code of Service Quotas; write it like L-1216C47A",),
    ),
}
