"""Replicas of buckets and images in another region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.log_target import LogTarget
from components.base.naming import ROLE_LIMIT, fit
from components.data.access_logs import AccessLogs
from components.data.bucket import Bucket
from components.data.repository import Repository
from components.identity.policy import Statement, policy_document, service_trust
from config.buckets import Bucket as BucketSettings
from config.repositories import Repository as RepositorySettings
from config.settings import Settings


class BucketReplica(Component):
    """A bucket in another region, and the replication rule by which S3 copies new objects to it.

    S3 does not copy existing objects. docs/recovery.md describes how to copy them once.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:BucketReplica"

    def __init__(
        self,
        name: str,
        settings: BucketSettings,
        *,
        source: Bucket,
        bucket_name: str,
        role_name: str,
        account_id: pulumi.Input[str],
        elsewhere: aws.Provider,
        logs: LogTarget | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        copy = Bucket(
            name,
            settings.model_copy(update={"replicate_to": None}),
            bucket_name=bucket_name,
            logs=logs,
            opts=self.child(providers=[elsewhere]),
        )
        role = aws.iam.Role(
            name,
            name=fit(role_name, ROLE_LIMIT),
            description="Replication by S3",
            assume_role_policy=service_trust("s3.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account_id}}),
            opts=self.child(),
        )
        policy = aws.iam.RolePolicy(name, role=role.id, policy=_rights(source.arn, copy.arn), opts=self.child())
        aws.s3.BucketReplicationConfig(
            name,
            bucket=source.bucket_name,
            role=role.arn,
            rules=[
                aws.s3.BucketReplicationConfigRuleArgs(
                    id="everything",
                    status="Enabled",
                    priority=0,
                    filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
                    delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                        status="Enabled"
                    ),
                    destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(bucket=copy.arn),
                )
            ],
            # Replication requires versioning on both buckets.
            opts=self.child(depends_on=[policy, source, copy]),
        )
        self.bucket_name = copy.bucket_name
        self.finish(bucket_name=self.bucket_name)


def _rights(source: pulumi.Output[str], copy: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return the IAM policy of the replication role.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """
    return policy_document(
        Statement("ReadTheRule", ("s3:GetReplicationConfiguration", "s3:ListBucket"), (source,)),
        Statement(
            "ReadVersions",
            ("s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"),
            (source.apply("{0}/*".format),),
        ),
        Statement(
            "WriteCopies",
            ("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"),
            (copy.apply("{0}/*".format),),
        ),
    )


class ImageReplicas(Component):
    """Repositories with the same names and rules in other regions, and the registry's replication configuration.

    A registry has one replication configuration. This one replaces any other of the account and region.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:ImageReplicas"

    def __init__(
        self,
        name: str,
        *,
        repositories: Mapping[str, RepositorySettings],
        names: Mapping[str, str],
        account_id: pulumi.Input[str],
        elsewhere: Mapping[str, aws.Provider],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        by_region: dict[str, list[str]] = {}
        copies: list[pulumi.Resource] = []
        for key, settings in repositories.items():
            region = settings.replicate_to
            if region is not None:
                by_region.setdefault(region, []).append(names[key])
                copies.append(
                    Repository(
                        f"{name}-{key}",
                        settings,
                        repository_name=names[key],
                        opts=self.child(providers=[elsewhere[region]]),
                    )
                )
        aws.ecr.ReplicationConfiguration(
            name,
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(
                rules=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                        destinations=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                                region=region, registry_id=account_id
                            )
                        ],
                        repository_filters=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                                filter=repository, filter_type="PREFIX_MATCH"
                            )
                            for repository in repositories_there
                        ],
                    )
                    for region, repositories_there in by_region.items()
                ]
            ),
            # Otherwise ECR creates the repositories with the first image, without rules.
            opts=self.child(depends_on=copies),
        )
        self.finish()


def replicate(
    settings: Settings,
    *,
    buckets: Mapping[str, Bucket],
    access_logs: AccessLogs,
    account_id: pulumi.Input[str],
    elsewhere: Mapping[str, aws.Provider],
    in_aws: Callable[[], pulumi.ResourceOptions],
) -> dict[str, pulumi.Input[str]]:
    """Create the replicas that the stack file defines. Return outputs with the names of the replicated buckets."""
    found: dict[str, pulumi.Input[str]] = {}
    for key, bucket in settings.buckets.items():
        if bucket.replicate_to is not None:
            replica = BucketReplica(
                f"bucket-{key}-replica",
                bucket,
                source=buckets[key],
                bucket_name=settings.replica_name(key),
                role_name=f"{settings.project.name}-{key}-replication",
                account_id=account_id,
                elsewhere=elsewhere[bucket.replicate_to],
                logs=access_logs.of_buckets(bucket.replicate_to),
                opts=in_aws(),
            )
            found[f"s3_replica_name_{key.replace('-', '_')}"] = replica.bucket_name
    repositories = {key: one for key, one in settings.repositories.items() if one.replicate_to is not None}
    if repositories:
        ImageReplicas(
            "images-replica",
            repositories=repositories,
            names={key: settings.repository_name(key) for key in repositories},
            account_id=account_id,
            elsewhere=elsewhere,
            opts=in_aws(),
        )
    return found
