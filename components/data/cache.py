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
"""Maximum length in characters:
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html"""

COMMANDS = (
    "-@all +@read +@write +@connection +@transaction +@pubsub +eval +evalsha +script -@dangerous +info +select +time"
)
"""Commands that applications can run.

Commands that affect keys of other users, such as FLUSHALL, KEYS or CONFIG, are excluded. Clients send INFO when they
connect. The ACL categories of SELECT and TIME differ between versions:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""

NOBODY = "off ~keys* -@all +get"
"""Access string that disables the user `default`, as AWS documents. Clients without a user name log in as `default`."""


def access_string(prefix: str, channels: Sequence[str] = ()) -> str:
    """Return the access string of a user in the normalized form of Redis, so that a refresh reads the same string."""
    shared = " ".join(f"&{channel}*" for channel in (prefix, *channels))
    return f"on ~{prefix}* resetchannels {shared} {COMMANDS}"


class Cache(Component):
    """A replication group with one shard, subnet and security group, parameters, users and their passwords.

    `users` maps each environment or workload to the prefix of its keys and channels. Its user can access no other keys
    or channels in any database, except the `channels` whose names a program does not prefix. `address` is the primary
    endpoint and follows a failover. Key names are not confidential: SCAN returns all of them.
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
        # Without host and port: the replication group depends on its users, and they depend on their passwords.
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
            # A user group for Redis requires the user `default`, and AWS's own has full access. Valkey needs none.
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
        # The family is part of the name, because both groups exist during an upgrade of the major version.
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
            # A pinned minor version and automatic upgrades by ElastiCache would revert each other. A downgrade replaces
            # the replication group and loses its data.
            auto_minor_version_upgrade=False,
            node_type=settings.node_type,
            # One shard, because cluster mode supports only database 0.
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
