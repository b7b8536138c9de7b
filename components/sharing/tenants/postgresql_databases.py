"""A user and a database for each tenant."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import POSTGRES_CLIENT_IMAGE
from components.base.component import Component
from components.data.secret import Secret, versions
from components.database_setup.database_user import PASSWORD, PASSWORD_SQL, POSTGRES_USER_ID, SQL
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.kubernetes.jobs import SMALL, UNMESHED, job
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    environment,
    mount,
    resources,
    volume,
)
from components.sharing.tenants.postgresql_names import FOLDER, PORT, database_user
from config.tenants import Tenant

OBJECT = "tenant-databases"
TENANTS = "tenants"
CONNECTIONS = 12
"""Maximum connections of one tenant: the pools of MLflow's two stores, five each, and interactive sessions."""

DEADLINE_SECONDS = 1800
FILES = {
    "password.sh": PASSWORD,
    "password.sql": PASSWORD_SQL,
    "database_user.sql": SQL,
    **{name: (FOLDER / name).read_text(encoding="utf-8") for name in ("databases.sh", "server.sql", "tenant.sql")},
}


class TenantDatabases(Component):
    """The Job `tenant-databases`, which is idempotent.

    A user owns its database only, and its connection limit leaves connections for the others. The Job runs again if a
    tenant or a password is new. The databases of removed tenants remain.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantDatabases"

    def __init__(
        self,
        name: str,
        *,
        namespace: str,
        host: str,
        tenants: Sequence[Tenant],
        secrets: Mapping[str, Secret],
        access: SecretAccess,
        superuser: SyncedSecret,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        passwords = access.external_secret(
            OBJECT,
            {tenant: (secret.arn, "password") for tenant, secret in secrets.items()},
            version=versions(secrets.values()),
        )
        data = {**FILES, TENANTS: "".join(f"{tenant.name} {database_user(tenant)}\n" for tenant in tenants)}
        files = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=OBJECT, namespace=namespace, labels=dict(labels)),
            data=data,
            opts=self.child(),
        )
        login = {
            "PGHOST": host,
            "PGPORT": str(PORT),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
            "PGSSLMODE": "require",
            "CONNECTIONS": str(CONNECTIONS),
        }
        self.job = job(
            OBJECT,
            namespace=namespace,
            labels={**labels, **UNMESHED},
            image=POSTGRES_CLIENT_IMAGE,
            command=["sh", "/databases/databases.sh"],
            env=[*environment(login), *superuser.environment({"PGPASSWORD": "password"})],
            resources=resources(SMALL),
            user=POSTGRES_USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[
                volume("databases", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=OBJECT)),
                volume("passwords", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=passwords.name)),
            ],
            mounts=[mount("databases", "/databases", read_only=True), mount("passwords", "/passwords", read_only=True)],
            annotations={CONFIGURATION_ANNOTATION: configuration_hash(data)},
            opts=self.child(depends_on=[passwords.resource, superuser.resource, files]),
        )
        self.finish()
