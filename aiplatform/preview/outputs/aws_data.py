"""Outputs of AWS buckets, databases, caches, file systems and registries."""

from collections.abc import Mapping

from aiplatform.preview.outputs.regions import short
from aiplatform.preview.outputs.shape import Fields, Shape, fingerprint, named, regional, text
from aiplatform.preview.plan import Json

_PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "sqlserver": 1433}


def _port(fields: Fields) -> int:
    given = fields.inputs.get("port")
    if isinstance(given, int):
        return given
    engine = text(fields.inputs, "engine", "mysql").removeprefix("aurora-").partition("-")[0]
    return _PORTS.get("postgres" if engine == "postgresql" else engine, 3306)


def _domain(fields: Fields) -> str:
    # The twelve characters are the same for all databases of an account and region.
    shared = fingerprint(f"{fields['account']}{fields['region']}")[:12]
    return f"{shared}.{fields['region']}.rds.{fields['suffix']}"


def _master_secret(fields: Fields) -> Mapping[str, Json]:
    if fields.inputs.get("manageMasterUserPassword") is not True:
        return {}
    prefix = f"{fields['partition']}:secretsmanager:{fields['region']}:{fields['account']}"
    key = f"arn:{fields['partition']}:kms:{fields['region']}:{fields['account']}:key/{fields['uuid']}"
    given = fields.inputs.get("masterUserSecretKmsKeyId")
    owner = "cluster" if "clusterIdentifier" in fields.inputs else "db"
    secret = {
        "secretArn": f"arn:{prefix}:secret:rds!{owner}-{fields['uuid']}-{fields['hex'][:6]}",
        "kmsKeyId": given if isinstance(given, str) else key,
        "secretStatus": "active",
    }
    return {"masterUserSecrets": [secret]}


def _database(fields: Fields) -> Mapping[str, Json]:
    address, port = f"{fields['name']}.{_domain(fields)}", _port(fields)
    return {"address": address, "endpoint": f"{address}:{port}", "port": port, **_master_secret(fields)}


def _database_cluster(fields: Fields) -> Mapping[str, Json]:
    domain = _domain(fields)
    return {
        "endpoint": f"{fields['name']}.cluster-{domain}",
        "readerEndpoint": f"{fields['name']}.cluster-ro-{domain}",
        "port": _port(fields),
        **_master_secret(fields),
    }


def _cluster_instance(fields: Fields) -> Mapping[str, Json]:
    return {"endpoint": f"{fields['name']}.{_domain(fields)}", "port": _port(fields)}


def _cache(fields: Fields) -> Mapping[str, Json]:
    name, place = fields["name"], f"{fields['hex'][:6]}.{short(fields['region'])}.cache.{fields['suffix']}"
    count = fields.inputs.get("numCacheClusters")
    members = [f"{name}-{number:03}" for number in range(1, (count if isinstance(count, int) else 1) + 1)]
    if fields.inputs.get("clusterMode") == "enabled" or isinstance(fields.inputs.get("numNodeGroups"), int):
        return {"configurationEndpointAddress": f"clustercfg.{name}.{place}", "memberClusters": members}
    return {
        "primaryEndpointAddress": f"master.{name}.{place}",
        "readerEndpointAddress": f"replica.{name}.{place}",
        "memberClusters": members,
    }


def _cache_cluster(fields: Fields) -> Mapping[str, Json]:
    host = f"{fields['name']}.{fields['hex'][:6]}.0001.{short(fields['region'])}.cache.{fields['suffix']}"
    port = 11211 if text(fields.inputs, "engine", "redis") == "memcached" else 6379
    node = {"id": "0001", "address": host, "port": port}
    return {"cacheNodes": [node], "clusterAddress": host, "port": fields.inputs.get("port") or port}


def _serverless_cache(fields: Fields) -> Mapping[str, Json]:
    host = f"{fields['name']}-{fields['hex'][:6]}.serverless.{short(fields['region'])}.cache.{fields['suffix']}"
    return {"endpoints": [{"address": host, "port": 6379}], "readerEndpoints": [{"address": host, "port": 6380}]}


def _brokers(fields: Fields) -> Mapping[str, Json]:
    place = f"{fields['name']}.{fields['hex'][:6]}.c1.kafka.{fields['region']}.{fields['suffix']}"
    count = fields.inputs.get("numberOfBrokerNodes")
    numbers = range(1, min(count if isinstance(count, int) else 3, 3) + 1)
    ports = {
        "bootstrapBrokers": 9092,
        "bootstrapBrokersTls": 9094,
        "bootstrapBrokersSaslScram": 9096,
        "bootstrapBrokersSaslIam": 9098,
    }
    return {name: ",".join(f"b-{number}.{place}:{port}" for number in numbers) for name, port in ports.items()}


_BUCKET = named(
    Shape(
        arn="arn:{partition}:s3:::{name}",
        outputs={
            "bucketDomainName": "{name}.s3.{suffix}",
            "bucketRegionalDomainName": "{name}.s3.{region}.{suffix}",
            "hostedZoneId": "Z{HEX:.13}",
            "bucketRegion": "{region}",
        },
        name="bucket",
    )
)
_OF_BUCKET = Shape("{bucket}")

DATA: Mapping[str, Shape] = {
    "aws:s3/bucket:Bucket": _BUCKET,
    "aws:s3/bucketV2:BucketV2": _BUCKET,
    **{
        f"aws:s3/bucket{part}:Bucket{part}": _OF_BUCKET
        for part in (
            "CorsConfiguration",
            "LifecycleConfiguration",
            "Logging",
            "Notification",
            "OwnershipControls",
            "Policy",
            "PublicAccessBlock",
            "ReplicationConfig",
            "ServerSideEncryptionConfiguration",
            "Versioning",
        )
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": Shape("{bucket}/{key}", "arn:aws:s3:::{bucket}/{key}"),
    "aws:rds/instance:Instance": named(
        Shape(
            "db-{HEX:.26}",
            regional("rds", "db:{name}"),
            {
                "resourceId": "{id}",
                "status": "available",
                "availabilityZone": "{region}a",
                "hostedZoneId": "Z{HEX:.13}",
            },
            "identifier",
            _database,
        )
    ),
    "aws:rds/cluster:Cluster": named(
        Shape(
            arn=regional("rds", "cluster:{name}"),
            outputs={"clusterResourceId": "cluster-{HEX:.26}", "hostedZoneId": "Z{HEX:.13}"},
            name="clusterIdentifier",
            compute=_database_cluster,
        )
    ),
    "aws:rds/clusterInstance:ClusterInstance": named(
        Shape(
            arn=regional("rds", "db:{name}"),
            outputs={"dbiResourceId": "db-{HEX:.26}", "writer": True},
            name="identifier",
            compute=_cluster_instance,
        )
    ),
    "aws:rds/subnetGroup:SubnetGroup": named(Shape(arn=regional("rds", "subgrp:{name}"))),
    "aws:rds/parameterGroup:ParameterGroup": named(Shape(arn=regional("rds", "pg:{name}"))),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": named(Shape(arn=regional("rds", "cluster-pg:{name}"))),
    "aws:rds/optionGroup:OptionGroup": named(Shape(arn=regional("rds", "og:{name}"))),
    "aws:rds/proxy:Proxy": named(
        Shape(
            arn=regional("rds", "db-proxy:prx-{hex:.17}"),
            outputs={"endpoint": "{name}.proxy-{hex:.12}.{region}.rds.{suffix}"},
        )
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": named(
        Shape(
            arn=regional("elasticache", "replicationgroup:{name}"),
            outputs={"port": 6379},
            name="replicationGroupId",
            compute=_cache,
        )
    ),
    "aws:elasticache/cluster:Cluster": named(
        Shape(arn=regional("elasticache", "cluster:{name}"), name="clusterId", compute=_cache_cluster)
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": named(
        Shape(arn=regional("elasticache", "serverlesscache:{name}"), compute=_serverless_cache)
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": named(Shape(arn=regional("elasticache", "subnetgroup:{name}"))),
    "aws:elasticache/parameterGroup:ParameterGroup": named(Shape(arn=regional("elasticache", "parametergroup:{name}"))),
    "aws:elasticache/user:User": Shape("{userId}", regional("elasticache", "user:{userId}")),
    "aws:elasticache/userGroup:UserGroup": Shape("{userGroupId}", regional("elasticache", "usergroup:{userGroupId}")),
    "aws:efs/fileSystem:FileSystem": Shape(
        "fs-{hex:.17}",
        regional("elasticfilesystem", "file-system/{id}"),
        {"dnsName": "{id}.efs.{region}.{suffix}", "ownerId": "{account}"},
    ),
    "aws:efs/mountTarget:MountTarget": Shape(
        "fsmt-{hex:.17}",
        None,
        {
            "dnsName": "{fileSystemId}.efs.{region}.{suffix}",
            "fileSystemArn": regional("elasticfilesystem", "file-system/{fileSystemId}"),
            "networkInterfaceId": "eni-{hex:.17}",
        },
    ),
    "aws:efs/accessPoint:AccessPoint": Shape(
        "fsap-{hex:.17}",
        regional("elasticfilesystem", "access-point/{id}"),
        {"fileSystemArn": regional("elasticfilesystem", "file-system/{fileSystemId}")},
    ),
    "aws:ebs/volume:Volume": Shape("vol-{hex:.17}", regional("ec2", "volume/{id}")),
    "aws:ecr/repository:Repository": named(
        Shape(
            arn=regional("ecr", "repository/{name}"),
            outputs={"registryId": "{account}", "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
        )
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Shape("{repository}", None, {"registryId": "{account}"}),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Shape("{account}", None, {"registryId": "{account}"}),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Shape("{repository}", None, {"registryId": "{account}"}),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Shape(
        "{ecrRepositoryPrefix}", None, {"registryId": "{account}"}
    ),
    "aws:dynamodb/table:Table": named(Shape(arn=regional("dynamodb", "table/{name}"))),
    "aws:msk/cluster:Cluster": named(
        Shape(
            regional("kafka", "cluster/{name}/{uuid}-1"),
            regional("kafka", "cluster/{name}/{uuid}-1"),
            {"clusterUuid": "{uuid}-1", "currentVersion": "K3AEGXETSR30VB"},
            "clusterName",
            _brokers,
        )
    ),
    "aws:msk/configuration:Configuration": named(
        Shape(
            regional("kafka", "configuration/{name}/{uuid}-1"),
            regional("kafka", "configuration/{name}/{uuid}-1"),
            {"latestRevision": 1},
        )
    ),
    "aws:backup/vault:Vault": named(Shape(arn=regional("backup", "backup-vault:{name}"))),
    "aws:backup/plan:Plan": Shape("{uuid}", regional("backup", "backup-plan:{uuid}"), {"version": "{hex:.48}"}),
    "aws:backup/selection:Selection": Shape("{uuid}"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Shape(
        "{backupVaultName}", None, {"backupVaultArn": regional("backup", "backup-vault:{backupVaultName}")}
    ),
}
