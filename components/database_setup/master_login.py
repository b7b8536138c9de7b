"""Credentials with which a Job logs in as the master user of a database server to set up another user."""

from collections.abc import Mapping

import pulumi

from components.data.secret import Secret
from components.data.server import DatabaseServer
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.identity.workload_identity import IdentityProvider
from components.kubernetes.namespace import Namespace

MASTER_USERNAME, MASTER_PASSWORD, USER_PASSWORD = "master-username", "master-password", "password"
"""The keys of the Secret that `master_login` creates."""


def master_login(
    name: str,
    *,
    role_name: str,
    region: str,
    server: DatabaseServer,
    secret: Secret,
    namespace: Namespace,
    identity_provider: IdentityProvider,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> SyncedSecret:
    """Create a Secret with the master user's current login, and the new user's password from `secret`."""
    access = SecretAccess(
        name,
        role_name=role_name,
        namespace=namespace.namespace,
        region=region,
        provider=identity_provider,
        secret_arns=[server.master_secret_arn, secret.arn],
        labels=labels,
        opts=opts,
    )
    return access.external_secret(
        name,
        {
            MASTER_USERNAME: (server.master_secret_arn, "username"),
            MASTER_PASSWORD: (server.master_secret_arn, "password"),
            USER_PASSWORD: (secret.arn, "password"),
        },
        version=secret.version_id(),
    )


def first_database(server: DatabaseServer) -> dict[str, pulumi.Input[str]]:
    """Return environment variables by which PostgreSQL clients connect to the initial database over TLS."""
    return {
        "PGHOST": server.address,
        "PGPORT": str(server.port),
        "PGDATABASE": server.database_name,
        "PGSSLMODE": "require",
    }
