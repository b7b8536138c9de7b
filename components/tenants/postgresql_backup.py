"""Dumps of all tenants' databases."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.backup.dumps import (
    DEADLINE_SECONDS,
    RETRIES,
    SCRIPTS,
    START_WITHIN_SECONDS,
    WITHOUT_ROLE,
    Dumps,
)
from components.component import Component
from components.data.database_user import POSTGRES_USER_ID
from components.identity.secret_access import SyncedSecret
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.jobs import SMALL, UNDISTURBED, UNMESHED, Step, cron_job
from components.kubernetes.pods import CONFIGURATION_ANNOTATION, configuration_hash, environment, mount, resources
from components.tenants.postgresql_names import FOLDER, PORT, database_user
from components.workloads.context import WorkloadContext
from config.environments import Backup
from config.tenants import MlflowBackup, Tenant
from config.versions import POSTGRES_CLIENT_IMAGE

OBJECT = "tenant-databases-backup"
DUMP = "dump"


class TenantBackup(Component):
    """A CronJob that dumps each tenant's database into a bucket, where it can neither read nor delete any dump.

    It is the superuser who dumps: no other user sees all. Users are not in the dumps, for `tenant-databases` makes them
    again; `pg_restore --no-owner --role=<user>` brings one tenant's database back.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantBackup"

    def __init__(
        self,
        name: str,
        settings: MlflowBackup,
        *,
        namespace: str,
        host: str,
        tenants: Sequence[Tenant],
        superuser: SyncedSecret,
        context: WorkloadContext,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        dumps = Dumps(
            environment=namespace,
            namespace=namespace,
            region=context.region,
            settings=Backup(
                bucket=settings.bucket, prefix=settings.prefix, scratch=settings.scratch, restore_test=None
            ),
            bucket=context.buckets[settings.bucket],
            kms_key_arn=context.settings.buckets[settings.bucket].kms_key_arn,
            secret_name=superuser.name,
        )
        data = {
            **{file: SCRIPTS[file] for file in ("counts.sql", "dump.sql", "upload.sh")},
            "dump.sh": (FOLDER / "dump.sh").read_text(encoding="utf-8"),
            "tenants": "".join(f"{tenant.name} {database_user(tenant)}\n" for tenant in tenants),
        }
        scripts = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=OBJECT, namespace=namespace, labels=dict(labels)),
            data=data,
            opts=self.child(),
        )
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-{OBJECT}",
            account=ServiceAccount(namespace, OBJECT),
            provider=context.cluster.identity_provider,
            statements=dumps.statements(reads=False),
            labels=labels,
            opts=self.child(),
        )
        login = {
            "PGHOST": host,
            "PGPORT": str(PORT),
            "PGUSER": "postgres",
            "PGSSLMODE": "require",
            "DB_SCHEMA": "public",
        }
        dump = Step(
            DUMP,
            POSTGRES_CLIENT_IMAGE,
            ["/scripts/dump.sh"],
            [*environment(login), *superuser.environment({"PGPASSWORD": "password"})],
            resources(SMALL, scratch=settings.scratch),
            [mount("backup", "/backup"), mount("scripts", "/scripts", read_only=True)],
        )
        self.cron_job = cron_job(
            OBJECT,
            namespace=namespace,
            labels={**labels, **UNMESHED},
            schedule=settings.schedule,
            time_zone=settings.time_zone,
            suspended=False,
            steps=[dump, dumps.with_bucket("upload", "upload.sh")],
            user=POSTGRES_USER_ID,
            service_account=OBJECT,
            priority_class=None,
            retries=RETRIES,
            deadline_seconds=DEADLINE_SECONDS,
            start_within_seconds=START_WITHIN_SECONDS,
            volumes=dumps.volumes(OBJECT),
            annotations={**UNDISTURBED, WITHOUT_ROLE: DUMP, CONFIGURATION_ANNOTATION: configuration_hash(data)},
            opts=self.child(depends_on=[scripts, identity, superuser.resource]),
        )
        self.finish(role_arn=identity.role_arn)
