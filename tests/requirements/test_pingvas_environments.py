"""003: two environments on one cluster, isolated by namespace, quota, network, priority, role and data."""

import json
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from config.priorities import PRIORITIES
from config.settings import Settings
from tests.components.base import settings_of
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

ENVIRONMENTS = ("dev", "prod")
EACH = pytest.mark.parametrize("environment", ENVIRONMENTS)
OTHER = {"dev": "prod", "prod": "dev"}
VPC = IPv4Network("10.0.0.0/16")
Json = Any


@pytest.fixture(scope="module")
def plan(pingvas: Planned) -> Planned:
    """The stack as it is shipped."""
    return pingvas


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return settings_of("pingvas")


def policy(plan: Planned, environment: str) -> Mapping[str, Json]:
    """The description of the policy that keeps an environment from the other."""
    return plan.manifest("NetworkPolicy", f"deny-to-{OTHER[environment]}", environment)["spec"]


def blocks(rules: list[Json]) -> list[tuple[IPv4Network, list[IPv4Network], set[tuple[str, int]]]]:
    """The addresses that rules name, without which of them, and on which ports."""
    return [
        (
            IPv4Network(peer["ipBlock"]["cidr"]),
            list(map(IPv4Network, peer["ipBlock"].get("except", []))),
            {(port["protocol"], port["port"]) for port in rule["ports"]},
        )
        for rule in rules
        for peer in (rule.get("to") or rule.get("from"))
        if "ipBlock" in peer
    ]


def reaches(rules: list[Json], address: IPv4Address) -> set[tuple[str, int]]:
    """On which ports an address may be spoken to."""
    return {
        port
        for cidr, without, ports in blocks(rules)
        if address in cidr and not any(address in one for one in without)
        for port in ports
    }


def deployment(plan: Planned, environment: str, name: str) -> Mapping[str, Json]:
    """The pods of an application."""
    return plan.manifest("Deployment", name, environment)["spec"]["template"]["spec"]


def database_template(plan: Planned, environment: str) -> Mapping[str, str]:
    """The keys of the Kubernetes secret `db-credentials`, and what they are made of."""
    return plan.manifest("ExternalSecret", "db-credentials", environment)["spec"]["target"]["template"]["data"]


# --- tenancy ---


@pytest.mark.requirement("003-wkl-01", "003-ten-01", "003-ver-07", "003-ver-12")
def test_two_namespaces_share_cluster_and_database_with_services_and_workers(plan: Planned) -> None:
    assert [cluster.inputs["name"] for cluster in plan.all("eks:index:Cluster")] == ["pingvas-shared-eks"]
    assert len(plan.all("aws:rds/cluster:Cluster")) == 1
    running = {
        (item["metadata"]["namespace"], item["metadata"]["name"])
        for item in plan.manifests("Deployment")
        if item["metadata"]["namespace"] in ENVIRONMENTS
    }
    services = ("user-service", "payment-service", "generation-service", "generation-worker")
    assert running == {(environment, service) for environment in ENVIRONMENTS for service in services}


@pytest.mark.requirement("003-ten-02")
@EACH
def test_namespace_has_its_environment_label_and_injects_sidecars(plan: Planned, environment: str) -> None:
    labels = plan.manifest("Namespace", environment)["metadata"]["labels"]
    assert (labels["environment"], labels["istio-injection"]) == (environment, "enabled")


@pytest.mark.requirement("003-ten-03")
@EACH
def test_sidecars_reach_the_control_plane_of_the_mesh(plan: Planned, environment: str) -> None:
    (rule,) = (
        rule
        for rule in policy(plan, environment)["egress"]
        if {"protocol": "TCP", "port": 15012} in rule.get("ports", [])
    )
    (peer,) = rule["to"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "istio-system"}
    without = planned("pingvas", f"environments.{environment}.labels=" + "{}")
    assert "15012" not in json.dumps(policy(without, environment))


# --- quotas ---

QUOTAS = {
    "dev": {
        "requests.cpu": "20",
        "requests.memory": "50Gi",
        "requests.nvidia.com/gpu": "3",
        "pods": "50",
        "services": "20",
        "persistentvolumeclaims": "10",
    },
    "prod": {
        "requests.cpu": "50",
        "requests.memory": "200Gi",
        "requests.nvidia.com/gpu": "15",
        "pods": "200",
        "services": "50",
        "persistentvolumeclaims": "30",
    },
}


@pytest.mark.requirement("003-pol-01", "003-pol-02", "003-ver-13")
@EACH
def test_environment_has_the_quota_of_the_document(plan: Planned, environment: str) -> None:
    assert plan.manifest("ResourceQuota", f"{environment}-quota", environment)["spec"]["hard"] == QUOTAS[environment]


@pytest.mark.requirement("003-pol-02")
@EACH
def test_container_without_requests_gets_defaults(plan: Planned, environment: str) -> None:
    # The quota would refuse it.
    (limit,) = plan.manifest("LimitRange", f"{environment}-limits", environment)["spec"]["limits"]
    assert limit["type"] == "Container"
    assert limit["defaultRequest"] == {"cpu": "100m", "memory": "128Mi"}
    assert limit["default"] == {"memory": "512Mi"}


# --- network ---


@pytest.mark.requirement("003-pol-03", "003-ver-14")
@EACH
def test_policy_named_after_the_other_environment_covers_all_pods_and_egress(plan: Planned, environment: str) -> None:
    spec = policy(plan, environment)
    assert (spec["podSelector"], spec["policyTypes"]) == ({}, ["Egress"])
    (cni,) = (addon for addon in plan.all("eks:index:Addon") if addon.inputs["addonName"] == "vpc-cni")
    configuration = cni.inputs["configurationValues"]
    configuration = json.loads(configuration) if isinstance(configuration, str) else configuration
    assert configuration["enableNetworkPolicy"] in ("true", True), "without it nothing enforces a policy"


@pytest.mark.requirement("003-pol-04")
@EACH
def test_pods_reach_their_own_environment_and_no_rule_names_the_other(plan: Planned, environment: str) -> None:
    assert policy(plan, environment)["egress"][0] == {
        "to": [{"namespaceSelector": {"matchLabels": {"environment": environment}}}]
    }
    selected = [
        peer["namespaceSelector"]["matchLabels"]
        for item in plan.manifests("NetworkPolicy")
        if item["metadata"]["namespace"] == environment
        for rule in (*item["spec"].get("egress", ()), *item["spec"].get("ingress", ()))
        for peer in (*rule.get("to", ()), *rule.get("from", ()))
        if "namespaceSelector" in peer
    ]
    assert {"environment": environment} in selected
    assert all(labels for labels in selected), "an empty selector is every namespace"
    assert not [labels for labels in selected if OTHER[environment] in labels.values()]


@pytest.mark.requirement("003-pol-05", "003-pol-08")
@EACH
def test_egress_allows_443_to_the_internet_and_53_to_cluster_dns(plan: Planned, environment: str) -> None:
    egress = policy(plan, environment)["egress"]
    assert reaches(egress, IPv4Address("54.231.0.1")) == {("TCP", 443)}
    assert reaches(egress, IPv4Address("169.254.169.254")) == set(), "instance metadata has the node's role"
    (dns,) = (rule for rule in egress if {"protocol": "UDP", "port": 53} in rule.get("ports", []))
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == {("UDP", 53), ("TCP", 53)}
    (peer,) = dns["to"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kube-system"}
    assert peer["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
    default = plan.manifest("NetworkPolicy", "default-deny", environment)["spec"]
    assert ("ingress" not in default, default["policyTypes"]) == (True, ["Ingress", "Egress"])


@pytest.mark.requirement("003-pol-07")
@pytest.mark.deviates("003-pol-06")
@EACH
def test_egress_inside_the_vpc_is_limited_to_data_subnets_and_ports(
    plan: Planned, settings: Settings, environment: str
) -> None:
    egress = policy(plan, environment)["egress"]
    data = [IPv4Network(cidr) for cidr in settings.network.data_cidrs()]
    pods = [IPv4Network(cidr) for cidr in settings.network.private_cidrs()]
    assert not any(one.overlaps(other) for one in data for other in pods)
    for subnet in data:
        assert reaches(egress, subnet[10]) == {("TCP", 5432), ("TCP", 6379), ("TCP", 2049)}
    for subnet in (*pods, *map(IPv4Network, settings.network.public_cidrs())):
        assert reaches(egress, subnet[10]) == set(), "pods of the other environment have such addresses"
    assert not [cidr for cidr, _, _ in blocks(egress) if cidr == VPC]


@pytest.mark.requirement("003-pol-07")
@EACH
def test_ingress_allows_own_pods_load_balancer_and_prometheus_only(
    plan: Planned, settings: Settings, environment: str
) -> None:
    peers = [
        json.dumps(peer, sort_keys=True)
        for item in plan.manifests("NetworkPolicy")
        if item["metadata"]["namespace"] == environment
        for rule in item["spec"].get("ingress", ())
        for peer in rule["from"]
    ]
    balancer = [{"ipBlock": {"cidr": cidr}} for cidr in settings.network.public_cidrs()]
    labels = [{"environment": environment}, {"kubernetes.io/metadata.name": "monitoring"}]
    namespaces = [{"namespaceSelector": {"matchLabels": each}} for each in labels]
    assert set(peers) == {json.dumps(peer, sort_keys=True) for peer in (*balancer, *namespaces)}


# --- priority ---


@pytest.mark.requirement("003-pol-09", "003-ver-15")
def test_production_has_higher_priority_and_no_class_is_the_default(plan: Planned) -> None:
    classes = {item["metadata"]["name"]: item for item in plan.manifests("PriorityClass")}
    assert {name: item["value"] for name, item in classes.items()} == {
        "prod-critical": 2_000_000,
        "prod-high": 1_000_000,
        "dev-low": 100_000,
        # The platform's own, which no application can name.
        **PRIORITIES,
    }
    assert {item["globalDefault"] for item in classes.values()} == {False}


@pytest.mark.requirement("003-wkl-07")
def test_every_pod_has_a_priority_class_that_its_policy_allows(plan: Planned) -> None:
    allowed = {
        environment: plan.manifest("ValidatingAdmissionPolicy", f"{environment}-priority-classes")["spec"]
        for environment in ENVIRONMENTS
    }
    expressions = {key: spec["validations"][0]["expression"] for key, spec in allowed.items()}
    assert 'in ["dev-low"]' in expressions["dev"]
    assert 'in ["prod-high", "prod-critical"]' in expressions["prod"]
    assert all(text.startswith("has(object.spec.priorityClassName)") for text in expressions.values())
    assert deployment(plan, "prod", "user-service")["priorityClassName"] == "prod-high"
    assert deployment(plan, "prod", "payment-service")["priorityClassName"] == "prod-critical"
    for kind in ("Deployment", "Job", "CronJob"):
        for item in plan.manifests(kind):
            environment, spec = item["metadata"]["namespace"], item["spec"]
            if environment in ENVIRONMENTS:
                template = (spec["jobTemplate"]["spec"] if kind == "CronJob" else spec)["template"]
                name = template["spec"]["priorityClassName"]
                assert json.dumps(name) in expressions[environment], item["metadata"]["name"]


# --- cache ---


@pytest.mark.requirement("003-cac-06", "003-ver-16")
@pytest.mark.deviates("003-cac-04", "003-cac-05")
@pytest.mark.parametrize(("environment", "index"), [("dev", "0"), ("prod", "1")])
def test_each_environment_has_a_cache_database_by_the_certificate_name(
    plan: Planned, environment: str, index: str
) -> None:
    data = plan.manifest("ConfigMap", "redis-config", environment)["data"]
    group = plan.one("aws:elasticache/replicationGroup:ReplicationGroup")
    host = plan.attribute(group, "primaryEndpointAddress")
    assert data["REDIS_URL"] == f"rediss://{host}:6379/{index}"
    assert data["REDIS_DB"] == index
    assert data["REDIS_KEY_PREFIX"] == f"{environment}:", "the number protects nothing; the user's prefix does"
    alias = plan.manifest("Service", "redis-primary", "default")["spec"]
    assert (alias["type"], alias["externalName"]) == ("ExternalName", host)
    logins = plan.manifest("ExternalSecret", "redis-credentials", environment)["spec"]["data"]
    assert {item["secretKey"] for item in logins} == {"REDIS_USERNAME", "REDIS_PASSWORD"}


# --- secrets ---


@pytest.mark.requirement("003-sct-03", "003-ver-16")
@EACH
def test_db_credentials_have_url_and_schema_and_every_service_reads_them(plan: Planned, environment: str) -> None:
    found = plan.manifest("ExternalSecret", "db-credentials", environment)
    assert found["spec"]["target"]["name"] == "db-credentials"
    template = database_template(plan, environment)
    assert {"DATABASE_URL", "DB_SCHEMA"} <= set(template)
    assert template["DB_SCHEMA"] == f"{environment}_pingvas"
    for item in plan.manifests("Deployment"):
        if item["metadata"]["namespace"] == environment:
            (container,) = item["spec"]["template"]["spec"]["containers"]
            assert {"secretRef": {"name": "db-credentials"}} in container["envFrom"]


@pytest.mark.requirement("003-db-16")
@pytest.mark.deviates("003-sct-04")
@EACH
def test_url_has_the_writer_endpoint_database_and_schema(plan: Planned, environment: str) -> None:
    cluster = plan.one("aws:rds/cluster:Cluster")
    template = database_template(plan, environment)
    ending = f":5432/pingvas_saas?options=-c%20search_path%3D{environment}_pingvas&sslmode=require"
    for key, endpoint in (("DATABASE_URL", "endpoint"), ("DATABASE_READER_URL", "readerEndpoint")):
        start, _, rest = template[key].partition("@")
        assert start == "postgresql://{{ .username | urlquery }}:{{ .password | urlquery }}"
        assert rest == plan.attribute(cluster, endpoint) + ending
    assert "pingvas-shared-writer" not in template["DATABASE_URL"], "after a failover that instance is a reader"
    login = plan.secret_strings[f"shared-schemas-{environment}"]
    assert (login["username"], login["schema"]) == (f"{environment}_user", f"{environment}_pingvas")


@pytest.mark.requirement("003-sct-05")
@EACH
def test_environment_reads_its_own_secrets_only_and_manifests_hold_none(plan: Planned, environment: str) -> None:
    assert plan.manifests("Secret") == []
    (statement,) = plan.statements(f"pingvas-{environment}-secrets")
    names = {arn.split(":secret:")[1].rsplit("-", 1)[0] for arn in statement["Resource"]}
    assert names == {f"pingvas/{environment}/database", f"pingvas/{environment}/cache"}
    assert plan.trusted_account(f"pingvas-{environment}-secrets") == f"{environment}:{environment}-secrets"
    passwords = {value["password"] for value in plan.secret_strings.values() if "password" in value}
    text = json.dumps([resource.inputs for resource in plan.plan.resources])
    assert passwords
    assert not [password for password in passwords if password in text]


# --- ingress and identity ---


@pytest.mark.requirement("003-ing-01")
def test_services_have_hosts_of_their_environment_with_tls_and_one_record(plan: Planned) -> None:
    rules = [
        {kind: found["values"] for condition in rule.inputs["conditions"] for kind, found in condition.items()}
        for rule in plan.all("aws:lb/listenerRule:ListenerRule")
    ]
    for host in ("api.dev.pingvas.example.com", "api.pingvas.example.com"):
        for path in ("/api/v1/users", "/api/v1/generations"):
            assert {"hostHeader": [host], "pathPattern": [path, f"{path}/*"]} in rules
        assert len(plan.all("aws:route53/record:Record", name=host, type="A")) == 1
    certificate = plan.one("aws:acm/certificate:Certificate").inputs
    names = [certificate["domainName"], *certificate.get("subjectAlternativeNames", [])]
    assert len(names) == len(set(names))
    assert {"api.dev.pingvas.example.com", "api.pingvas.example.com"} <= set(names)


@pytest.mark.requirement("003-ing-01")
@EACH
def test_one_role_per_namespace_reaches_its_image_bucket_and_shared_models(plan: Planned, environment: str) -> None:
    role = f"pingvas-{environment}-app"
    assert plan.trusted_account(role) == f"{environment}:app"
    rights = {statement["Sid"]: statement for statement in plan.statements(role)}
    images, models = f"arn:aws:s3:::pingvas-{environment}-images", "arn:aws:s3:::pingvas-models-shared"
    assert rights["ReadObjects"]["Resource"] == [f"{models}/*"]
    assert rights["ReadObjects"]["Action"] == ["s3:GetObject"]
    assert rights["KeepObjects"]["Resource"] == [f"{images}/*"]
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} <= set(rights["KeepObjects"]["Action"])
    assert sorted(rights["ListObjects"]["Resource"]) == sorted([images, models])
    assert set(rights) == {"ListObjects", "ReadObjects", "KeepObjects"}
    assert deployment(plan, environment, "generation-worker")["serviceAccountName"] == "app"
