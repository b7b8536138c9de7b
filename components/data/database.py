"""An RDS instance."""

import re
from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import UNREPORTED, Component, named
from config.databases import Database as DatabaseSettings


class Database(Component):
    """Instance with subnet group, security group, parameter group and log groups.

    RDS makes, keeps and rotates the master password; only jobs that set up users read it.
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
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.settings = settings
        self.identifier = identifier
        self.security_group = self._security_group(vpc_id, client_security_group_id)
        subnets = aws.rds.SubnetGroup(
            name,
            name=settings.subnet_group or f"{identifier}-subnets",
            subnet_ids=list(subnet_ids),
            tags=named(settings.subnet_group or f"{identifier}-subnets"),
            opts=self.child(),
        )
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
        # RDS would make these groups itself, without retention.
        logs = [
            aws.cloudwatch.LogGroup(
                f"{name}-{log}",
                name=f"/aws/rds/instance/{identifier}/{log}",
                retention_in_days=settings.log_retention_days,
                opts=self.child(),
            )
            for log in settings.exported_logs()
        ]
        self.instance = self._instance(subnets, parameters, logs)
        self.address: pulumi.Output[str] = self.instance.address
        self.endpoint: pulumi.Output[str] = self.instance.endpoint
        self.port = settings.port()
        self.master_secret_arn: pulumi.Output[str] = self.instance.master_user_secrets.apply(
            lambda secrets: (secrets[0].secret_arn if secrets else None) or UNREPORTED
        )
        self.finish(address=self.address, endpoint=self.endpoint, master_secret_arn=self.master_secret_arn)

    def _security_group(
        self, vpc_id: pulumi.Input[str], client_security_group_id: pulumi.Input[str]
    ) -> aws.ec2.SecurityGroup:
        settings = self.settings
        group_name = settings.security_group or f"{self.identifier}-sg"
        group = aws.ec2.SecurityGroup(
            self.name,
            vpc_id=vpc_id,
            name_prefix=f"{group_name.removesuffix('-sg')}-",
            description=f"Database {self.identifier}",
            tags=named(group_name),
            opts=self.child(),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self.name}-from-nodes",
            security_group_id=group.id,
            description="Nodes and their pods",
            ip_protocol="tcp",
            from_port=settings.port(),
            to_port=settings.port(),
            referenced_security_group_id=client_security_group_id,
            opts=self.child(),
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
        self, subnets: aws.rds.SubnetGroup, parameters: aws.rds.ParameterGroup, logs: Sequence[pulumi.Resource]
    ) -> aws.rds.Instance:
        settings = self.settings
        return aws.rds.Instance(
            self.name,
            identifier=self.identifier,
            engine=settings.engine,
            engine_version=settings.engine_version,
            # A pinned minor version and RDS's own upgrades would undo each other.
            auto_minor_version_upgrade=settings.engine_version == settings.major_version(),
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            instance_class=settings.instance_class,
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
            deletion_protection=settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=self._final_snapshot() if settings.final_snapshot else None,
            apply_immediately=False,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            tags=named(self.identifier),
            opts=self.child(depends_on=logs),
        )

    def _final_snapshot(self) -> pulumi.Output[str]:
        """A name of its own for each life of the component, or a second destroy would find the name taken.

        The security group lives as long as the component; eight characters of its id tell one life from the next.
        """
        return self.security_group.id.apply(
            lambda group_id: f"{self.identifier}-final-snapshot-{re.sub('[^a-z0-9]', '', group_id.lower())[-8:]}"
        )
