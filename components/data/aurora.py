"""An Aurora PostgreSQL cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.data.parts import (
    final_snapshot,
    log_groups,
    master_secret_arn,
    monitoring_role,
    security_group,
    subnet_group,
)
from config.aurora import ENGINE, INSTANCE_CLASS
from config.aurora import AuroraCluster as AuroraSettings
from config.databases import INSIGHTS_DAYS

STORAGE_TYPES = {"standard": "", "ioOptimized": "aurora-iopt1"}
"""Storage types in RDS: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"""


class AuroraCluster(Component):
    """A cluster with a writer and readers of class db.serverless, security group, parameters and log groups.

    `address` is the writer endpoint and `reader_address` the reader endpoint. Both follow a failover. Without a reader
    the reader endpoint resolves to the writer. RDS creates, stores and rotates the master password. Only jobs that set
    up users read it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:AuroraCluster"

    def __init__(
        self,
        name: str,
        settings: AuroraSettings,
        *,
        identifier: str,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        client_security_group_id: pulumi.Input[str],
        tags: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.settings = settings
        self.identifier = identifier
        self._tags = named(identifier, {**settings.tags, **(tags or {})})
        self.database_name = settings.database_name
        self.port = settings.port()
        self.security_group = security_group(
            self,
            group_name=settings.security_group or f"{identifier}-sg",
            description=f"Aurora cluster {identifier}",
            port=self.port,
            vpc_id=vpc_id,
            client_security_group_id=client_security_group_id,
        )
        subnets = subnet_group(self, group_name=settings.subnet_group or f"{identifier}-subnets", subnet_ids=subnet_ids)
        logs = log_groups(
            self,
            prefix=f"/aws/rds/cluster/{identifier}",
            logs=settings.log_exports,
            retention_days=settings.log_retention_days,
        )
        self.cluster = self._cluster(subnets, self._parameters(), logs)
        self.instances = self._instances(subnets)
        self.address: pulumi.Output[str] = self.cluster.endpoint
        self.reader_address: pulumi.Output[str] = self.cluster.reader_endpoint
        self.master_secret_arn = master_secret_arn(self.cluster.master_user_secrets)
        self.finish(address=self.address, reader_address=self.reader_address, master_secret_arn=self.master_secret_arn)

    def _parameters(self) -> aws.rds.ClusterParameterGroup:
        settings = self.settings
        family = f"{ENGINE}{settings.major_version()}"
        group_name = settings.parameter_group or f"{self.identifier}-postgresql{settings.major_version()}"
        return aws.rds.ClusterParameterGroup(
            self.name,
            name=group_name,
            family=family,
            description=f"Parameters of {self.identifier}",
            parameters=[
                aws.rds.ClusterParameterGroupParameterArgs(name=key, value=value, apply_method="pending-reboot")
                for key, value in sorted(settings.all_parameters().items())
            ],
            tags=named(group_name),
            opts=self.child(),
        )

    def _cluster(
        self,
        subnets: aws.rds.SubnetGroup,
        parameters: aws.rds.ClusterParameterGroup,
        logs: Sequence[pulumi.Resource],
    ) -> aws.rds.Cluster:
        settings, capacity = self.settings, self.settings.capacity
        snapshot = settings.instance_prefix or self.identifier
        return aws.rds.Cluster(
            self.name,
            cluster_identifier=self.identifier,
            engine=ENGINE,
            # Serverless v2 is an instance class. Engine mode `serverless` is Serverless v1, which AWS has retired.
            engine_mode="provisioned",
            engine_version=settings.engine_version,
            allow_major_version_upgrade=settings.allow_major_version_upgrade or None,
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            serverlessv2_scaling_configuration=aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=capacity.min,
                max_capacity=capacity.max,
                seconds_until_auto_pause=capacity.pause_after_seconds if capacity.min == 0 else None,
            ),
            database_name=settings.database_name,
            master_username=settings.master_username,
            manage_master_user_password=True,
            port=self.port,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group.id],
            db_cluster_parameter_group_name=parameters.name,
            storage_type=STORAGE_TYPES[settings.storage],
            storage_encrypted=True,
            kms_key_id=settings.kms_key_arn,
            backup_retention_period=settings.backups.retention_days,
            preferred_backup_window=settings.backups.window,
            preferred_maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not settings.deletion_protection,
            enabled_cloudwatch_logs_exports=list(settings.log_exports),
            # The mode without charge. It allows Performance Insights with the free retention of seven days.
            database_insights_mode="standard",
            deletion_protection=settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=(
                final_snapshot(snapshot, self.security_group) if settings.final_snapshot else None
            ),
            apply_immediately=False,
            tags=self._tags,
            opts=self.child(depends_on=logs),
        )

    def _instances(self, subnets: aws.rds.SubnetGroup) -> list[aws.rds.ClusterInstance]:
        """Create the instances. The first instance becomes the writer, so the readers depend on it.

        Instances of promotion tiers 0 and 1 are never smaller than the writer, so the first reader can replace it
        immediately: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
        """
        settings = self.settings
        interval = settings.monitoring_interval_seconds
        monitoring = monitoring_role(self, identifier=self.identifier) if interval else None
        made: list[aws.rds.ClusterInstance] = []
        for tier, instance_name in enumerate(settings.instance_names(self.identifier)):
            role = "reader" if tier else "writer"
            made.append(
                aws.rds.ClusterInstance(
                    f"{self.name}-{role}" if tier < 2 else f"{self.name}-{role}-{tier}",
                    identifier=instance_name,
                    cluster_identifier=self.cluster.id,
                    engine=aws.rds.EngineType.AURORA_POSTGRESQL,
                    instance_class=INSTANCE_CLASS,
                    promotion_tier=tier,
                    db_subnet_group_name=subnets.name,
                    publicly_accessible=False,
                    # A pinned minor version and automatic upgrades by RDS would revert each other.
                    auto_minor_version_upgrade=settings.engine_version == settings.major_version(),
                    performance_insights_enabled=settings.performance_insights,
                    performance_insights_retention_period=INSIGHTS_DAYS if settings.performance_insights else None,
                    performance_insights_kms_key_id=settings.kms_key_arn if settings.performance_insights else None,
                    monitoring_interval=interval or None,
                    monitoring_role_arn=monitoring[0].arn if monitoring else None,
                    ca_cert_identifier="rds-ca-rsa2048-g1",
                    apply_immediately=False,
                    tags=named(instance_name, {"Role": role}),
                    opts=self.child(depends_on=[*made[:1], *(monitoring[1:] if monitoring else ())]),
                )
            )
        return made
