"""003: the Aurora cluster and the cache that both environments share."""

import json
import re

import pytest

from catalog.reading.problems import SettingsError
from tests.config.base import STACK_FILES
from tests.requirements.conftest import plan_again, planned
from tests.requirements.query import Planned

CLUSTER, INSTANCE = "aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"
CACHE, USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
SECRET = "[secret]"  # noqa: S105, how a plan masks one


@pytest.mark.requirement("003-db-01", "003-db-03", "003-db-05", "003-ver-09")
def test_one_aurora_cluster_with_writer_and_reader_serves_both_environments(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["clusterIdentifier"] == "pingvas-shared-aurora"
    assert (cluster["engine"], cluster["databaseName"]) == ("aurora-postgresql", "pingvas_saas")
    assert {item.inputs["clusterIdentifier"] for item in pingvas.all(INSTANCE)} == {"pingvas-shared-aurora"}
    assert len(pingvas.all(INSTANCE)) == 2
    assert pingvas.all("aws:rds/instance:Instance") == []


@pytest.mark.requirement("003-db-07", "003-ver-09")
def test_capacity_is_serverless_v2_between_half_a_unit_and_four(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["engineMode"] == "provisioned"
    assert cluster["serverlessv2ScalingConfiguration"] == {"minCapacity": 0.5, "maxCapacity": 4}


@pytest.mark.requirement("003-db-08", "003-tag-03")
def test_writer_and_reader_have_names_class_role_and_performance_insights(pingvas: Planned) -> None:
    found = {item.inputs["identifier"]: item.inputs for item in pingvas.all(INSTANCE)}
    assert {name: item["tags"]["Role"] for name, item in found.items()} == {
        "pingvas-shared-writer": "writer",
        "pingvas-shared-reader": "reader",
    }
    for item in found.values():
        assert item["instanceClass"] == "db.serverless"
        assert (item["performanceInsightsEnabled"], item["performanceInsightsRetentionPeriod"]) == (True, 7)
        assert item["publiclyAccessible"] is False


@pytest.mark.requirement("003-tag-03")
def test_cluster_tags_say_that_it_is_shared(pingvas: Planned) -> None:
    assert pingvas.provider_tags["Environment"] == "shared"
    tags = pingvas.one(CLUSTER).inputs["tags"]
    assert tags["Purpose"] == "dev-and-prod"
    assert "Environment" not in tags, "the provider's own would be overridden"


@pytest.mark.requirement("003-db-04", "003-db-06")
def test_major_version_is_current_and_the_documented_minor_version_is_refused() -> None:
    assert planned("pingvas").one(CLUSTER).inputs["engineVersion"] == "17"
    with pytest.raises(SettingsError, match=r"15\.4 is no longer available for new databases; set 15\.10 or later"):
        planned("pingvas", "auroraClusters.shared.engineVersion='15.4'")


@pytest.mark.requirement("003-db-04")
def test_job_clients_match_the_server_version(pingvas: Planned) -> None:
    server = int(pingvas.one(CLUSTER).inputs["engineVersion"])
    pods = [
        item["spec"]["jobTemplate"]["spec"]["template"] if item["kind"] == "CronJob" else item["spec"]["template"]
        for kind in ("Job", "CronJob")
        for item in pingvas.manifests(kind)
    ]
    images = {
        container["image"]
        for pod in pods
        for container in [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    }
    clients = {image for image in images if re.search(r"/postgres(ql)?:", f"/{image}")}
    majors = {int(match[1]) for image in clients if (match := re.search(r":(\d+)", image))}
    assert len(majors) == 1
    assert min(majors) >= server


@pytest.mark.requirement("003-bak-01", "003-obs-01", "003-scy-01")
def test_backups_log_and_encryption(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert (cluster["backupRetentionPeriod"], cluster["preferredBackupWindow"]) == (7, "03:00-04:00")
    assert cluster["enabledCloudwatchLogsExports"] == ["postgresql"]
    log = pingvas.one("aws:cloudwatch/logGroup:LogGroup", name="/aws/rds/cluster/pingvas-shared-aurora/postgresql")
    assert log.inputs["retentionInDays"] == 30
    assert cluster["storageEncrypted"] is True


@pytest.mark.deviates("003-db-09")
def test_database_is_protected_from_deletion(pingvas: Planned) -> None:
    assert pingvas.one(CLUSTER).inputs["deletionProtection"] is True


@pytest.mark.requirement("003-bak-03")
@pytest.mark.deviates("003-bak-02")
def test_final_snapshot_name_is_stable(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["skipFinalSnapshot"] is False
    name = cluster["finalSnapshotIdentifier"]
    assert re.fullmatch(r"pingvas-shared-final-snapshot-[a-z0-9]{8}", name)
    again = plan_again("pingvas")
    assert again.one(CLUSTER).inputs["finalSnapshotIdentifier"] == name


@pytest.mark.deviates("003-scy-02")
def test_database_cache_and_files_allow_nodes_and_pods_only(pingvas: Planned) -> None:
    owners = {
        5432: pingvas.one(CLUSTER).inputs["vpcSecurityGroupIds"],
        6379: pingvas.one(CACHE).inputs["securityGroupIds"],
        2049: sorted(
            {
                group
                for item in pingvas.all("aws:efs/mountTarget:MountTarget")
                for group in item.inputs["securityGroups"]
            }
        ),
    }
    groups = {pingvas.id(item): item for item in pingvas.all(GROUP)}
    for port, found in owners.items():
        (group,) = (groups[one] for one in found)
        assert pingvas.openings(group, "in") == {("tcp", port, port, "pingvas-shared-eks-node-sg")}
        assert pingvas.openings(group, "out") == set()


@pytest.mark.requirement("003-sct-01")
@pytest.mark.deviates("003-db-10", "003-sct-02")
def test_rds_manages_the_master_password(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["masterUsername"] == "pingvas_admin"
    assert cluster["manageMasterUserPassword"] is True
    assert cluster.keys().isdisjoint({"masterPassword", "masterPasswordWo"})
    assert ":secret:rds!cluster-" in pingvas.outputs["aurora_master_secret_arn"]
    settings = [
        line.partition("#")[0]
        for line in (STACK_FILES / "Pulumi.pingvas.yaml").read_text(encoding="utf-8").splitlines()
    ]
    assert [line for line in settings if re.search(r"secure:|encryptionsalt|password", line, re.IGNORECASE)] == []
    with pytest.raises(SettingsError, match=r"auroraClusters\.shared\.masterPassword: unknown key"):
        planned("pingvas", "auroraClusters.shared.masterPassword=changeme")


@pytest.mark.requirement("003-db-19")
@pytest.mark.deviates("003-db-18")
def test_parameter_group_is_attached_and_its_family_follows_the_engine(pingvas: Planned) -> None:
    group = pingvas.one("aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs
    assert (group["name"], group["family"]) == ("pingvas-shared-params", "aurora-postgresql17")
    parameters = {item["name"]: item["value"] for item in group["parameters"]}
    assert (parameters["log_statement"], parameters["log_connections"]) == ("ddl", "1")
    assert parameters["rds.force_ssl"] == "1"
    # A cluster's group holds for all of its instances.
    assert pingvas.one(CLUSTER).inputs["dbClusterParameterGroupName"] == "pingvas-shared-params"


@pytest.mark.requirement("003-cac-01", "003-cac-02", "003-ver-11")
def test_one_cache_of_two_nodes_has_a_database_for_each_environment(pingvas: Planned) -> None:
    cache = pingvas.one(CACHE).inputs
    assert (cache["engine"], cache["nodeType"], cache["numCacheClusters"]) == ("redis", "cache.r6g.large", 2)
    assert pingvas.all("aws:elasticache/cluster:Cluster") == []
    indexes = {
        name: pingvas.manifest("ConfigMap", "redis-config", name)["data"]["REDIS_DB"] for name in ("dev", "prod")
    }
    assert indexes == {"dev": "0", "prod": "1"}


@pytest.mark.requirement("003-cac-02", "003-cac-03")
def test_cache_fails_over_automatically_without_cluster_mode(pingvas: Planned) -> None:
    cache = pingvas.one(CACHE).inputs
    assert (cache["automaticFailoverEnabled"], cache["multiAzEnabled"]) == (True, True)
    # With shards there would be database 0 alone.
    assert cache.keys().isdisjoint({"numNodeGroups", "replicasPerNodeGroup", "clusterMode"})
    parameters = pingvas.one("aws:elasticache/parameterGroup:ParameterGroup").inputs
    assert "cluster-enabled" not in {item["name"] for item in parameters["parameters"]}
    assert (cache["transitEncryptionEnabled"], cache["transitEncryptionMode"]) == (True, "required")


@pytest.mark.requirement("003-cac-03")
def test_environment_user_reaches_keys_of_its_prefix(
    pingvas: Planned,
) -> None:
    # Database numbers protect nothing.
    users = {item.inputs["userName"]: item.inputs for item in pingvas.all(USER)}
    rules = {name: user["accessString"].split()[:4] for name, user in users.items()}
    assert rules == {
        "pingvas-shared-redis-dev": ["on", "~dev:*", "resetchannels", "&dev:*"],
        "pingvas-shared-redis-prod": ["on", "~prod:*", "resetchannels", "&prod:*"],
        "default": ["off", "~keys*", "-@all", "+get"],
    }
    group = pingvas.one("aws:elasticache/userGroup:UserGroup").inputs
    assert sorted(group["userIds"]) == sorted(user["userId"] for user in users.values())
    assert pingvas.one(CACHE).inputs["userGroupIds"] == [group["userGroupId"]]
    secrets = {name: pingvas.secret_strings[f"cache-shared-{name}"]["username"] for name in ("dev", "prod")}
    assert secrets == {"dev": "pingvas-shared-redis-dev", "prod": "pingvas-shared-redis-prod"}
    versions = pingvas.all("aws:secretsmanager/secretVersion:SecretVersion")
    assert {version.inputs["secretString"] for version in versions} == {SECRET}


@pytest.mark.requirement("003-cac-06")
def test_redis_primary_is_a_service_name_for_the_external_cache(pingvas: Planned) -> None:
    service = pingvas.manifest("Service", "redis-primary", "default")
    primary = pingvas.attribute(pingvas.one(CACHE), "primaryEndpointAddress")
    assert service["spec"] == {"type": "ExternalName", "externalName": primary}


@pytest.mark.requirement("003-out-01")
def test_outputs_have_the_values_of_manifests_and_mask_endpoints(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER)
    outputs = pingvas.secret_outputs
    assert outputs["aurora_writer_endpoint"] == pingvas.attribute(cluster, "endpoint")
    assert outputs["aurora_reader_endpoint"] == pingvas.attribute(cluster, "readerEndpoint")
    assert outputs["redis_primary_endpoint"] == pingvas.attribute(pingvas.one(CACHE), "primaryEndpointAddress")
    masked = ("aurora_writer_endpoint", "aurora_reader_endpoint", "redis_primary_endpoint")
    assert {pingvas.outputs[name] for name in masked} == {SECRET}
    assert outputs["cluster_name"] == "pingvas-shared-eks"
    assert outputs["cluster_endpoint"].startswith("https://")
    assert outputs["efs_id"] == pingvas.id(pingvas.one("aws:efs/fileSystem:FileSystem"))
    buckets = {name.removeprefix("s3_bucket_name_") for name in outputs if name.startswith("s3_bucket_name_")}
    assert buckets == {"dev_images", "prod_images", "models", "logs", "backups"}
    assert json.dumps(dict(pingvas.outputs)).count(".rds.amazonaws.com") == 0
