"""Kafka with its own controllers (streams) and with ZooKeeper (zookeeper): configuration and access."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from catalog.quantities import MEMORY, MIB, amount
from components.workloads.kafka.environment import cluster_id, heap
from config.settings import Settings
from config.workloads.kafka import Kafka
from config.workloads.resources import Amounts, Resources
from tests.components.base import Recording, recorded, settings_of
from tests.running.confluent import RefusedError, kafka_properties, zookeeper_properties

STACKS = pytest.mark.parametrize("stack", ["streams", "zookeeper"])
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
SERVICE = "kubernetes:core/v1:Service"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
DECIDERS = {"streams": "controller", "zookeeper": "zookeeper"}
IMAGES = {
    "streams": {"kafka": "cp-kafka:8.", "controller": "cp-kafka:8."},
    "zookeeper": {"kafka": "cp-kafka:7.9.", "zookeeper": "cp-zookeeper:7.9."},
}


def sets(stack: str, unknown: bool = False) -> dict[str, Mapping[str, Any]]:
    """The StatefulSets by name."""
    return {item.inputs["metadata"]["name"]: item.inputs["spec"] for item in recorded(stack, unknown).all(STATEFUL_SET)}


def pod(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pods of one."""
    found: Mapping[str, Any] = spec["template"]["spec"]
    return found


def container(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Their container."""
    (found,) = pod(spec)["containers"]
    return dict(found)


def environment(stack: str, name: str) -> dict[str, str]:
    """What the container is told, with what its start script adds for the first pod."""
    return {item["name"]: item.get("value", "") for item in container(sets(stack)[name])["env"]}


def settings(stack: str) -> tuple[Settings, Kafka]:
    """Those of the stack, and of Kafka."""
    found = settings_of(stack)
    assert found.workloads.kafka is not None
    return found, found.workloads.kafka


@STACKS
def test_brokers_and_controllers_run_confluent_images_of_the_matching_kafka(stack: str) -> None:
    found = sets(stack)
    brokers = settings(stack)[1].brokers
    assert {name: spec["replicas"] for name, spec in found.items()} == {"kafka": brokers, DECIDERS[stack]: 3}
    for name, image in IMAGES[stack].items():
        assert container(found[name])["image"].startswith(f"docker.io/confluentinc/{image}")


@STACKS
def test_pods_spread_over_zones_and_nodes_and_one_may_be_unavailable(stack: str) -> None:
    recording = recorded(stack)
    for name, spec in sets(stack).items():
        labels = spec["selector"]["matchLabels"]
        assert spec["podManagementPolicy"] == "Parallel", "none is ready without the others"
        assert spec["minReadySeconds"] >= 10
        assert [
            (item["topologyKey"], item["whenUnsatisfiable"], item["maxSkew"], item["labelSelector"]["matchLabels"])
            for item in pod(spec)["topologySpreadConstraints"]
        ] == [
            ("topology.kubernetes.io/zone", "DoNotSchedule", 1, labels),
            ("kubernetes.io/hostname", "DoNotSchedule", 1, labels),
        ]
        (budget,) = (
            item.inputs["spec"]
            for item in recording.all("kubernetes:policy/v1:PodDisruptionBudget")
            if item.inputs["metadata"]["name"] == name
        )
        assert (budget["maxUnavailable"], budget["selector"]["matchLabels"]) == (1, labels)


@STACKS
def test_volumes_are_encrypted_gp3_and_are_deleted_before_their_driver(stack: str) -> None:
    recording, (_, kafka) = recorded(stack), settings(stack)
    sizes = {"kafka": kafka.storage, DECIDERS[stack]: kafka.quorum_storage}
    storage = recording.one("kubernetes:storage.k8s.io/v1:StorageClass")
    assert storage.inputs["parameters"]["encrypted"] == "true"
    assert storage.inputs["parameters"]["type"] == "gp3"
    for item in recording.all(STATEFUL_SET):
        (claim,) = item.inputs["spec"]["volumeClaimTemplates"]
        assert claim["spec"]["storageClassName"] == storage.inputs["metadata"]["name"]
        assert claim["spec"]["resources"]["requests"]["storage"] == sizes[item.inputs["metadata"]["name"]]
        assert storage.urn in recording.before(item)


@STACKS
def test_broker_has_minutes_to_start_and_to_stop(stack: str) -> None:
    for name, spec in sets(stack).items():
        one = container(spec)
        startup = one["startupProbe"]
        assert startup["periodSeconds"] * startup["failureThreshold"] >= 1800
        assert one["livenessProbe"]["tcpSocket"] == {"port": "clients"}
        assert ("exec" in one["readinessProbe"]) == (name == "zookeeper"), "it accepts connections without a quorum"
        assert pod(spec)["terminationGracePeriodSeconds"] >= (180 if name == "kafka" else 60)
        assert one["command"][-1].rstrip().endswith("exec /etc/confluent/docker/run"), "Java gets the signal"


@STACKS
def test_variables_are_accepted_by_the_image(stack: str) -> None:
    for name, spec in sets(stack).items():
        told = environment(stack, name)
        assert pod(spec)["enableServiceLinks"] is False, "a Service's KAFKA_PORT ends the start script"
        if name == "zookeeper":
            assert zookeeper_properties({**told, "ZOOKEEPER_SERVER_ID": "1"})["server.3"] == (
                "zookeeper-2.zookeeper-servers.kafka.svc.cluster.local:2888:3888"
            )
        else:
            advertised = {"KAFKA_ADVERTISED_LISTENERS": "INTERNAL://kafka-0:9092"} if name == "kafka" else {}
            assert kafka_properties({**told, **advertised})
            with pytest.raises(RefusedError):
                kafka_properties({**told, **advertised, "KAFKA_PORT": "tcp://10.0.0.1:9092"})


@STACKS
def test_min_insync_replicas_are_two_of_three_brokers(stack: str) -> None:
    _, kafka = settings(stack)
    told = kafka_properties({**environment(stack, "kafka"), "KAFKA_ADVERTISED_LISTENERS": "x"})
    assert {
        name: told[name]
        for name in (
            "default.replication.factor",
            "min.insync.replicas",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "unclean.leader.election.enable",
            "num.partitions",
            "log.retention.hours",
            "auto.create.topics.enable",
        )
    } == {
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "offsets.topic.replication.factor": "3",
        "transaction.state.log.replication.factor": "3",
        "transaction.state.log.min.isr": "2",
        "unclean.leader.election.enable": "false",
        "num.partitions": str(kafka.partitions),
        "log.retention.hours": str(kafka.retention_hours),
        "auto.create.topics.enable": str(kafka.auto_create_topics).lower(),
    }
    assert told["log.dirs"] == "/var/lib/kafka/data/topics", "not beside lost+found, which Kafka takes for a topic"


@STACKS
def test_controllers_and_brokers_have_one_cluster_id_and_unique_node_ids(stack: str) -> None:
    told = environment(stack, "kafka")
    if stack == "zookeeper":
        assert told["KAFKA_ZOOKEEPER_CONNECT"] == ",".join(
            f"zookeeper-{number}.zookeeper-servers.kafka.svc.cluster.local:2181" for number in range(3)
        )
        assert "KAFKA_PROCESS_ROLES" not in told
        return
    others = environment(stack, "controller")
    assert told["CLUSTER_ID"] == others["CLUSTER_ID"] == cluster_id("streams")
    assert told["KAFKA_CONTROLLER_QUORUM_VOTERS"] == others["KAFKA_CONTROLLER_QUORUM_VOTERS"]
    voters = [voter.partition("@")[0] for voter in told["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")]
    assert voters == [str(int(others["FIRST_NUMBER"]) + number) for number in range(3)]
    assert not {"0", "1", "2"} & set(voters), "a broker's number is no controller's"


@pytest.mark.parametrize("project", ["streams", "nemo", "a", "shop-ai"])
def test_cluster_id_is_valid_for_kafka_and_is_no_option(project: str) -> None:
    made = cluster_id(project)
    assert len(made) == 22, "sixteen bytes"
    assert not made.startswith("-")
    assert made == cluster_id(project)
    assert made != cluster_id(f"{project}2")


@STACKS
def test_java_heap_is_half_of_the_memory_limit(stack: str) -> None:
    for name, spec in sets(stack).items():
        limit = amount(MEMORY, container(spec)["resources"]["limits"]["memory"]) // MIB
        assert environment(stack, name)["KAFKA_HEAP_OPTS"] == f"-Xms{limit // 2}m -Xmx{limit // 2}m"


def test_java_heap_is_a_whole_number_of_mebibytes() -> None:
    assert heap(Resources(requests=Amounts(memory="1G"), limits=Amounts(memory="1500M"))) == "-Xms715m -Xmx715m"


# --- ways in ---


def balancer_rules(recording: Recording) -> dict[int, set[str]]:
    """Which security groups get through which port of the load balancer."""
    group = recording.one("aws:ec2/securityGroup:SecurityGroup", "kafka-outside").urn
    found: dict[int, set[str]] = {}
    for item in recording.all(INGRESS_RULE):
        if item.name.startswith("kafka-outside-") and item.name != "kafka-outside-from-load-balancer":
            assert group in item.dependencies
            assert "cidrIpv4" not in item.inputs
            assert item.inputs["fromPort"] == item.inputs["toPort"]
            found.setdefault(item.inputs["fromPort"], set()).add(item.inputs["referencedSecurityGroupId"])
    return found


@STACKS
def test_internal_network_load_balancer_allows_named_instances_only(stack: str) -> None:
    recording, (_, kafka) = recorded(stack), settings(stack)
    assert kafka.load_balancer is not None
    balancer = recording.inputs("aws:lb/loadBalancer:LoadBalancer", "kafka-outside")
    assert (balancer["internal"], balancer["loadBalancerType"]) == (True, "network")
    assert balancer["enableCrossZoneLoadBalancing"] is True, "a broker is in one zone, and clients ask any address"
    assert len(balancer["subnets"]) == 3
    groups = recording.all("aws:ec2/securityGroup:SecurityGroup")
    ids = {item.name: item for item in groups}
    rules = balancer_rules(recording)
    assert list(rules) == [9094, *(9095 + number for number in range(kafka.brokers))]
    for port, allowed in rules.items():
        assert len(allowed) == len(kafka.load_balancer.instances), port
    let_in = {
        dependency
        for item in recording.all(INGRESS_RULE)
        if item.name.startswith("kafka-outside-")
        for dependency in item.dependencies
    }
    for name in kafka.load_balancer.instances:
        assert ids[f"instances-{name}"].urn in let_in
    if stack == "streams":
        assert ids["instances-elsewhere"].urn not in let_in


@STACKS
def test_listener_ports_forward_to_the_advertised_brokers(stack: str) -> None:
    recording = recorded(stack)
    services = {item.inputs["metadata"]["name"]: item.inputs["spec"] for item in recording.all(SERVICE)}
    bindings = {
        item.inputs["spec"]["targetGroupARN"]: item.inputs["spec"]["serviceRef"]
        for item in recording.all("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
    }
    led = {}
    for item in recording.all("aws:lb/listener:Listener"):
        assert (item.inputs["protocol"], item.inputs["tcpIdleTimeoutSeconds"]) == ("TCP", 660)
        (action,) = item.inputs["defaultActions"]
        spec = services[bindings[action["targetGroupArn"]]["name"]]
        assert spec["ports"][0]["port"] == bindings[action["targetGroupArn"]]["port"] == 9094
        led[item.inputs["port"]] = spec["selector"].get("statefulset.kubernetes.io/pod-name")
    brokers = settings(stack)[1].brokers
    assert led == {9094: None, **{9095 + number: f"kafka-{number}" for number in range(brokers)}}
    told = environment(stack, "kafka")
    (record,) = (item.inputs for item in recording.all("aws:route53/record:Record") if item.inputs.get("aliases"))
    assert (told["OUTSIDE"], told["FIRST_PORT"]) == (record["name"], "9095")
    assert record["name"] == f"kafka.{settings(stack)[0].private_domain()}"


@STACKS
def test_targets_are_broker_pods_and_allow_the_balancer_addresses(stack: str) -> None:
    recording = recorded(stack)
    for item in recording.all("aws:lb/targetGroup:TargetGroup"):
        assert (item.inputs["protocol"], item.inputs["targetType"], item.inputs["port"]) == ("TCP", "ip", 9094)
        assert item.inputs["preserveClientIp"] == "false"
        assert item.inputs["healthCheck"]["protocol"] == "TCP"
    policy = next(item.inputs for item in recording.all(POLICY) if item.inputs["metadata"]["name"] == "kafka")
    outside = [rule for rule in policy["spec"]["ingress"] if rule["ports"] == [{"protocol": "TCP", "port": 9094}]]
    cidrs = settings(stack)[0].network.private_cidrs()
    assert outside == [
        {"from": [{"ipBlock": {"cidr": cidr}} for cidr in cidrs], "ports": [{"protocol": "TCP", "port": 9094}]}
    ]


def test_external_clients_authenticate_with_a_password_from_a_secret() -> None:
    told = kafka_properties({**environment("streams", "kafka"), "KAFKA_ADVERTISED_LISTENERS": "x"})
    assert "EXTERNAL:SASL_SSL" in told["listener.security.protocol.map"]
    assert told["listener.name.external.sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert told["listener.name.external.scram-sha-512.sasl.jaas.config"].endswith("ScramLoginModule required;")
    recording = recorded("streams")
    job = recording.one("kubernetes:batch/v1:Job", "kafka-users")
    assert recording.one(STATEFUL_SET, "kafka-broker").urn in recording.before(job)
    (one,) = job.inputs["spec"]["template"]["spec"]["containers"]
    values = {item["name"]: item.get("value") for item in one["env"]}
    assert values["USERS"] == "predictor trainer"
    keys = {
        item["name"]: item["valueFrom"]["secretKeyRef"]["key"]
        for item in one["env"]
        if item["name"].startswith("PASSWORD_")
    }
    assert keys == {"PASSWORD_0": "predictor", "PASSWORD_1": "trainer"}


def test_no_authentication_and_no_job_without_users() -> None:
    told = environment("zookeeper", "kafka")
    assert "EXTERNAL:PLAINTEXT" in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]
    assert not [name for name in told if "SASL" in name]
    assert not [item for item in recorded("zookeeper").all("kubernetes:batch/v1:Job") if "kafka" in item.name]


@STACKS
def test_policies_allow_callers_to_brokers_and_brokers_to_controllers_only(stack: str) -> None:
    found = {
        item.inputs["metadata"]["name"]: item.inputs["spec"]
        for item in recorded(stack).all(POLICY)
        if item.inputs["metadata"]["namespace"] == "kafka"
    }
    broker = {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "kafka", "app.kubernetes.io/component": "broker"}}
    }
    clients = next(
        rule["from"] for rule in found["kafka"]["ingress"] if rule["ports"] == [{"protocol": "TCP", "port": 9092}]
    )
    namespaces = [
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for peer in clients
        if "namespaceSelector" in peer
    ]
    assert namespaces == (["production"] if stack == "streams" else [])
    assert broker in clients
    asked, among = found[DECIDERS[stack]]["ingress"]
    assert asked["from"] == [broker]
    assert asked["ports"] == [{"protocol": "TCP", "port": 9093 if stack == "streams" else 2181}]
    assert [port["port"] for port in among["ports"]] == ([9093] if stack == "streams" else [2181, 2888, 3888])
    assert not any("ipBlock" in peer for rule in found[DECIDERS[stack]]["ingress"] for peer in rule["from"])


def test_environment_reaches_kafka_only_where_it_is_a_caller() -> None:
    reached = {
        item.inputs["metadata"]["namespace"]
        for item in recorded("streams").all(POLICY)
        for rule in item.inputs["spec"].get("egress", ())
        for peer in rule["to"]
        if peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name") == "kafka"
    }
    assert reached == {"production"}


def test_largest_message_of_a_topic_is_fetched_by_replicas() -> None:
    told = kafka_properties({**environment("streams", "kafka"), "KAFKA_ADVERTISED_LISTENERS": "x"})
    sizes = {name: value for name, value in told.items() if name.endswith("bytes")}
    assert sizes == {
        "log.retention.bytes": "4294967296",
        "message.max.bytes": "2097152",
        "replica.fetch.max.bytes": "3145728",
    }
    (job,) = recorded("streams").inputs("kubernetes:batch/v1:Job", "kafka-topics")["spec"]["template"]["spec"][
        "containers"
    ]
    listed = {item["name"]: item.get("value") for item in job["env"]}["TOPICS"]
    assert listed == "films 4 3 retention.ms=86400000,retention.bytes=4294967296,max.message.bytes=3145728"
    assert not [name for name in environment("zookeeper", "kafka") if name.endswith("BYTES")], "Kafka's own defaults"


def test_certificate_covers_every_name_and_restarts_pods() -> None:
    recording = recorded("streams")
    request = recording.inputs("tls:index/certRequest:CertRequest", "kafka-certificate")
    assert request["dnsNames"] == [
        "*.kafka-brokers.kafka.svc.cluster.local",
        "*.kafka-controllers.kafka.svc.cluster.local",
        "kafka-bootstrap.kafka.svc.cluster.local",
        "kafka.streams.internal",
    ]
    signed = recording.inputs("tls:index/locallySignedCert:LocallySignedCert", "kafka-certificate")
    assert signed["validityPeriodHours"] == 825 * 24
    assert request["subject"] == {"commonName": "kafka", "organizationalUnit": "renewed 2026-09-01"}
    secret = recording.one(EXTERNAL_SECRET, "kafka-certificate-kafka-certificate")
    name = secret.inputs["spec"]["target"]["name"]
    assert re.fullmatch(r"kafka-certificate-[0-9a-f]{8}", name), "another name after a renewal"
    for kind, spec in sets("streams").items():
        template = spec["template"]
        assert {"name": "certificate", "secret": {"secretName": name}} in template["spec"]["volumes"]
        item = next(item for item in recording.all(STATEFUL_SET) if item.inputs["metadata"]["name"] == kind)
        assert secret.urn in recording.before(item), "a pod does not start without it"
    assert not [item for item in recorded("zookeeper").plan.resources if item.type.startswith("tls:")]


def test_private_keys_are_secret_in_a_plan() -> None:
    recording = recorded("streams")
    text = "".join(str(item.inputs) for item in recording.plan.resources) + str(recording.plan.outputs)
    assert "PRIVATE KEY" not in text
    assert "BEGIN CERTIFICATE" in recording.plan.outputs["stores_ca_certificate"]


def test_clients_get_the_certificate_of_the_authority() -> None:
    recording = recorded("streams")
    certificate = recording.plan.outputs["stores_ca_certificate"]
    data = recording.inputs("kubernetes:core/v1:ConfigMap", "production-connections")["data"]
    assert data == {"KAFKA_SECURITY_PROTOCOL": "SSL", "STORES_CA_CERTIFICATE": certificate}
    assert not [item for item in recording.all("kubernetes:core/v1:ConfigMap") if item.name == "staging-connections"]
    version = recording.inputs("aws:secretsmanager/secretVersion:SecretVersion", "secret-stores-ca")
    assert version["secretString"] == "[secret]"


@STACKS
def test_bootstrap_servers_are_outputs(stack: str) -> None:
    outputs = recorded(stack).plan.outputs
    assert outputs["kafka_bootstrap_servers"] == "kafka-bootstrap.kafka.svc.cluster.local:9092"
    assert outputs["kafka_outside_bootstrap_servers"] == f"kafka.{settings(stack)[0].private_domain()}:9094"
