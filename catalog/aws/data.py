"""Outputs of AWS buckets, databases, caches, file systems and registries."""

from collections.abc import Mapping
from dataclasses import replace

from catalog.aws.aws_type import PART, AwsType, Fields, Json, Keeps, Price, fingerprint, named, regional, text
from catalog.aws.regions import short

FILES = "a file system is billed by what is in it and what goes through: https://aws.amazon.com/efs/pricing/"

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
    AwsType(
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

DATA: Mapping[str, AwsType] = {
    "aws:s3/bucket:Bucket": replace(
        _BUCKET,
        keeps=Keeps("data", "objects", retain=True),
        immutable=("bucket bucketNamespace bucketPrefix objectLockConfiguration.objectLockEnabled objectLockEnabled"),
    ),
    "aws:s3/bucketV2:BucketV2": _BUCKET,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": AwsType("{bucket}", immutable="bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": AwsType(
        "{bucket}", free=PART, immutable="bucket expectedBucketOwner"
    ),
    "aws:s3/bucketLogging:BucketLogging": AwsType(
        "{bucket}", free="the log bucket has the price of what is stored", immutable="bucket"
    ),
    "aws:s3/bucketNotification:BucketNotification": AwsType("{bucket}", immutable="bucket"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": AwsType("{bucket}", free=PART, immutable="bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": AwsType("{bucket}", free=PART, policy=True, immutable="bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": AwsType("{bucket}", free=PART, immutable="bucket"),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": AwsType("{bucket}", immutable="bucket"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": AwsType(
        "{bucket}", free=PART, immutable="bucket"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": AwsType(
        "{bucket}", free="old versions count in s3GbPerBucket", immutable="bucket"
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": AwsType(
        "{bucket}/{key}", "arn:aws:s3:::{bucket}/{key}", free="counts in its bucket", immutable="bucket key"
    ),
    "aws:rds/instance:Instance": named(
        AwsType(
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
            keeps=Keeps("data", "a database"),
            immutable=(
                "availabilityZone backupTarget characterSetName customIamInstanceProfile dbName engine "
                "kmsKeyId ncharCharacterSetName restoreToPointInTime s3Import.bucketName "
                "s3Import.bucketPrefix s3Import.ingestionRole s3Import.sourceEngine "
                "s3Import.sourceEngineVersion snapshotIdentifier storageEncrypted timezone username"
            ),
        )
    ),
    "aws:rds/cluster:Cluster": named(
        AwsType(
            arn=regional("rds", "cluster:{name}"),
            outputs={"clusterResourceId": "cluster-{HEX:.26}", "hostedZoneId": "Z{HEX:.13}"},
            name="clusterIdentifier",
            compute=_database_cluster,
            keeps=Keeps("data", "a database"),
            immutable=(
                "availabilityZones clusterIdentifier clusterIdentifierPrefix clusterScalabilityType "
                "databaseName dbSubnetGroupName dbSystemId engine engineMode kmsKeyId masterUsername "
                "restoreToPointInTime s3Import.bucketName s3Import.bucketPrefix s3Import.ingestionRole "
                "s3Import.sourceEngine s3Import.sourceEngineVersion snapshotIdentifier sourceRegion "
                "storageEncrypted"
            ),
        )
    ),
    "aws:rds/clusterInstance:ClusterInstance": named(
        AwsType(
            arn=regional("rds", "db:{name}"),
            outputs={"dbiResourceId": "db-{HEX:.26}", "writer": True},
            name="identifier",
            compute=_cluster_instance,
            keeps=Keeps("address", "clients connect to it", protect=True),
            immutable=(
                "availabilityZone clusterIdentifier customIamInstanceProfile dbSubnetGroupName engine "
                "identifier identifierPrefix"
            ),
        )
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": AwsType(
        regional("rds", "auto-backup:ab-{hex:.26}"),
        keeps=Keeps("data", "recovery points in another region"),
        immutable="kmsKeyId preSignedUrl retentionPeriod sourceDbInstanceArn",
    ),
    "aws:rds/subnetGroup:SubnetGroup": named(
        AwsType(arn=regional("rds", "subgrp:{name}"), free=PART, immutable="name namePrefix")
    ),
    "aws:rds/parameterGroup:ParameterGroup": named(
        AwsType(arn=regional("rds", "pg:{name}"), free=PART, immutable="description family name namePrefix")
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": named(
        AwsType(arn=regional("rds", "cluster-pg:{name}"), free=PART, immutable="description family name namePrefix")
    ),
    "aws:rds/optionGroup:OptionGroup": named(
        AwsType(
            arn=regional("rds", "og:{name}"),
            immutable="engineName majorEngineVersion name namePrefix optionGroupDescription",
        )
    ),
    "aws:rds/proxy:Proxy": named(
        AwsType(
            arn=regional("rds", "db-proxy:prx-{hex:.17}"),
            outputs={"endpoint": "{name}.proxy-{hex:.12}.{region}.rds.{suffix}"},
            immutable="endpointNetworkType engineFamily targetConnectionNetworkType vpcSubnetIds",
        )
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": named(
        AwsType(
            arn=regional("elasticache", "replicationgroup:{name}"),
            outputs={"port": 6379},
            name="replicationGroupId",
            compute=_cache,
            keeps=Keeps("data", "keys, and the address of clients"),
            immutable=(
                "atRestEncryptionEnabled dataTieringEnabled globalReplicationGroupId kmsKeyId networkType "
                "port replicationGroupId securityGroupNames snapshotArns snapshotName subnetGroupName"
            ),
        )
    ),
    "aws:elasticache/cluster:Cluster": named(
        AwsType(
            arn=regional("elasticache", "cluster:{name}"),
            name="clusterId",
            compute=_cache_cluster,
            immutable=(
                "availabilityZone clusterId engine networkType outpostMode port preferredOutpostArn "
                "replicationGroupId snapshotArns snapshotName subnetGroupName transitEncryptionEnabled"
            ),
        )
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": named(
        AwsType(
            arn=regional("elasticache", "serverlesscache:{name}"),
            compute=_serverless_cache,
            immutable="engine kmsKeyId majorEngineVersion name snapshotArnsToRestores subnetIds",
        )
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": named(
        AwsType(arn=regional("elasticache", "subnetgroup:{name}"), free=PART, immutable="name")
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": named(
        AwsType(arn=regional("elasticache", "parametergroup:{name}"), free=PART, immutable="description family name")
    ),
    "aws:elasticache/user:User": AwsType(
        "{userId}",
        regional("elasticache", "user:{userId}"),
        free=PART,
        name="userId",
        keeps=Keeps("identity", "clients authenticate as it"),
        limit=40,
        immutable="userId userName",
    ),
    "aws:elasticache/userGroup:UserGroup": AwsType(
        "{userGroupId}",
        regional("elasticache", "usergroup:{userGroupId}"),
        free=PART,
        name="userGroupId",
        keeps=Keeps("identity", "a cache names it"),
        immutable="userGroupId",
    ),
    "aws:efs/fileSystem:FileSystem": AwsType(
        "fs-{hex:.17}",
        regional("elasticfilesystem", "file-system/{id}"),
        {"dnsName": "{id}.efs.{region}.{suffix}", "ownerId": "{account}"},
        keeps=Keeps("data", "files", retain=True),
        immutable="availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
    ),
    "aws:efs/mountTarget:MountTarget": AwsType(
        "fsmt-{hex:.17}",
        None,
        {
            "dnsName": "{fileSystemId}.efs.{region}.{suffix}",
            "fileSystemArn": regional("elasticfilesystem", "file-system/{fileSystemId}"),
            "networkInterfaceId": "eni-{hex:.17}",
        },
        free=FILES,
        keeps=Keeps("address", "nodes mount by it"),
        immutable="fileSystemId ipAddress ipAddressType ipv6Address subnetId",
    ),
    "aws:efs/accessPoint:AccessPoint": AwsType(
        "fsap-{hex:.17}",
        regional("elasticfilesystem", "access-point/{id}"),
        {"fileSystemArn": regional("elasticfilesystem", "file-system/{fileSystemId}")},
        free=FILES,
        keeps=Keeps("identity", "volumes name it", protect=True),
        immutable="fileSystemId posixUser rootDirectory",
    ),
    "aws:efs/backupPolicy:BackupPolicy": AwsType("{fileSystemId}", immutable="fileSystemId"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": AwsType(
        "{fileSystemId}", free=FILES, policy=True, immutable="fileSystemId"
    ),
    "aws:ebs/volume:Volume": AwsType(
        "vol-{hex:.17}",
        regional("ec2", "volume/{id}"),
        keeps=Keeps("data", "a disk", retain=True),
        immutable="availabilityZone encrypted kmsKeyId multiAttachEnabled outpostArn snapshotId",
    ),
    "aws:ecr/repository:Repository": named(
        AwsType(
            arn=regional("ecr", "repository/{name}"),
            outputs={"registryId": "{account}", "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
            price=Price("ecr_storage_gb_month", "GB-month", assumed="ecrGbPerRepository"),
            keeps=Keeps("data", "images"),
            immutable="encryptionConfigurations name",
        )
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": AwsType(
        "{repository}", None, {"registryId": "{account}"}, free=PART, immutable="policy repository"
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": AwsType(
        "{account}", None, {"registryId": "{account}"}
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": AwsType(
        "{repository}", None, {"registryId": "{account}"}, free=PART, policy=True, immutable="repository"
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": AwsType(
        "{ecrRepositoryPrefix}",
        None,
        {"registryId": "{account}"},
        immutable="ecrRepositoryPrefix upstreamRegistryUrl upstreamRepositoryPrefix",
    ),
    "aws:dynamodb/table:Table": named(
        AwsType(
            arn=regional("dynamodb", "table/{name}"),
            immutable="hashKey importTable.s3BucketSource name rangeKey restoreDateTime restoreToLatestTime",
        )
    ),
    "aws:msk/cluster:Cluster": named(
        AwsType(
            regional("kafka", "cluster/{name}/{uuid}-1"),
            regional("kafka", "cluster/{name}/{uuid}-1"),
            {"clusterUuid": "{uuid}-1", "currentVersion": "K3AEGXETSR30VB"},
            "clusterName",
            _brokers,
            immutable="brokerNodeGroupInfo clusterName encryptionInfo",
        )
    ),
    "aws:msk/configuration:Configuration": named(
        AwsType(
            regional("kafka", "configuration/{name}/{uuid}-1"),
            regional("kafka", "configuration/{name}/{uuid}-1"),
            {"latestRevision": 1},
            immutable="kafkaVersions name",
        )
    ),
    "aws:backup/vault:Vault": named(
        AwsType(
            arn=regional("backup", "backup-vault:{name}"),
            keeps=Keeps("data", "recovery points"),
            immutable="kmsKeyArn name",
        )
    ),
    "aws:backup/plan:Plan": AwsType(
        "{uuid}", regional("backup", "backup-plan:{uuid}"), {"version": "{hex:.48}"}, immutable="name"
    ),
    "aws:backup/selection:Selection": AwsType(
        "{uuid}", free=PART, immutable="conditions iamRoleArn name notResources planId resources selectionTags"
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": AwsType(
        "{backupVaultName}",
        None,
        {"backupVaultArn": regional("backup", "backup-vault:{backupVaultName}")},
        free=PART,
        keeps=Keeps("data", "a locked vault stays locked"),
        immutable="backupVaultName changeableForDays maxRetentionDays minRetentionDays",
    ),
}
