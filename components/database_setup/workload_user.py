"""The database user of a workload."""

from collections.abc import Sequence

import pulumi

from components.context.context import WorkloadContext
from components.database_setup.database_user import DatabaseUser


def workload_user(
    name: str,
    *,
    context: WorkloadContext,
    server: str,
    user: str,
    databases: Sequence[str],
    secret_name: str,
    extensions: Sequence[str] = (),
    opts: pulumi.ResourceOptions,
) -> DatabaseUser:
    """Create the workload's own user on a server of the stack file, in a namespace that the workload cannot access.

    `server` is the key of the server.
    """
    return DatabaseUser(
        name,
        project=context.project,
        region=context.region,
        user=user,
        databases=databases,
        secret_name=secret_name,
        database=context.databases[server],
        namespace=context.database_setup,
        identity_provider=context.cluster.identity_provider,
        database_cidrs=context.settings.network.data_cidrs(),
        extensions=extensions,
        opts=opts,
    )
