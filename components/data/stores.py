"""Creates all data stores of a stack: databases, caches, file systems, buckets, repositories and secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pulumi

from components.data.access_logs import AccessLogs
from components.data.aurora import AuroraCluster
from components.data.bucket import Bucket
from components.data.cache import Cache
from components.data.cache_service import CacheService
from components.data.certificates import Authority
from components.data.database import Database
from components.data.file_system import FileSystem
from components.data.repository import Repository
from components.data.secret import Secret
from components.network.vpc import Network
from config.settings import Settings

Options = Callable[[], pulumi.ResourceOptions]


@dataclass(frozen=True)
class Stores:
    """The data stores by their keys in the stack file."""

    databases: Mapping[str, Database]
    aurora: Mapping[str, AuroraCluster]
    caches: Mapping[str, Cache]
    file_systems: Mapping[str, FileSystem]
    buckets: Mapping[str, Bucket]
    repositories: Mapping[str, Repository]
    secrets: Mapping[str, Secret]

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        network: Network,
        client_security_group_id: pulumi.Input[str],
        access_logs: AccessLogs,
        authority: Authority | None = None,
        in_aws: Options,
        on_cluster: Options,
    ) -> Self:
        """Create the data stores of a stack file.

        `in_aws` and `on_cluster` return the options of AWS resources and of Kubernetes objects.
        """
        place: dict[str, Any] = {
            "vpc_id": network.vpc_id,
            "subnet_ids": network.data_subnet_ids,
            "client_security_group_id": client_security_group_id,
        }
        return cls(
            databases=_databases(settings, place, in_aws),
            aurora=_aurora(settings, place, in_aws),
            caches=_caches(settings, place, in_aws, on_cluster),
            file_systems=_file_systems(settings, network, client_security_group_id, in_aws),
            buckets={
                key: Bucket(
                    f"bucket-{key}",
                    bucket,
                    bucket_name=settings.bucket_name(key),
                    logs=access_logs.of_buckets(),
                    opts=in_aws(),
                )
                for key, bucket in settings.buckets.items()
            },
            repositories={
                key: Repository(
                    f"repository-{key}", repository, repository_name=settings.repository_name(key), opts=in_aws()
                )
                for key, repository in settings.repositories.items()
            },
            secrets=_secrets(settings, authority, in_aws),
        )

    def outputs(self) -> dict[str, pulumi.Input[Any]]:
        """Return the outputs that other stacks and users need. Host names are secret, as the requirements specify."""
        found: dict[str, pulumi.Input[Any]] = {}
        for key, database in self.databases.items():
            found[_numbered("rds_endpoint", key, self.databases)] = _secret(database.endpoint)
            found[_numbered("rds_master_secret_arn", key, self.databases)] = database.master_secret_arn
        for key, aurora in self.aurora.items():
            found[_numbered("aurora_writer_endpoint", key, self.aurora)] = _secret(aurora.address)
            found[_numbered("aurora_reader_endpoint", key, self.aurora)] = _secret(aurora.reader_address)
            found[_numbered("aurora_master_secret_arn", key, self.aurora)] = aurora.master_secret_arn
        for key, cache in self.caches.items():
            found[_numbered("redis_primary_endpoint", key, self.caches)] = _secret(cache.address)
        for key, file_system in self.file_systems.items():
            found[_numbered("efs_id", key, self.file_systems)] = file_system.file_system_id
        for key, bucket in self.buckets.items():
            found[_numbered("s3_bucket_name", key, self.buckets)] = bucket.bucket_name
            found[_numbered("s3_bucket_arn", key, self.buckets)] = bucket.arn
        for key, repository in self.repositories.items():
            found[_numbered("ecr_repository_url", key, self.repositories)] = repository.url
        return found


def _databases(settings: Settings, place: Mapping[str, Any], in_aws: Options) -> dict[str, Database]:
    return {
        key: Database(
            f"database-{key}",
            database,
            identifier=settings.database_identifier(key),
            tags=settings.backup_tags(),
            **place,
            opts=in_aws(),
        )
        for key, database in settings.databases.items()
    }


def _aurora(settings: Settings, place: Mapping[str, Any], in_aws: Options) -> dict[str, AuroraCluster]:
    return {
        key: AuroraCluster(
            f"aurora-{key}",
            cluster,
            identifier=settings.aurora_identifier(key),
            tags=settings.backup_tags(),
            **place,
            opts=in_aws(),
        )
        for key, cluster in settings.aurora_clusters.items()
    }


def _caches(settings: Settings, place: Mapping[str, Any], in_aws: Options, on_cluster: Options) -> dict[str, Cache]:
    """Create the caches and their Services in the cluster."""
    caches = {
        key: Cache(
            f"cache-{key}",
            cache,
            identifier=settings.cache_identifier(key),
            users=settings.cache_users(key),
            channels={one.name: one.settings.CACHE_CHANNELS for one in settings.workloads.wanted()},
            project=settings.project.name,
            **place,
            opts=in_aws(),
        )
        for key, cache in settings.caches.items()
    }
    for key, cache in caches.items():
        if cache.settings.service is not None:
            CacheService(f"cache-{key}-service", service=cache.settings.service, cache=cache, opts=on_cluster())
    return caches


def _file_systems(
    settings: Settings, network: Network, client_security_group_id: pulumi.Input[str], in_aws: Options
) -> dict[str, FileSystem]:
    return {
        key: FileSystem(
            f"files-{key}",
            file_system,
            file_system_name=settings.file_system_name(key),
            vpc_id=network.vpc_id,
            subnet_ids=network.data_subnet_of_each_zone(),
            client_security_group_id=client_security_group_id,
            opts=in_aws(),
        )
        for key, file_system in settings.file_systems.items()
    }


def _secrets(settings: Settings, authority: Authority | None, in_aws: Options) -> dict[str, Secret]:
    return {
        key: Secret(
            f"secret-{key}",
            secret_name=settings.secret_name(key),
            description=secret.description,
            existing=secret.existing,
            recovery_days=secret.recovery_days,
            generated=("password",) if secret.generate else (),
            fixed={"certificate": authority.certificate} if secret.authority and authority else None,
            opts=in_aws(),
        )
        for key, secret in settings.secrets.items()
    }


def _secret(value: pulumi.Output[str]) -> pulumi.Output[str]:
    hidden: pulumi.Output[str] = pulumi.Output.secret(value)
    return hidden


def _numbered(output: str, key: str, among: Mapping[str, Any]) -> str:
    """Return the name of an output; it ends in the key if there are several stores of the same kind."""
    return output if len(among) == 1 else f"{output}_{key.replace('-', '_')}"
