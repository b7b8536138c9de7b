"""A user of a PostgreSQL server with its own databases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import POSTGRES_CLIENT_IMAGE
from components.base.component import Component
from components.data.secret import Secret
from components.data.server import DatabaseServer
from components.database_setup.master_login import (
    MASTER_PASSWORD,
    MASTER_USERNAME,
    USER_PASSWORD,
    first_database,
    master_login,
)
from components.identity.secret_access import SyncedSecret
from components.identity.workload_identity import IdentityProvider
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, network
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    environment,
    labels,
    mount,
    resources,
    selector,
    volume,
)

POSTGRES_USER_ID = 70
"""UID of the user `postgres` in the Alpine image."""

DEADLINE_SECONDS = 600
SQL, EXTENSION_SQL, PASSWORD_SQL, PASSWORD = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("database_user.sql", "extension.sql", "password.sql", "password.sh")
)
SCRIPT = f"""\
set -eu
{PASSWORD}
for APP_DATABASE in ${{APP_DATABASES}}; do
  export APP_DATABASE
  psql --no-psqlrc --quiet --file /sql/user.sql
done
set_password /sql/password.sql "${{APP_PASSWORD}}"
"""
EXTENSIONS = """\
for APP_EXTENSION in ${APP_EXTENSIONS}; do
  export APP_EXTENSION
  for database in ${APP_DATABASES}; do
    psql --no-psqlrc --quiet --dbname "${database}" --file /sql/extension.sql
  done
done
"""


class DatabaseUser(Component):
    """A user, its password and its databases, set up by an idempotent Job.

    The Job runs in a namespace where only administrators can read secrets. It uses the master user's current password,
    because RDS rotates it. The workload's user owns only its databases. The Job creates `extensions` in each of these
    databases, because only the master user has permission.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:DatabaseUser"

    def __init__(
        self,
        name: str,
        *,
        project: str,
        region: str,
        user: str,
        databases: Sequence[str],
        secret_name: str,
        database: DatabaseServer,
        namespace: Namespace,
        identity_provider: IdentityProvider,
        database_cidrs: Sequence[str],
        extensions: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.user = user
        self._extensions = extensions
        self.database = database
        self.secret = Secret(
            f"{name}-database",
            secret_name=secret_name,
            description=f"Database user {user} of {database.identifier}",
            generated=("password",),
            fixed={"username": user, "host": database.address, "port": database.port, "dbname": databases[0]},
            opts=self.child(),
        )
        self._labels = labels(name, "database-user")
        self._namespace = namespace
        passwords = master_login(
            f"{name}-database-setup",
            role_name=f"{project}-{name}-database-setup",
            region=region,
            server=database,
            secret=self.secret,
            namespace=namespace,
            identity_provider=identity_provider,
            labels=self._labels,
            opts=self.child(depends_on=[namespace]),
        )
        policy = namespace.allow(
            f"{name}-database-user",
            pods=selector(self._labels),
            egress=[Rule(tuple(map(network, database_cidrs)), (("TCP", database.port),))],
            opts=self.child(depends_on=[namespace]),
        )
        self.job = self._job(databases, passwords, [policy])
        self.finish(secret_arn=self.secret.arn)

    def _job(
        self, databases: Sequence[str], passwords: SyncedSecret, depends_on: Sequence[pulumi.Resource]
    ) -> kubernetes.batch.v1.Job:
        name, namespace = f"{self.name}-database-user", self._namespace.namespace
        data = {"user.sql": SQL, "password.sql": PASSWORD_SQL}
        if self._extensions:
            data["extension.sql"] = EXTENSION_SQL
        script = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=self._labels),
            data=data,
            opts=self.child(depends_on=[self._namespace]),
        )
        settings: dict[str, pulumi.Input[str]] = {
            **first_database(self.database),
            "APP_USER": self.user,
            "APP_DATABASES": " ".join(databases),
            **({"APP_EXTENSIONS": " ".join(self._extensions)} if self._extensions else {}),
        }
        secrets = {"PGUSER": MASTER_USERNAME, "PGPASSWORD": MASTER_PASSWORD, "APP_PASSWORD": USER_PASSWORD}
        return job(
            name,
            namespace=namespace,
            labels=self._labels,
            image=POSTGRES_CLIENT_IMAGE,
            command=["sh", "-c", SCRIPT + (EXTENSIONS if self._extensions else "")],
            env=[*environment(settings), *passwords.environment(secrets)],
            resources=resources(SMALL),
            user=POSTGRES_USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[volume("sql", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=name))],
            mounts=[mount("sql", "/sql", read_only=True)],
            annotations={CONFIGURATION_ANNOTATION: configuration_hash(data)},
            opts=self.child(depends_on=[passwords.resource, script, *depends_on]),
        )

    def url(self, database: str) -> pulumi.Output[str]:
        """Return a SQLAlchemy URL without a password. The environment variable PGPASSWORD contains the password."""
        return pulumi.Output.format(
            "postgresql+psycopg2://{0}@{1}:{2}/{3}", self.user, self.database.address, self.database.port, database
        )
