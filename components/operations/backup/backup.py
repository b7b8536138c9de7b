"""Dumps of one environment's schema."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.base.naming import fit
from components.data.bucket import Bucket
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity
from components.kubernetes.pods import labels
from components.operations.backup.dumps import CRON_JOB_LIMIT, SCRIPTS, Dumps
from components.operations.backup.restore_test import RestoreTest
from config.environments import Backup as BackupSettings

DUMP = "dump"


class DatabaseBackup(Component):
    """A CronJob that dumps the schema and uploads the dump to S3, and one that restores the newest dump.

    Their permissions are separate: the backup cannot read or delete dumps, and the restore test cannot change any. The
    bucket's lifecycle rule sets the retention. A dump contains the schema. It does not contain the server's roles and
    extensions, or large objects of PostgreSQL.
    """

    TOKEN: ClassVar[str] = "ai-platform:backup:DatabaseBackup"

    def __init__(
        self,
        name: str,
        settings: BackupSettings,
        *,
        project: str,
        region: str,
        environment: str,
        namespace: str,
        restore_database: str | None,
        bucket: Bucket,
        secret_name: pulumi.Input[str],
        identity_provider: IdentityProvider,
        pod_labels: dict[str, str] | None = None,
        pod_annotations: dict[str, pulumi.Input[str]] | None = None,
        priority_class: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        dumps = Dumps(
            environment=environment,
            namespace=namespace,
            region=region,
            settings=settings,
            bucket=bucket,
            secret_name=secret_name,
            labels=pod_labels or {},
            annotations=pod_annotations or {},
            priority_class=priority_class,
        )
        self.cron_job_name = fit(f"{environment}-db-backup", CRON_JOB_LIMIT)
        own = labels(self.cron_job_name, "backup")
        scripts = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=self.cron_job_name, namespace=namespace, labels=own),
            data=SCRIPTS,
            opts=self.child(),
        )
        self.identity = WorkloadIdentity(
            name,
            role_name=f"{project}-{environment}-db-backup",
            account=ServiceAccount(namespace, self.cron_job_name),
            provider=identity_provider,
            statements=dumps.statements(reads=False),
            labels=own,
            opts=self.child(),
        )
        self.cron_job = dumps.cron_job(
            self.cron_job_name,
            labels=own,
            schedule=settings.schedule,
            steps=[dumps.with_database(DUMP, "dump.sh"), dumps.with_bucket("upload", "upload.sh")],
            database_step=DUMP,
            scripts=self.cron_job_name,
            opts=self.child(depends_on=[scripts, self.identity]),
        )
        self._test_restores(dumps, restore_database, project, identity_provider, after=scripts)
        self.finish(role_arn=self.identity.role_arn)

    def _test_restores(
        self,
        dumps: Dumps,
        database: str | None,
        project: str,
        identity_provider: IdentityProvider,
        *,
        after: pulumi.Resource,
    ) -> None:
        if dumps.settings.restore_test is not None and database is not None:
            RestoreTest(
                f"{self.name}-restore-test",
                dumps.settings.restore_test,
                project=project,
                dumps=dumps,
                database=database,
                scripts=self.cron_job_name,
                identity_provider=identity_provider,
                opts=self.child(depends_on=[after]),
            )
