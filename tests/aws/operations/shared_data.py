"""Aurora clusters and caches.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/, https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/.
"""

from collections.abc import Mapping

from tests.aws.requests import ID, Call, Entry, Inputs

_LATER = "goes with a later change alone"


def _cluster(inputs: Inputs) -> Inputs:
    """Return the inputs without an empty storage type, which is Aurora's standard one."""
    return {name: value for name, value in inputs.items() if (name, value) != ("storageType", "")}


SHARED_DATA: Mapping[str, Entry] = {
    "aws:rds/cluster:Cluster": Entry(
        (
            Call(
                "rds",
                "CreateDBCluster",
                {
                    "clusterIdentifier": "DBClusterIdentifier",
                    "dbClusterParameterGroupName": "DBClusterParameterGroupName",
                    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
                    "serverlessv2ScalingConfiguration": "ServerlessV2ScalingConfiguration",
                },
            ),
            Call(
                "rds",
                "DeleteDBCluster",
                {
                    "skipFinalSnapshot": "SkipFinalSnapshot",
                    "finalSnapshotIdentifier": "FinalDBSnapshotIdentifier",
                    "deleteAutomatedBackups": "DeleteAutomatedBackups",
                },
                also={"clusterIdentifier": "DBClusterIdentifier"},
            ),
        ),
        {"applyImmediately": _LATER},
        taggable=True,
        before=_cluster,
    ),
    "aws:rds/clusterInstance:ClusterInstance": Entry(
        (
            Call(
                "rds",
                "CreateDBInstance",
                {
                    "identifier": "DBInstanceIdentifier",
                    "clusterIdentifier": "DBClusterIdentifier",
                    "instanceClass": "DBInstanceClass",
                    "caCertIdentifier": "CACertificateIdentifier",
                    "performanceInsightsEnabled": "EnablePerformanceInsights",
                    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
                },
            ),
        ),
        {"applyImmediately": _LATER},
        taggable=True,
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": Entry(
        (
            Call(
                "rds",
                "CreateDBClusterParameterGroup",
                {"name": "DBClusterParameterGroupName", "family": "DBParameterGroupFamily"},
            ),
            Call(
                "rds",
                "ModifyDBClusterParameterGroup",
                {
                    "parameters": "Parameters",
                    "parameters.name": "ParameterName",
                    "parameters.value": "ParameterValue",
                },
                {"DBClusterParameterGroupName": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": Entry(
        (
            Call(
                "elasticache",
                "CreateCacheSubnetGroup",
                {"name": "CacheSubnetGroupName", "description": "CacheSubnetGroupDescription"},
            ),
        ),
        taggable=True,
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": Entry(
        (
            Call(
                "elasticache",
                "CreateCacheParameterGroup",
                {"name": "CacheParameterGroupName", "family": "CacheParameterGroupFamily"},
            ),
            Call(
                "elasticache",
                "ModifyCacheParameterGroup",
                {
                    "parameters": "ParameterNameValues",
                    "parameters.name": "ParameterName",
                    "parameters.value": "ParameterValue",
                },
                {"CacheParameterGroupName": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:elasticache/user:User": Entry((Call("elasticache", "CreateUser"),), taggable=True),
    "aws:elasticache/userGroup:UserGroup": Entry((Call("elasticache", "CreateUserGroup"),), taggable=True),
    "aws:elasticache/replicationGroup:ReplicationGroup": Entry(
        (
            Call(
                "elasticache",
                "CreateReplicationGroup",
                {
                    "description": "ReplicationGroupDescription",
                    "nodeType": "CacheNodeType",
                    "multiAzEnabled": "MultiAZEnabled",
                    "parameterGroupName": "CacheParameterGroupName",
                    "subnetGroupName": "CacheSubnetGroupName",
                    "maintenanceWindow": "PreferredMaintenanceWindow",
                },
            ),
            Call(
                "elasticache",
                "DeleteReplicationGroup",
                {"finalSnapshotIdentifier": "FinalSnapshotIdentifier"},
                also={"replicationGroupId": "ReplicationGroupId"},
            ),
        ),
        {"applyImmediately": _LATER},
        taggable=True,
    ),
}
