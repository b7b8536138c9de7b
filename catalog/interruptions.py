"""Changes in place during which a resource of AWS does not serve, or serves from elsewhere."""

from collections.abc import Mapping
from typing import NamedTuple

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html"
_UPGRADE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html"
_CACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/"


class Interruption(NamedTuple):
    """What a changed input does to those who use a resource."""

    text: str
    seconds: int | None
    """How long it is usually away, an estimate; None if it serves all the time, or the time depends on what runs."""

    source: str
    waits: bool = False
    """Whether it waits for the maintenance window unless `applyImmediately` is set."""


_RESTART = "restarts"
_NODES = "replaces its nodes one after the other: their pods are evicted within 15 minutes and start elsewhere"

INTERRUPTIONS: Mapping[str, Mapping[str, Interruption]] = {
    "aws:rds/instance:Instance": {
        "backupRetentionPeriod": Interruption("restarts if automated backups are enabled or disabled", 60, _RDS, True),
        "caCertIdentifier": Interruption(
            "restarts if its engine cannot load a certificate while it runs", 60, _RDS, True
        ),
        "engineVersion": Interruption("stops for the upgrade of its engine", 600, _UPGRADE, True),
        "identifier": Interruption("restarts and has another endpoint", 60, _RDS, True),
        "instanceClass": Interruption("restarts on another instance; with Multi-AZ it fails over", 300, _RDS, True),
        "parameterGroupName": Interruption("uses the parameters only after `aws rds reboot-db-instance`", None, _RDS),
        "port": Interruption("restarts at once", 60, _RDS),
    },
    "aws:rds/cluster:Cluster": {
        "clusterIdentifier": Interruption("has another endpoint", None, _AURORA),
        "dbClusterParameterGroupName": Interruption("uses static parameters only after a reboot", None, _AURORA),
        "engineVersion": Interruption("stops for the upgrade of its engine", 600, _AURORA, True),
        "port": Interruption(_RESTART, 60, _AURORA),
    },
    "aws:rds/clusterInstance:ClusterInstance": {
        "caCertIdentifier": Interruption(
            "restarts if its engine cannot load a certificate while it runs", 60, _AURORA, True
        ),
        "instanceClass": Interruption(
            "restarts on another instance; with a reader the cluster fails over", 300, _AURORA, True
        ),
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "engine": Interruption(
            "is upgraded node by node; each failover refuses writes for seconds",
            30,
            _CACHE + "VersionManagement.HowTo.html",
            True,
        ),
        "engineVersion": Interruption(
            "is upgraded node by node; each failover refuses writes for seconds",
            30,
            _CACHE + "VersionManagement.HowTo.html",
            True,
        ),
        "nodeType": Interruption(
            "moves to other nodes; the failover refuses writes for seconds", 30, _CACHE + "Scaling.html", True
        ),
        "transitEncryptionEnabled": Interruption(
            "clients have to reconnect", 30, _CACHE + "in-transit-encryption-enable.html", True
        ),
    },
    "aws:autoscaling/group:Group": {
        "launchTemplate.version": Interruption(
            "terminates its NAT instance and launches another; nodes have no internet access until it is ready",
            180,
            "https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html",
        ),
    },
    "aws:ec2/instance:Instance": {
        "instanceType": Interruption("is stopped and started", 120, _EC2 + "ec2-instance-resize.html"),
        "userData": Interruption("is stopped and started", 120, _EC2 + "user-data.html"),
        "userDataBase64": Interruption("is stopped and started", 120, _EC2 + "user-data.html"),
        "ebsOptimized": Interruption("is stopped and started", 120, _EC2 + "ebs-optimized.html"),
    },
    "eks:index:Cluster": {
        "version": Interruption(
            "its API server is replaced part by part and answers all the time", None, _EKS + "update-cluster.html"
        ),
    },
    "eks:index:ManagedNodeGroup": {
        "launchTemplate.version": Interruption(_NODES, None, _EKS + "managed-node-update-behavior.html"),
        "releaseVersion": Interruption(_NODES, None, _EKS + "managed-node-update-behavior.html"),
        "version": Interruption(_NODES, None, _EKS + "managed-node-update-behavior.html"),
    },
}
"""By type and input. An input that is not in the table is changed while the resource serves."""
