"""Schemas of a database that environments share, each with its own user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import POSTGRES_CLIENT_IMAGE
from components.base.component import Component
from components.data.secret import Secret, versions
from components.data.server import DatabaseServer
from components.database_setup.database_user import DEADLINE_SECONDS, POSTGRES_USER_ID
from components.database_setup.master_login import first_database
from components.identity.secret_access import SecretAccess, SyncedSecret
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

FILES = {
    name: (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("password.sh", "password.sql", "schemas.sh", "schemas.sql")
}
OWNERS = "owners"


@dataclass(frozen=True)
class SchemaOwner:
    """The user and schema of an environment. Names contain lowercase letters, digits and underscores."""

    environment: str
    user: str
    schema: str
    restore_database: str | None = None
    """A scratch database that the user owns, for tests of restoring dumps."""

    def line(self) -> str:
        """Return the line that the Job reads."""
        return " ".join([self.environment, self.user, self.schema, self.restore_database or ""]).rstrip()


class Schemas(Component):
    """Users, passwords, schemas and privileges of all environments of one server, set up by an idempotent Job.

    Like the Job of `DatabaseUser`, it runs in a namespace where only administrators can read secrets, with the master
    user's current password. Each user owns its schema and cannot access other schemas. Only the master user can create
    objects in `public`. Removing an environment from the stack file deletes only the secret with its password. The
    user, schema, scratch database and data remain until an administrator drops them.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Schemas"

    def __init__(
        self,
        name: str,
        *,
        project: str,
        region: str,
        server: DatabaseServer,
        owners: Sequence[SchemaOwner],
        namespace: Namespace,
        identity_provider: IdentityProvider,
        database_cidrs: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._server = server
        self._namespace = namespace
        self._labels = labels(name, "schemas")
        self.secrets = {owner.environment: self._secret(project, owner) for owner in owners}
        passwords = self._passwords(project, region, identity_provider)
        policy = namespace.allow(
            name,
            pods=selector(self._labels),
            egress=[Rule(tuple(map(network, database_cidrs)), (("TCP", server.port),))],
            opts=self.child(depends_on=[namespace]),
        )
        self.job = self._job(owners, passwords, policy)
        self.finish(secret_arns={key: secret.arn for key, secret in self.secrets.items()})

    def _secret(self, project: str, owner: SchemaOwner) -> Secret:
        server = self._server
        return Secret(
            f"{self.name}-{owner.environment}",
            secret_name=f"{project}/{owner.environment}/database",
            description=f"Database user {owner.user} of {server.identifier}",
            generated=("password",),
            fixed={
                "username": owner.user,
                "host": server.address,
                "port": server.port,
                "dbname": server.database_name,
                "schema": owner.schema,
            },
            opts=self.child(),
        )

    def _passwords(self, project: str, region: str, identity_provider: IdentityProvider) -> SyncedSecret:
        """Create a Secret with the master user's login, and the passwords of environments under their names."""
        master, secrets = self._server.master_secret_arn, self.secrets
        access = SecretAccess(
            f"{self.name}-setup",
            role_name=f"{project}-{self.name}-setup",
            namespace=self._namespace.namespace,
            region=region,
            provider=identity_provider,
            secret_arns=[master, *(secret.arn for secret in secrets.values())],
            labels=self._labels,
            opts=self.child(depends_on=[self._namespace]),
        )
        return access.external_secret(
            f"{self.name}-setup",
            {
                # These keys cannot conflict with names of environments, which have no dot.
                "master.username": (master, "username"),
                "master.password": (master, "password"),
                **{key: (secret.arn, "password") for key, secret in secrets.items()},
            },
            version=versions(secrets.values()),
        )

    def _job(
        self, owners: Sequence[SchemaOwner], passwords: SyncedSecret, policy: pulumi.Resource
    ) -> kubernetes.batch.v1.Job:
        name, namespace = self.name, self._namespace.namespace
        data = {**FILES, OWNERS: "".join(f"{owner.line()}\n" for owner in owners)}
        files = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=self._labels),
            data=data,
            opts=self.child(depends_on=[self._namespace]),
        )
        master = {"PGUSER": "master.username", "PGPASSWORD": "master.password"}
        return job(
            name,
            namespace=namespace,
            labels=self._labels,
            image=POSTGRES_CLIENT_IMAGE,
            command=["sh", "/schemas/schemas.sh"],
            env=[*environment(first_database(self._server)), *passwords.environment(master)],
            resources=resources(SMALL),
            user=POSTGRES_USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[
                volume("schemas", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=name)),
                volume("passwords", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=passwords.name)),
            ],
            mounts=[mount("schemas", "/schemas", read_only=True), mount("passwords", "/passwords", read_only=True)],
            annotations={CONFIGURATION_ANNOTATION: configuration_hash(data)},
            opts=self.child(depends_on=[passwords.resource, files, policy]),
        )
