"""An RDS instance."""

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
from config.databases import INSIGHTS_DAYS
from config.databases import Database as DatabaseSettings


class Database(Component):
    """An RDS instance with subnet group, security group, parameter group and log groups.

    RDS creates, stores and rotates the master password. Only jobs that set up users read it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Database"

    def __init__(
        self,
        name: str,
        settings: DatabaseSettings,
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
        self._tags = named(identifier, tags)
        self.identifier = identifier
        self.database_name = settings.database_name
        self.security_group = self._security_group(vpc_id, client_security_group_id)
        subnets = subnet_group(self, group_name=settings.subnet_group or f"{identifier}-subnets", subnet_ids=subnet_ids)
        parameters = aws.rds.ParameterGroup(
            name,
            name_prefix=f"{identifier}-",
            family=f"{settings.engine}{settings.major_version()}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=key, value=value, apply_method="pending-reboot")
                for key, value in sorted(settings.all_parameters().items())
            ],
            tags=named(identifier),
            opts=self.child(),
        )
        logs = log_groups(
            self,
            prefix=f"/aws/rds/instance/{identifier}",
            logs=settings.exported_logs(),
            retention_days=settings.log_retention_days,
        )
        watched = settings.insight.interval_seconds > 0
        monitoring = monitoring_role(self, identifier=identifier) if watched else None
        self.instance = self._instance(subnets, parameters, logs, monitoring)
        self.address: pulumi.Output[str] = self.instance.address
        self.endpoint: pulumi.Output[str] = self.instance.endpoint
        self.port = settings.port()
        self.master_secret_arn = master_secret_arn(self.instance.master_user_secrets)
        self.finish(address=self.address, endpoint=self.endpoint, master_secret_arn=self.master_secret_arn)

    def _security_group(
        self, vpc_id: pulumi.Input[str], client_security_group_id: pulumi.Input[str]
    ) -> aws.ec2.SecurityGroup:
        settings = self.settings
        group = security_group(
            self,
            group_name=settings.security_group or f"{self.identifier}-sg",
            description=f"Database {self.identifier}",
            port=settings.port(),
            vpc_id=vpc_id,
            client_security_group_id=client_security_group_id,
        )
        for cidr in dict.fromkeys(map(str, settings.egress_cidrs)):
            aws.vpc.SecurityGroupEgressRule(
                f"{self.name}-to-{cidr.replace('/', '-')}",
                security_group_id=group.id,
                description="What the database calls",
                ip_protocol="-1",
                cidr_ipv4=cidr,
                opts=self.child(),
            )
        return group

    def _instance(
        self,
        subnets: aws.rds.SubnetGroup,
        parameters: aws.rds.ParameterGroup,
        logs: Sequence[pulumi.Resource],
        monitoring: tuple[aws.iam.Role, aws.iam.RolePolicyAttachment] | None,
    ) -> aws.rds.Instance:
        settings = self.settings
        insights = settings.insight.performance_insights or None
        return aws.rds.Instance(
            self.name,
            identifier=self.identifier,
            engine=settings.engine,
            engine_version=settings.engine_version,
            allow_major_version_upgrade=settings.allow_major_version_upgrade or None,
            # A pinned minor version and automatic upgrades by RDS would revert each other.
            auto_minor_version_upgrade=settings.engine_version == settings.major_version(),
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            instance_class=settings.instance_class,
            snapshot_identifier=settings.snapshot,
            db_name=settings.database_name,
            username=settings.master_username,
            manage_master_user_password=True,
            port=settings.port(),
            multi_az=settings.multi_az,
            publicly_accessible=False,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group.id],
            parameter_group_name=parameters.name,
            allocated_storage=settings.storage.size_gib,
            max_allocated_storage=settings.storage.max_gib,
            storage_type=settings.storage.type,
            iops=settings.storage.iops,
            storage_encrypted=True,
            kms_key_id=settings.storage.kms_key_arn,
            backup_retention_period=settings.backups.retention_days,
            backup_window=settings.backups.window,
            maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not settings.deletion_protection,
            enabled_cloudwatch_logs_exports=list(settings.exported_logs()),
            performance_insights_enabled=insights,
            performance_insights_retention_period=INSIGHTS_DAYS if insights else None,
            performance_insights_kms_key_id=settings.storage.kms_key_arn if insights else None,
            monitoring_interval=settings.insight.interval_seconds or None,
            monitoring_role_arn=monitoring[0].arn if monitoring else None,
            deletion_protection=settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=final_snapshot(self.identifier, self.security_group)
            if settings.final_snapshot
            else None,
            apply_immediately=False,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            tags=self._tags,
            opts=self.child(depends_on=[*logs, *(monitoring[1:] if monitoring else ())]),
        )
