"""The restore test of a dump."""

from typing import ClassVar

import pulumi

from components.base.component import Component
from components.base.naming import fit
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity
from components.kubernetes.pods import labels
from components.operations.backup.dumps import CRON_JOB_LIMIT, Dumps
from config.environments import RestoreTest as RestoreTestSettings

RESTORE = "restore"


class RestoreTest(Component):
    """A CronJob that restores the newest dump into a scratch database and compares the number of rows of every table.

    It fails if a table's number of rows differs from the number at the time of the dump. The restored data is kept
    until the next run, for inspection.
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
        self.cron_job = dumps.cron_job(
            self.cron_job_name,
            labels=own,
            schedule=settings.schedule,
            suspended=settings.suspended,
            steps=[
                dumps.with_bucket("download", "download.sh"),
                dumps.with_database(RESTORE, "restore.sh", database=database),
            ],
            database_step=RESTORE,
            scripts=scripts,
            opts=self.child(depends_on=[self.identity]),
        )
        self.finish(role_arn=self.identity.role_arn)
