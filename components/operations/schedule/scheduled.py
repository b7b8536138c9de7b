"""The scheduled resources of a stack file."""

from collections.abc import Callable, Mapping

import pulumi

from components.data.stores import Stores
from components.instances.server import Server
from components.operations.schedule.scheduled_stop import Sleep
from config.settings import Settings


def stop_on_schedule(
    settings: Settings,
    *,
    stores: Stores,
    servers: Mapping[str, Server],
    account_id: pulumi.Input[str],
    in_aws: Callable[[], pulumi.ResourceOptions],
) -> None:
    """Create the schedules of all resources that have one; without any, nothing is created."""
    databases = {
        key: (
            settings.database_identifier(key),
            stores.databases[key].instance.arn,
            settings.schedules[database.schedule],
        )
        for key, database in settings.databases.items()
        if database.schedule is not None
    }
    groups = {
        key: (group.scaling, settings.schedules[group.schedule])
        for key, group in settings.node_groups.items()
        if group.schedule is not None
    }
    instances = {
        key: (list(servers[key].instances.values()), settings.schedules[server.schedule])
        for key, server in settings.instances.items()
        if server.schedule is not None
    }
    if databases or groups or instances:
        Sleep(
            "sleep",
            project=settings.project.name,
            region=settings.project.region,
            account_id=account_id,
            cluster_name=settings.cluster_name(),
            databases=databases,
            node_groups=groups,
            servers=instances,
            function=settings.scheduler,
            called=settings.project.called if settings.project.naming else None,
            opts=in_aws(),
        )
