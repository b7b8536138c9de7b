"""The users of MySQL databases that a stack file defines."""

from collections.abc import Callable

import pulumi

from components.context.context import WorkloadContext
from components.database_setup.mysql_user import MysqlUser


def mysql_users(
    context: WorkloadContext, *, on_cluster: Callable[[], pulumi.ResourceOptions]
) -> dict[str, list[pulumi.Resource]]:
    """Create the users. Return the Jobs that set them up, by database key."""
    made: dict[str, list[pulumi.Resource]] = {}
    for key, database in context.settings.databases.items():
        for user, login in database.users.items():
            built = MysqlUser(
                f"{key}-{user.replace('_', '-')}",
                project=context.project,
                region=context.region,
                user=user,
                secret=context.secrets[login.secret],
                database=context.databases[key],
                namespace=context.database_setup,
                identity_provider=context.cluster.identity_provider,
                database_cidrs=context.settings.network.data_cidrs(),
                opts=on_cluster(),
            )
            made.setdefault(key, []).append(built.job)
    return made
