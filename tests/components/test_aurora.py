"""Aurora clusters."""

import re
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from aiplatform.preview.plan import UNKNOWN
from components.data.aurora import AuroraCluster
from config.aurora import AuroraCluster as AuroraSettings
from tests.components.base import BOTH, STACKS, Found, alone, recorded, settings_from, settings_of

CLUSTER, INSTANCE = "aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"
GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
PLAIN = {"engineVersion": "17", "databaseName": "shop"}


def aurora(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(AuroraSettings, {**PLAIN, **settings})

    def build() -> None:
        made = AuroraCluster(
            "data",
            model,
            identifier="shop-aurora",
            vpc_id="vpc-1",
            subnet_ids=["subnet-1", "subnet-2"],
            client_security_group_id="sg-nodes",
        )
        pulumi.export("address", made.address)
        pulumi.export("reader", made.reader_address)
        pulumi.export("server", [made.identifier, made.port, made.database_name])
        pulumi.export("master", made.master_secret_arn)

    return alone(build, unknown=unknown)


@BOTH
def test_provisioned_cluster_has_the_capacity_of_its_instances(unknown: bool) -> None:
    inputs = aurora({"capacity": {"min": 0.5, "max": 4}}, unknown=unknown).inputs(CLUSTER)
    assert (inputs["engine"], inputs["engineMode"]) == ("aurora-postgresql", "provisioned")
    assert inputs["serverlessv2ScalingConfiguration"] == {"minCapacity": 0.5, "maxCapacity": 4}


@pytest.mark.parametrize(
    ("capacity", "scaling"),
    [
        (
            {"min": 0, "max": 8, "pauseAfterSeconds": 900},
            {"minCapacity": 0, "maxCapacity": 8, "secondsUntilAutoPause": 900},
        ),
        ({"min": 0, "max": 8}, {"minCapacity": 0, "maxCapacity": 8}),
        ({"min": 1, "max": 8, "pauseAfterSeconds": 900}, {"minCapacity": 1, "maxCapacity": 8}),
    ],
    ids=["pauses", "pauses as RDS likes", "never pauses"],
)
def test_only_a_minimum_capacity_of_zero_pauses_instances(capacity: dict[str, Any], scaling: dict[str, Any]) -> None:
    assert aurora({"capacity": capacity}).inputs(CLUSTER)["serverlessv2ScalingConfiguration"] == scaling


@BOTH
def test_readers_depend_on_the_writer(unknown: bool) -> None:
    # The first instance of a cluster becomes its writer.
    found = aurora({"readers": 3, "instancePrefix": "shop"}, unknown=unknown)
    instances = {item.inputs["identifier"]: item for item in found.all(INSTANCE)}
    assert sorted(instances) == ["shop-reader", "shop-reader-2", "shop-reader-3", "shop-writer"]
    writer = instances.pop("shop-writer")
    assert all(writer.urn in reader.dependencies for reader in instances.values())
    assert found.one(CLUSTER).urn in writer.dependencies


def test_failover_tiers_rank_the_writer_then_the_readers_in_order() -> None:
    found = aurora({"readers": 2})
    tiers = {item.inputs["identifier"]: item.inputs["promotionTier"] for item in found.all(INSTANCE)}
    assert tiers == {"shop-aurora-writer": 0, "shop-aurora-reader": 1, "shop-aurora-reader-2": 2}
    roles = {item.inputs["identifier"]: item.inputs["tags"]["Role"] for item in found.all(INSTANCE)}
    assert roles == {
        "shop-aurora-writer": "writer",
        "shop-aurora-reader": "reader",
        "shop-aurora-reader-2": "reader",
    }


@BOTH
@pytest.mark.parametrize(("version", "follows"), [("17", True), ("17.7", False), ("16.8", False)])
def test_pinned_minor_version_disables_automatic_upgrades(version: str, follows: bool, unknown: bool) -> None:
    # The next update would undo the upgrade by RDS.
    found = aurora({"engineVersion": version}, unknown=unknown)
    assert found.inputs(CLUSTER)["engineVersion"] == version
    assert {item.inputs["autoMinorVersionUpgrade"] for item in found.all(INSTANCE)} == {follows}
    assert all("engineVersion" not in item.inputs for item in found.all(INSTANCE)), "they have the cluster's"
    assert found.inputs(GROUP)["family"] == f"aurora-postgresql{version[:2]}"
    assert found.inputs(GROUP)["name"] == f"shop-aurora-postgresql{version[:2]}"


def test_parameter_group_is_attached_and_requires_tls() -> None:
    found = aurora({"parameterGroup": "shop-params", "parameters": {"log_statement": "ddl"}})
    group = found.inputs(GROUP)
    assert {item["name"]: item["value"] for item in group["parameters"]} == {
        "log_statement": "ddl",
        "rds.force_ssl": "1",
    }
    assert found.inputs(CLUSTER)["dbClusterParameterGroupName"] == group["name"] == "shop-params"


@BOTH
def test_security_group_allows_nodes_only_and_has_no_egress(unknown: bool) -> None:
    found = aurora({}, unknown=unknown)
    (rule,) = found.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 5432, 5432)
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert found.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert {item.inputs["publiclyAccessible"] for item in found.all(INSTANCE)} == {False}


@pytest.mark.parametrize("stack", [stack for stack in STACKS if settings_of(stack).aurora_clusters])
@BOTH
def test_cluster_is_encrypted_and_rds_manages_its_master_password(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, settings in recording.settings.aurora_clusters.items():
        inputs = recording.inputs(CLUSTER, f"aurora-{key}")
        assert inputs["storageEncrypted"] is True
        assert inputs["manageMasterUserPassword"] is True
        assert "masterPassword" not in inputs
        assert inputs["copyTagsToSnapshot"] is True
        assert inputs.get("kmsKeyId") == settings.kms_key_arn
        assert inputs["deletionProtection"] == settings.deletion_protection
        assert inputs["deleteAutomatedBackups"] == (not settings.deletion_protection)
        assert inputs["backupRetentionPeriod"] == settings.backups.retention_days
        assert (inputs["preferredBackupWindow"], inputs["preferredMaintenanceWindow"]) == (
            settings.backups.window,
            settings.maintenance_window,
        )
        assert inputs["engineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
        assert inputs["skipFinalSnapshot"] == (not settings.final_snapshot)
        assert ("finalSnapshotIdentifier" in inputs) == settings.final_snapshot
        assert inputs["enabledCloudwatchLogsExports"] == list(settings.log_exports)


@pytest.mark.parametrize(("storage", "type_"), [("standard", ""), ("ioOptimized", "aurora-iopt1")])
def test_storage_type_is_set_even_where_it_is_empty(storage: str, type_: str) -> None:
    # A change back to standard storage would be lost.
    assert aurora({"storage": storage}).inputs(CLUSTER)["storageType"] == type_


def test_log_groups_precede_the_cluster() -> None:
    # RDS would create them without retention.
    found = aurora({"logExports": ["postgresql", "instance"], "logRetentionDays": 14})
    groups = {item.inputs["name"]: item for item in found.all("aws:cloudwatch/logGroup:LogGroup")}
    assert {name: item.inputs["retentionInDays"] for name, item in groups.items()} == {
        "/aws/rds/cluster/shop-aurora/postgresql": 14,
        "/aws/rds/cluster/shop-aurora/instance": 14,
    }
    assert {item.urn for item in groups.values()} <= set(found.one(CLUSTER).dependencies)


@pytest.mark.parametrize("on", [True, False])
def test_performance_insights_retention_is_the_free_seven_days(on: bool) -> None:
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    found = aurora({"performanceInsights": on, "kmsKeyArn": key})
    for item in found.all(INSTANCE):
        assert item.inputs["performanceInsightsEnabled"] is on
        assert item.inputs.get("performanceInsightsRetentionPeriod") == (7 if on else None)
        assert item.inputs.get("performanceInsightsKmsKeyId") == (key if on else None)
    assert found.inputs(CLUSTER)["databaseInsightsMode"] == "standard", "the other one is billed"


def test_final_snapshot_name_is_stable_and_unique_to_the_cluster() -> None:
    found = aurora({"instancePrefix": "shop-shared"})
    name = found.inputs(CLUSTER)["finalSnapshotIdentifier"]
    assert re.fullmatch(r"shop-shared-final-snapshot-[a-z0-9]{8}", name)
    assert name == aurora({"instancePrefix": "shop-shared"}).inputs(CLUSTER)["finalSnapshotIdentifier"]
    assert name != recorded("aurora").inputs(CLUSTER, "aurora-runs")["finalSnapshotIdentifier"]
    assert aurora({}, unknown=True).inputs(CLUSTER)["finalSnapshotIdentifier"] == UNKNOWN


def test_client_endpoints_follow_a_failover() -> None:
    outputs = aurora({}).plan.outputs
    assert outputs["address"].startswith("shop-aurora.cluster-")
    assert not outputs["address"].startswith("shop-aurora.cluster-ro-")
    assert outputs["reader"].startswith("shop-aurora.cluster-ro-")
    assert outputs["server"] == ["shop-aurora", 5432, "shop"]
    assert ":secret:rds!cluster-" in outputs["master"]
    assert aurora({}, unknown=True).plan.outputs["master"] == UNKNOWN


def test_mlflow_runs_can_be_stored_in_an_aurora_cluster() -> None:
    recording = recorded("aurora")
    host = recording.inputs("aws:rds/cluster:Cluster", "aurora-runs")["clusterIdentifier"]
    (job,) = (item for item in recording.all("kubernetes:batch/v1:Job") if item.name == "mlflow-database-user")
    (container,) = job.inputs["spec"]["template"]["spec"]["containers"]
    env = {item["name"]: item.get("value") for item in container["env"]}
    assert env["PGHOST"].startswith(f"{host}.cluster-")
    assert (env["PGPORT"], env["PGDATABASE"]) == ("5432", "runs")
