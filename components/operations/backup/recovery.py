"""All disaster recovery resources: backups and replicas in another region."""

from collections.abc import Callable, Mapping

import pulumi
import pulumi_aws as aws

from components.data.access_logs import AccessLogs
from components.data.replica import replicate
from components.data.stores import Stores
from components.operations.backup.replicated import BackupReplica
from components.operations.backup.vaults import Backups
from config.settings import Settings


def protect(
    settings: Settings,
    *,
    stores: Stores,
    access_logs: AccessLogs,
    account_id: pulumi.Input[str],
    elsewhere: Mapping[str, aws.Provider],
    in_aws: Callable[[], pulumi.ResourceOptions],
) -> dict[str, pulumi.Input[str]]:
    """Create the replicas and the backups of the stack file, and return their outputs."""
    found = replicate(
        settings,
        buckets=stores.buckets,
        access_logs=access_logs,
        account_id=account_id,
        elsewhere=elsewhere,
        in_aws=in_aws,
    )
    for key, database in settings.databases.items():
        if database.replicate_to is not None:
            there = elsewhere[database.replicate_to]
            BackupReplica(f"database-{key}-replica", source=stores.databases[key], elsewhere=there, opts=in_aws())
    backups = settings.backups
    if backups is None:
        return found
    built = Backups(
        "backups",
        backups,
        project=settings.project.name,
        region=settings.project.region,
        account_id=account_id,
        vault_names=settings.vault_names(),
        tags=settings.backup_tags(),
        second_region=elsewhere[backups.second_region] if backups.second_region else None,
        opts=in_aws(),
    )
    return {**found, **built.outputs}
