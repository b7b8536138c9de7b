"""Alerts on the Jobs of an environment, in particular on its backups."""

from collections.abc import Iterator

from components.base.naming import fit
from components.operations.backup.dumps import CRON_JOB_LIMIT
from components.operations.monitoring.rules.rule import Alert, Group
from config.schedules import kubernetes_gap
from config.settings import Settings

LATE_SECONDS = 2 * 3600
"""Seconds after the scheduled time until a run counts as late."""


def job_alerts(settings: Settings, environment: str) -> Group:
    """Return the alerts on a failed Job, and on a backup or restore test that is late or has never succeeded."""
    namespace, database = settings.namespace(environment), settings.environments[environment].database
    found = [
        Alert(
            "JobFailed",
            f'max by (namespace, job_name) (kube_job_failed{{namespace="{namespace}", condition="true"}}) > 0',
            "critical",
            f"Job {{{{ $labels.job_name }}}} failed in {namespace}",
            "It has given up. Its pod's log says why; deleting the Job ends this alert.",
            "a-job-failed",
        )
    ]
    backup = database.backup if database is not None else None
    if backup is not None:
        name = fit(f"{environment}-db-backup", CRON_JOB_LIMIT)
        found.append(_late("BackupMissing", "backup", name, namespace, backup.schedule))
        test = backup.restore_test
        if test is not None and not test.suspended:
            name = fit(f"{environment}-db-restore-test", CRON_JOB_LIMIT)
            found.append(_late("RestoreTestMissing", "restore test", name, namespace, test.schedule))
    return Group("jobs", environment, namespace, tuple(found))


def _late(alert: str, what: str, cron_job: str, namespace: str, schedule: str) -> Alert:
    seconds = 60 * kubernetes_gap(schedule) + LATE_SECONDS
    return Alert(
        alert,
        " or ".join(missing(cron_job, namespace, seconds)),
        "critical",
        f"No {what} in {namespace} for {seconds // 3600} hours",
        f"CronJob {cron_job} has not ended well within {seconds // 3600} hours, or it is not there.",
        "a-backup-is-missing",
        # A CronJob that is replaced is absent for a moment.
        "15m",
    )


def missing(cron_job: str, namespace: str, seconds: int) -> Iterator[str]:
    """Yield an expression for each case: the last success is too old, there was none, or there is no CronJob."""
    chosen = f'{{namespace="{namespace}", cronjob="{cron_job}"}}'
    done = f"max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{chosen})"
    made = f"max by (namespace, cronjob) (kube_cronjob_created{chosen})"
    yield f"(time() - {done} > {seconds})"
    yield f"(time() - {made} > {seconds} unless on (namespace, cronjob) {done})"
    yield f"absent({made})"
