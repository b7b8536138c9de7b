"""001: the database, Kafka with ZooKeeper, and Redis with Sentinel."""

from typing import Any

import pytest

from catalog.reading.problems import SettingsError
from catalog.support import support
from tests.config.base import TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

DATABASE, GROUP = "aws:rds/instance:Instance", "aws:ec2/securityGroup:SecurityGroup"
NODES = "nemo_EKS_kluster-node-sg"
PRIVATE = {"10.0.3.0/24": "ap-northeast-2a", "10.0.4.0/24": "ap-northeast-2b", "10.0.5.0/24": "ap-northeast-2c"}


def variables(stateful: Any) -> dict[str, str]:
    """The plain environment of the first container."""
    return {one["name"]: one.get("value", "") for one in stateful["spec"]["template"]["spec"]["containers"][0]["env"]}


# --- database ---


@pytest.mark.requirement("001-db-02", "001-db-04")
@pytest.mark.deviates("001-sto-07")
def test_database_has_its_identifier_class_and_an_autoscaling_volume(nemo: Planned) -> None:
    database = nemo.one(DATABASE).inputs
    assert (database["identifier"], database["instanceClass"]) == ("nemo-db-instance", "db.t3.micro")
    assert (database["allocatedStorage"], database["maxAllocatedStorage"]) == (20, 100)
    assert database["storageType"] == "gp3", "the better default of the two"


@pytest.mark.deviates("001-db-03")
def test_mysql_is_in_standard_support_and_8_0_is_refused(nemo: Planned) -> None:
    database = nemo.one(DATABASE).inputs
    assert (database["engine"], database["engineVersion"]) == ("mysql", "8.4")
    assert database["engineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert "8.4" in support()["mysql"].supported(TODAY)
    assert "8.0" not in support()["mysql"].supported(TODAY)
    with pytest.raises(SettingsError, match=r"standard support of MySQL 8\.0 ended on 2026-07-31; use 8\.4"):
        planned("nemo", "databases.main.engineVersion='8.0'")


@pytest.mark.requirement("001-db-06", "001-db-08")
@pytest.mark.deviates("001-db-01")
def test_database_is_multi_az_in_private_subnets_and_not_public(nemo: Planned) -> None:
    database = nemo.one(DATABASE).inputs
    assert (database["multiAz"], database["publiclyAccessible"]) == (True, False)
    assert "availabilityZone" not in database, "AWS chooses the two, and changes them when one fails"
    group = nemo.one("aws:rds/subnetGroup:SubnetGroup").inputs
    assert database["dbSubnetGroupName"] == group["name"]
    zones = {nemo.id(one): one.inputs for one in nemo.all("aws:ec2/subnet:Subnet")}
    assert {zones[one]["cidrBlock"]: zones[one]["availabilityZone"] for one in group["subnetIds"]} == PRIVATE


@pytest.mark.requirement("001-db-07")
def test_database_is_encrypted(nemo: Planned) -> None:
    assert nemo.one(DATABASE).inputs["storageEncrypted"] is True


@pytest.mark.requirement("001-db-05")
def test_user_prod_of_prod_db_has_a_generated_password_in_secrets_only(nemo: Planned) -> None:
    assert nemo.one(DATABASE).inputs["dbName"] == "prod_db"
    job = nemo.manifest("Job", "main-prod", "database-setup")["spec"]["template"]["spec"]["containers"][0]
    plain = {one["name"]: one["value"] for one in job["env"] if "value" in one}
    assert (plain["APP_USER"], plain["APP_DATABASE"]) == ("prod", "prod_db")
    secret = next(one for one in job["env"] if one["name"] == "APP_PASSWORD")["valueFrom"]["secretKeyRef"]
    assert secret["name"].rpartition("-")[0] == "main-prod-setup"
    assert nemo.secret_strings["secret-database-prod"].keys() == {"password"}, "made by AWS at the first run"
    backend = nemo.manifest("Deployment", "backend", "production")["spec"]["template"]["spec"]["containers"][0]
    env = {one["name"]: one for one in backend["env"]}
    assert env["SPRING_DATASOURCE_USERNAME"]["value"] == "prod"
    assert env["SPRING_DATASOURCE_PASSWORD"]["valueFrom"]["secretKeyRef"]["key"] == "SPRING_DATASOURCE_PASSWORD"
    (external,) = [one for one in nemo.manifests("ExternalSecret") if one["metadata"]["namespace"] == "production"]
    remote = {one["secretKey"]: one["remoteRef"]["property"] for one in external["spec"]["data"]}
    assert remote["SPRING_DATASOURCE_PASSWORD"] == "password"  # noqa: S105, the name of a property


@pytest.mark.requirement("001-scy-07", "001-scy-09")
def test_database_allows_3306_from_the_cluster_only_and_has_no_egress(nemo: Planned) -> None:
    group = nemo.tagged(GROUP, "nemo-db-instance-sg")
    assert nemo.openings(group, "in") == {("tcp", 3306, 3306, NODES)}
    assert nemo.openings(group, "out") == set()
    assert nemo.one(DATABASE).inputs["vpcSecurityGroupIds"] == [nemo.id(group)]


# --- Kafka ---


@pytest.mark.requirement("001-wkl-11")
def test_three_brokers_replicate_every_topic_on_their_own_volumes(nemo: Planned) -> None:
    kafka = nemo.manifest("StatefulSet", "kafka", "kafka")
    assert kafka["spec"]["replicas"] == 3
    said = variables(kafka)
    assert (said["KAFKA_DEFAULT_REPLICATION_FACTOR"], said["KAFKA_MIN_INSYNC_REPLICAS"]) == ("3", "2")
    (claim,) = kafka["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "20Gi"
    (spread, *_) = kafka["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["maxSkew"]) == ("topology.kubernetes.io/zone", 1)
    assert nemo.manifest("PodDisruptionBudget", "kafka", "kafka")["spec"]["maxUnavailable"] == 1


@pytest.mark.requirement("001-wkl-12")
def test_zookeeper_has_three_members_and_is_optional_by_setting(nemo: Planned) -> None:
    zookeeper = nemo.manifest("StatefulSet", "zookeeper", "kafka")
    assert zookeeper["spec"]["replicas"] == 3
    brokers = nemo.manifest("StatefulSet", "kafka", "kafka")
    image = brokers["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image.startswith("docker.io/confluentinc/cp-kafka:7.9."), "Kafka 3.9; Kafka 4 has no ZooKeeper"
    assert variables(brokers)["KAFKA_ZOOKEEPER_CONNECT"].count(":2181") == 3
    kraft = planned("nemo", "workloads.kafka.controllers=kraft")
    names = {one["metadata"]["name"] for one in kraft.manifests("StatefulSet")}
    assert ("controller" in " ".join(names), "zookeeper" in names) == (True, False)
    later = kraft.manifest("StatefulSet", "kafka", "kafka")["spec"]["template"]["spec"]["containers"][0]["image"]
    assert later.startswith("docker.io/confluentinc/cp-kafka:8.")


@pytest.mark.requirement("001-scy-02", "001-scy-03")
def test_ai_servers_reach_kafka_on_9094_of_an_internal_load_balancer(
    nemo: Planned,
) -> None:
    balancer = nemo.one("aws:lb/loadBalancer:LoadBalancer", name="nemo-kafka")
    assert (balancer.inputs["internal"], balancer.inputs["loadBalancerType"]) == (True, "network")
    group = nemo.tagged(GROUP, "nemo-kafka-sg")
    assert nemo.openings(group, "in") == {
        ("tcp", port, port, f"nemo-{server}-sg")
        for port in (9094, 9095, 9096, 9097)
        for server in ("ai-prod", "ai-dev")
    }
    assert ("tcp", 9094, 9094, "nemo-kafka-sg") in nemo.openings(nemo.tagged(GROUP, NODES), "in")
    record = nemo.one("aws:route53/record:Record", name="kafka.nemo.internal").inputs
    assert record["aliases"][0]["name"] == nemo.attribute(balancer, "dnsName")
    kafka = nemo.manifest("StatefulSet", "kafka", "kafka")
    said = variables(kafka)
    assert (said["OUTSIDE"], said["FIRST_PORT"]) == ("kafka.nemo.internal", "9095")
    script = kafka["spec"]["template"]["spec"]["containers"][0]["command"][-1]
    assert "EXTERNAL://$OUTSIDE:$((FIRST_PORT + number))" in script
    assert said["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].endswith("EXTERNAL:SASL_PLAINTEXT")
    for number in range(3):
        listener = nemo.one("aws:lb/listener:Listener", port=9095 + number).inputs
        target = nemo.one("aws:lb/targetGroup:TargetGroup", name=f"nemo-kafka-outside-{number}")
        assert listener["defaultActions"][0]["targetGroupArn"] == nemo.attribute(target, "arn")
        service = nemo.manifest("Service", f"kafka-outside-{number}", "kafka")["spec"]
        assert service["selector"]["statefulset.kubernetes.io/pod-name"] == f"kafka-{number}"


@pytest.mark.requirement("001-scy-01")
def test_node_port_range_is_open_to_the_ai_servers_only(nemo: Planned) -> None:
    ends = {
        end for _, first, last, end in nemo.openings(nemo.tagged(GROUP, NODES), "in") if (first, last) == (30000, 32767)
    }
    assert ends == {"nemo-ai-prod-sg", "nemo-ai-dev-sg"}
    world = [
        one.inputs["fromPort"]
        for one in nemo.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if one.inputs.get("cidrIpv4") == "0.0.0.0/0"
    ]
    assert sorted(world) == [80, 443], "the load balancer alone"


# --- Redis ---


@pytest.mark.requirement("001-cac-01")
def test_redis_has_a_primary_two_replicas_and_three_sentinels_with_quorum_two(nemo: Planned) -> None:
    servers, sentinels = (nemo.manifest("StatefulSet", name, "redis") for name in ("redis", "redis-sentinel"))
    assert (servers["spec"]["replicas"], sentinels["spec"]["replicas"]) == (3, 3)
    assert variables(sentinels)["QUORUM"] == "2"
    backend = nemo.manifest("Deployment", "backend", "production")["spec"]["template"]["spec"]["containers"][0]
    env = {one["name"]: one.get("value") for one in backend["env"]}
    assert env["SPRING_DATA_REDIS_SENTINEL_NODES"] == nemo.outputs["redis_sentinels"]
    assert env["SPRING_DATA_REDIS_SENTINEL_MASTER"] == "primary"
    policy = nemo.manifest("NetworkPolicy", "redis-server", "redis")["spec"]["ingress"][0]["from"]
    callers = [one["namespaceSelector"]["matchLabels"] for one in policy if "namespaceSelector" in one]
    assert callers == [{"kubernetes.io/metadata.name": "production"}]
