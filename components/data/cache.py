"""An ElastiCache replication group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import fit
from components.data.parts import final_snapshot, security_group
from components.data.secret import Secret
from config.caches import Cache as CacheSettings

USER_ID_LIMIT = 40
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html"""

COMMANDS = (
    "-@all +@read +@write +@connection +@transaction +@pubsub +eval +evalsha +script -@dangerous +info +select +time"
)
"""What applications do. No command that reaches past the keys of its user, such as FLUSHALL, KEYS or CONFIG. INFO is
what clients ask for at first, and versions differ in where SELECT and TIME belong:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""

NOBODY = "off ~keys* -@all +get"
"""The user `default`, by which a client comes in that names none, switched off as AWS documents it."""


def access_string(prefix: str, channels: Sequence[str] = ()) -> str:
    """What a user may do, as Redis itself would write it, so that what is read back is the same."""
    shared = " ".join(f"&{channel}*" for channel in (prefix, *channels))
    return f"on ~{prefix}* resetchannels {shared} {COMMANDS}"


class Cache(Component):
    """Replication group in one shard with subnet and security group, parameters, users and their passwords.

    `users` maps each environment or workload to what its keys and channels begin with; its user reaches no others,
    whichever database it selects, but for `channels` that a program calls by a name of its own. `address` follows the
    primary. Names of keys are no secret: SCAN tells all of them.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Cache"

    def __init__(
        self,
        name: str,
        settings: CacheSettings,
        *,
        identifier: str,
        users: Mapping[str, str],
        channels: Mapping[str, Sequence[str]] | None = None,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        client_security_group_id: pulumi.Input[str],
        project: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.settings = settings
        self.identifier = identifier
        self.port = settings.port()
        self.security_group = security_group(
            self,
            group_name=f"{identifier}-sg",
            description=f"Cache {identifier}",
            port=self.port,
            vpc_id=vpc_id,
            client_security_group_id=client_security_group_id,
        )
        # Without host and port: the group waits for its users, and they for their passwords.
        self.secrets: dict[str, Secret] = {
            environment: Secret(
                f"{name}-{environment}",
                secret_name=f"{project}/{environment}/cache",
                description=f"User of {environment} in cache {identifier}",
                generated=("password",),
                fixed={"username": self._user_id(environment)},
                opts=self.child(),
            )
            for environment in users
        }
        self._channels = channels or {}
        self.group = self._group(subnet_ids, self._users(users))
        self.address: pulumi.Output[str] = self.group.primary_endpoint_address
        self.reader_address: pulumi.Output[str] = self.group.reader_endpoint_address
        self.finish(address=self.address, reader_address=self.reader_address)

    def _user_id(self, environment: str) -> str:
        return fit(f"{self.identifier}-{environment}", USER_ID_LIMIT)

    def _users(self, users: Mapping[str, str]) -> aws.elasticache.UserGroup:
        engine = self.settings.engine
        made = [
            aws.elasticache.User(
                f"{self.name}-{environment}",
                user_id=self._user_id(environment),
                user_name=self._user_id(environment),
                engine=engine,
                access_string=access_string(prefix, self._channels.get(environment, ())),
                passwords=[self.secrets[environment].value("password")],
                tags=named(self._user_id(environment)),
                opts=self.child(),
            )
            for environment, prefix in users.items()
        ]
        if engine == "redis":
            # A group of Redis needs a user of this name and would take AWS's, which may do all; Valkey needs none.
            unnamed = self._user_id("default-user")
            made.append(
                aws.elasticache.User(
                    f"{self.name}-default-user",
                    user_id=unnamed,
                    user_name="default",
                    engine=engine,
                    access_string=NOBODY,
                    no_password_required=True,
                    tags=named(unnamed),
                    opts=self.child(),
                )
            )
        group_id = self._user_id("users")
        return aws.elasticache.UserGroup(
            self.name,
            user_group_id=group_id,
            engine=engine,
            user_ids=[user.user_id for user in made],
            tags=named(group_id),
            opts=self.child(),
        )

    def _group(
        self, subnet_ids: Sequence[pulumi.Input[str]], users: aws.elasticache.UserGroup
    ) -> aws.elasticache.ReplicationGroup:
        settings, identifier = self.settings, self.identifier
        subnets = aws.elasticache.SubnetGroup(
            self.name,
            name=f"{identifier}-subnets",
            description=f"Subnets of {identifier}",
            subnet_ids=list(subnet_ids),
            tags=named(f"{identifier}-subnets"),
            opts=self.child(),
        )
        # The family is part of the name: while a major version is changed, both groups are there.
        parameter_group = f"{identifier}-{settings.family().replace('.', '-')}"
        parameters = aws.elasticache.ParameterGroup(
            self.name,
            name=parameter_group,
            family=settings.family(),
            description=f"Parameters of {identifier}",
            parameters=[
                aws.elasticache.ParameterGroupParameterArgs(name=key, value=value)
                for key, value in sorted(settings.parameters.items())
            ],
            tags=named(parameter_group),
            opts=self.child(),
        )
        several, kept = settings.nodes > 1, settings.snapshots.retention_days > 0
        return aws.elasticache.ReplicationGroup(
            self.name,
            replication_group_id=identifier,
            description=f"Cache {identifier}",
            engine=settings.engine,
            engine_version=settings.engine_version,
            # A pinned minor version and ElastiCache's own upgrades would undo each other, and a step back is a new
            # group without data.
            auto_minor_version_upgrade=False,
            node_type=settings.node_type,
            # One shard: with cluster mode there would be database 0 alone.
            num_cache_clusters=settings.nodes,
            automatic_failover_enabled=several,
            multi_az_enabled=several,
            port=self.port,
            parameter_group_name=parameters.name,
            subnet_group_name=subnets.name,
            security_group_ids=[self.security_group.id],
            user_group_ids=[users.user_group_id],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=settings.kms_key_arn,
            snapshot_retention_limit=settings.snapshots.retention_days,
            snapshot_window=settings.snapshots.window if kept else None,
            final_snapshot_identifier=final_snapshot(identifier, self.security_group) if kept else None,
            maintenance_window=settings.maintenance_window,
            apply_immediately=False,
            tags=named(identifier),
            opts=self.child(),
        )
