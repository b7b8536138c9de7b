"""A user of a MySQL database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pulumi

from catalog.versions import MYSQL_CLIENT_IMAGE
from components.base.component import Component
from components.data.secret import Secret
from components.data.server import DatabaseServer
from components.database_setup.master_login import MASTER_PASSWORD, MASTER_USERNAME, USER_PASSWORD, master_login
from components.identity.workload_identity import IdentityProvider
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, network
from components.kubernetes.pods import environment, labels, resources, selector

MYSQL_USER_ID = 999
"""UID of the user `mysql` in the image."""

DEADLINE_SECONDS = 600
SCRIPT = (Path(__file__).parent / "mysql_user.sh").read_text(encoding="utf-8")


class MysqlUser(Component):
    """A user with all privileges on one database and none elsewhere, set up by an idempotent Job.

    The password is in a generated secret of the stack file, which applications also reference. The Job runs in a
    namespace where only administrators can read secrets. It uses the master user's current password, because RDS
    rotates it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:MysqlUser"

    def __init__(
        self,
        name: str,
        *,
        project: str,
        region: str,
        user: str,
        secret: Secret,
        database: DatabaseServer,
        namespace: Namespace,
        identity_provider: IdentityProvider,
        database_cidrs: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        found = labels(name, "database-user")
        passwords = master_login(
            f"{name}-setup",
            role_name=f"{project}-{name}-setup",
            region=region,
            server=database,
            secret=secret,
            namespace=namespace,
            identity_provider=identity_provider,
            labels=found,
            opts=self.child(depends_on=[namespace]),
        )
        policy = namespace.allow(
            name,
            pods=selector(found),
            egress=[Rule(tuple(map(network, database_cidrs)), (("TCP", database.port),))],
            opts=self.child(depends_on=[namespace]),
        )
        settings: dict[str, pulumi.Input[str]] = {
            "MYSQL_HOST": database.address,
            "MYSQL_PORT": str(database.port),
            "APP_USER": user,
            "APP_DATABASE": database.database_name,
        }
        # The client reads MYSQL_PWD, so the password is on no command line.
        kept = {"MYSQL_MASTER": MASTER_USERNAME, "MYSQL_PWD": MASTER_PASSWORD, "APP_PASSWORD": USER_PASSWORD}
        self.job = job(
            name,
            namespace=namespace.namespace,
            labels=found,
            image=MYSQL_CLIENT_IMAGE,
            command=["sh", "-c", SCRIPT],
            env=[*environment(settings), *passwords.environment(kept)],
            resources=resources(SMALL),
            user=MYSQL_USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            opts=self.child(depends_on=[passwords.resource, policy]),
        )
        self.finish()
