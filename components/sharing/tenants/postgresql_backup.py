"""Dumps of all tenants' databases."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import POSTGRES_CLIENT_IMAGE
from components.base.component import Component
from components.context.context import WorkloadContext
from components.identity.secret_access import SyncedSecret
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.jobs import SMALL, Step
from components.kubernetes.pods import CONFIGURATION_ANNOTATION, configuration_hash, environment, mount, resources
from components.operations.backup.dumps import SCRIPTS, Dumps
from components.sharing.tenants.postgresql_names import FOLDER, PORT, database_user
from config.environments import Backup
from config.tenants import MlflowBackup, Tenant

OBJECT = "tenant-databases-backup"
DUMP = "dump"


class TenantBackup(Component):
    """A CronJob that dumps each tenant's database into a bucket. It can neither read nor delete dumps.

    It runs as the superuser, because no other user reads all databases. The dumps contain no users, which
    `tenant-databases` creates again. `pg_restore --no-owner --role=<user>` restores one tenant's database.
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
        data = _files(tenants)
        dumps = Dumps(
            environment=namespace,
            namespace=namespace,
            region=context.region,
            settings=Backup(
                schedule=settings.schedule,
                time_zone=settings.time_zone,
                bucket=settings.bucket,
                prefix=settings.prefix,
                scratch=settings.scratch,
                restore_test=None,
            ),
            bucket=context.buckets[settings.bucket],
            secret_name=superuser.name,
            annotations={CONFIGURATION_ANNOTATION: configuration_hash(data)},
        )
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
        self.cron_job = dumps.cron_job(
            OBJECT,
            labels=labels,
            schedule=settings.schedule,
            steps=[_dump(host, superuser, settings.scratch), dumps.with_bucket("upload", "upload.sh")],
            database_step=DUMP,
            scripts=OBJECT,
            opts=self.child(depends_on=[scripts, identity, superuser.resource]),
        )
        self.finish(role_arn=identity.role_arn)


def _files(tenants: Sequence[Tenant]) -> dict[str, str]:
    """Return the scripts, and the list of databases."""
    return {
        **{file: SCRIPTS[file] for file in ("counts.sql", "dump.sql", "upload.sh")},
        "dump.sh": (FOLDER / "dump.sh").read_text(encoding="utf-8"),
        "tenants": "".join(f"{tenant.name} {database_user(tenant)}\n" for tenant in tenants),
    }


def _dump(host: str, superuser: SyncedSecret, scratch: str) -> Step:
    login = {
        "PGHOST": host,
        "PGPORT": str(PORT),
        "PGUSER": "postgres",
        "PGSSLMODE": "require",
        "DB_SCHEMA": "public",
    }
    return Step(
        DUMP,
        POSTGRES_CLIENT_IMAGE,
        ["/scripts/dump.sh"],
        [*environment(login), *superuser.environment({"PGPASSWORD": "password"})],
        resources(SMALL, scratch=scratch),
        [mount("backup", "/backup"), mount("scripts", "/scripts", read_only=True)],
    )
