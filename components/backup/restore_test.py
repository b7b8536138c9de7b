"""The proof that a dump can be restored."""

from typing import ClassVar

import pulumi

from components.backup.dumps import CRON_JOB_LIMIT, DEADLINE_SECONDS, RETRIES, START_WITHIN_SECONDS, Dumps
from components.component import Component
from components.data.database_user import POSTGRES_USER_ID
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity
from components.kubernetes.jobs import cron_job
from components.kubernetes.pods import labels
from components.naming import fit
from config.environments import RestoreTest as RestoreTestSettings

RESTORE = "restore"


class RestoreTest(Component):
    """A CronJob that restores the newest dump into a scratch database and compares the rows of every table.

    It fails where a table has another number of rows than at the moment of the dump. What it has restored stays until
    the next run, for a person to look at.
    """

    TOKEN: ClassVar[str] = "ai-platform:backup:RestoreTest"

    def __init__(
        self,
        name: str,
        settings: RestoreTestSettings,
        *,
        project: str,
        dumps: Dumps,
        database: str,
        scripts: str,
        identity_provider: IdentityProvider,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.cron_job_name = fit(f"{dumps.environment}-db-restore-test", CRON_JOB_LIMIT)
        own = labels(self.cron_job_name, "restore-test")
        self.identity = WorkloadIdentity(
            name,
            role_name=f"{project}-{dumps.environment}-db-restore-test",
            account=ServiceAccount(dumps.namespace, self.cron_job_name),
            provider=identity_provider,
            statements=dumps.statements(reads=True),
            labels=own,
            opts=self.child(),
        )
        self.cron_job = cron_job(
            self.cron_job_name,
            namespace=dumps.namespace,
            labels=dumps.pod_labels(own),
            schedule=settings.schedule,
            time_zone=dumps.settings.time_zone,
            suspended=settings.suspended,
            steps=[
                dumps.with_bucket("download", "download.sh"),
                dumps.with_database(RESTORE, "restore.sh", database=database),
            ],
            user=POSTGRES_USER_ID,
            service_account=self.cron_job_name,
            priority_class=dumps.priority_class,
            retries=RETRIES,
            deadline_seconds=DEADLINE_SECONDS,
            start_within_seconds=START_WITHIN_SECONDS,
            volumes=dumps.volumes(scripts),
            annotations=dumps.pod_annotations(RESTORE),
            opts=self.child(depends_on=[self.identity]),
        )
        self.finish(role_arn=self.identity.role_arn)
