"""Redis: stable names, network policies, placement, and permissions of clients."""

from collections.abc import Mapping
from typing import Any

from aiplatform.cost.pricer import bill
from aiplatform.findings.checks import findings
from catalog.prices import load_prices
from components.workloads.redis.configuration import CLIENT_COMMANDS, files
from config.workloads.redis import Redis, majority
from tests.components.base import BOTH, recorded
from tests.config.base import TODAY

STACK = "redis"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
PARTS = {"redis": "redis-server", "redis-sentinel": "redis-sentinel"}


def spec(part: str, unknown: bool = False) -> Mapping[str, Any]:
    return recorded(STACK, unknown).inputs(STATEFUL_SET, PARTS[part])["spec"]


def pod(part: str, unknown: bool = False) -> Mapping[str, Any]:
    return spec(part, unknown)["template"]["spec"]


def container(part: str, unknown: bool = False) -> Mapping[str, Any]:
    (only,) = pod(part, unknown)["containers"]
    return only


def variables(part: str) -> dict[str, Any]:
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container(part)["env"]}


@BOTH
def test_servers_and_sentinels_follow_replica_counts_and_have_a_volume_each(unknown: bool) -> None:
    for part, count, storage in (("redis", 3, "20Gi"), ("redis-sentinel", 5, "1Gi")):
        found = spec(part, unknown)
        (claim,) = found["volumeClaimTemplates"]
        assert found["replicas"] == count
        assert claim["spec"]["resources"]["requests"] == {"storage": storage}
        assert (claim["spec"]["accessModes"], claim["spec"]["storageClassName"]) == (["ReadWriteOnce"], "gp3")
    storage_class = recorded(STACK, unknown).inputs("kubernetes:storage.k8s.io/v1:StorageClass", "ebs-csi")
    assert storage_class["parameters"]["encrypted"] == "true"


def test_pods_start_in_parallel_and_are_replaced_one_at_a_time() -> None:
    # Servers wait for Sentinels.
    for part in PARTS:
        assert spec(part)["podManagementPolicy"] == "Parallel"
        assert spec(part)["minReadySeconds"] > 0
        budget = recorded(STACK).inputs("kubernetes:policy/v1:PodDisruptionBudget", PARTS[part])["spec"]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"]["matchLabels"] == spec(part)["selector"]["matchLabels"]


def test_pods_spread_over_zones_and_nodes() -> None:
    for part in PARTS:
        spread = {one["topologyKey"]: one for one in pod(part)["topologySpreadConstraints"]}
        assert set(spread) == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
        assert {(one["maxSkew"], one["whenUnsatisfiable"]) for one in spread.values()} == {(1, "DoNotSchedule")}
        assert pod(part)["nodeSelector"] == {"workload": "data"}


@BOTH
def test_pods_have_a_stable_name_and_address_known_without_dns(unknown: bool) -> None:
    names = {
        *(f"redis-{one}.redis-servers.redis.svc.cluster.local" for one in range(3)),
        *(f"redis-sentinel-{one}.redis-sentinels.redis.svc.cluster.local" for one in range(5)),
    }
    for part, resource in PARTS.items():
        aliases = pod(part, unknown)["hostAliases"]
        assert {name for alias in aliases for name in alias["hostnames"]} == names
        assert unknown or len({alias["ip"] for alias in aliases}) == len(names)
        headless = recorded(STACK, unknown).inputs(SERVICE, f"{resource}-names")
        assert headless["metadata"]["name"] == spec(part, unknown)["serviceName"]
        assert headless["spec"]["clusterIP"] == "None"
        assert headless["spec"]["publishNotReadyAddresses"] is True
    own = recorded(STACK, unknown).inputs(SERVICE, "redis-redis-1")
    assert own["spec"]["selector"]["statefulset.kubernetes.io/pod-name"] == "redis-1"
    assert own["spec"]["publishNotReadyAddresses"] is True
    assert own["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true", "its pod waits for its address"


def test_service_of_a_pod_selects_the_pods_of_its_policy() -> None:
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html: the agent sees the Service's address.
    for name, part in (("redis-redis-0", "server"), ("redis-redis-sentinel-0", "sentinel")):
        selected = recorded(STACK).inputs(SERVICE, name)["spec"]["selector"]
        assert policy(f"redis-{part}")["podSelector"]["matchLabels"].items() <= selected.items()


def policy(name: str) -> Mapping[str, Any]:
    (found,) = (item.inputs["spec"] for item in recorded(STACK).all(POLICY) if item.inputs["metadata"]["name"] == name)
    return found


def test_policies_allow_named_environments_only_and_no_other_egress() -> None:
    label = "kubernetes.io/metadata.name"
    for part, port in (("server", 6380), ("sentinel", 26379)):
        (rule,) = policy(f"redis-{part}")["ingress"]
        spaces = [one["namespaceSelector"]["matchLabels"][label] for one in rule["from"] if "namespaceSelector" in one]
        assert spaces == ["keys-live"]
        assert rule["ports"] == [{"protocol": "TCP", "port": port}]
        targets = [peer for one in policy(f"redis-{part}")["egress"] for peer in one["to"]]
        assert all(set(peer) == {"podSelector"} for peer in targets), "of its own namespace"
    live = [rule for rule in policy("deny-to-trial")["egress"] if rule["to"][0].get("namespaceSelector")]
    wanted = {"namespaceSelector": {"matchLabels": {label: "redis"}}}
    (way,) = (rule for rule in live if wanted in rule["to"])
    assert [port["port"] for port in way["ports"]] == [6380, 26379]
    assert not [rule for rule in policy("deny-to-live")["egress"] if wanted in rule["to"]]


def test_clients_and_platform_have_separate_passwords_in_secrets_manager() -> None:
    recording = recorded(STACK)
    found = recording.inputs(EXTERNAL_SECRET, "redis-secrets-redis-passwords")["spec"]
    sources = {item["secretKey"]: item["remoteRef"] for item in found["data"]}
    names = {key: source["key"].partition(":secret:")[2].rpartition("-")[0] for key, source in sources.items()}
    assert names == {"password": "keys/redis", "platform": "keys/redis/platform"}
    for part in PARTS:
        given = variables(part)
        assert given["REDIS_PASSWORD"]["secretKeyRef"]["key"] == "password"
        assert given["PLATFORM_PASSWORD"]["secretKeyRef"]["key"] == "platform"
        assert given["POD_IP"] == {"fieldRef": {"fieldPath": "status.podIP"}}
    worker = recording.inputs("kubernetes:apps/v1:Deployment", "live-worker")["spec"]["template"]["spec"]
    (reference,) = (item for item in worker["containers"][0]["env"] if item["name"] == "REDIS_PASSWORD")
    synced = recording.inputs(EXTERNAL_SECRET, "live-secrets-worker")["spec"]
    assert reference["valueFrom"]["secretKeyRef"]["name"] == synced["target"]["name"]
    assert synced["data"][0]["remoteRef"]["key"] == sources["password"]["key"]


def test_primary_fails_over_within_the_grace_period_and_sentinels_stop_at_once() -> None:
    assert container("redis")["lifecycle"]["preStop"] == {"exec": {"command": ["sh", "/configuration/leave.sh"]}}
    assert int(variables("redis")["LEAVE_SECONDS"]) + 10 < pod("redis")["terminationGracePeriodSeconds"]
    assert "lifecycle" not in container("redis-sentinel")


def test_readiness_needs_the_data_of_the_primary_and_liveness_allows_loading() -> None:
    server = container("redis")
    assert server["readinessProbe"]["exec"]["command"][-1] == "ready"
    assert server["livenessProbe"]["exec"]["command"][-1] == server["startupProbe"]["exec"]["command"][-1] == "alive"
    assert container("redis-sentinel")["readinessProbe"]["exec"]["command"][-1] == "alive"


def test_writes_are_persisted_and_replicated_and_data_leaves_free_memory() -> None:
    told = recorded(STACK).inputs("kubernetes:core/v1:ConfigMap", "redis")["data"]
    lines = told["redis.conf"].splitlines()
    for line in ("appendonly yes", "min-replicas-to-write 1", "maxmemory 307mb", "maxmemory-policy volatile-lru"):
        assert line in lines
    lines = told["sentinel.conf"].splitlines()
    for line in (
        "sentinel resolve-hostnames yes",
        "sentinel announce-hostnames yes",
        "sentinel down-after-milliseconds primary 3000",
    ):
        assert line in lines
    assert not [text for name, text in told.items() if "requirepass" in text or "nopass" in text], "each user has one"


def test_quorum_is_a_majority_of_sentinels_unless_set() -> None:
    assert [majority(count) for count in (3, 4, 5, 7)] == [2, 3, 3, 4]
    assert variables("redis-sentinel")["QUORUM"] == "3"
    assert Redis(secret="redis").agreeing() == 2  # noqa: S106, a name
    assert Redis(secret="redis", sentinels=5, quorum=4).agreeing() == 4  # noqa: S106, a name
    assert "maxmemory 614mb" in files(Redis(secret="redis"))["redis.conf"]  # noqa: S106, a name


def test_bill_includes_volumes_and_every_pod_fits() -> None:
    recording = recorded(STACK)
    made = bill(recording.plan, recording.settings.costs, load_prices(), today=TODAY)
    volumes = {
        line.owner.name: line.quantity.expected
        for line in made.lines
        if line.owner.component == "redis" and line.item == "ebs_gp3_gb_month"
    }
    assert volumes == {"redis-server": 3 * 20, "redis-sentinel": 5}
    assert {finding.severity for finding in findings(recording.plan, recording.settings, made)} <= {"info"}


def test_client_user_has_no_administrative_commands() -> None:
    assert CLIENT_COMMANDS.startswith("+@all -@admin -@dangerous ")
    assert variables("redis")["CALLER_RIGHTS"] == CLIENT_COMMANDS
    assert variables("redis-sentinel")["CALLER_RIGHTS"].startswith("-@all ")


def test_servers_and_sentinels_use_tls_only() -> None:
    recording = recorded(STACK)
    told = recording.inputs("kubernetes:core/v1:ConfigMap", "redis")["data"]
    for file in ("redis.conf", "sentinel.conf"):
        assert {"port 0", "tls-replication yes", "tls-auth-clients no"} <= set(told[file].splitlines())
    names = recording.inputs("tls:index/certRequest:CertRequest", "redis-certificate")["dnsNames"]
    assert names == [
        "*.redis-servers.redis.svc.cluster.local",
        "*.redis-sentinels.redis.svc.cluster.local",
        "redis-sentinel.redis.svc.cluster.local",
    ]
    for part in PARTS:
        assert "certificate" in {volume["name"] for volume in pod(part)["volumes"]}
        assert variables(part)["TLS_OPTIONS"] == "--tls --cacert /certificate/ca.crt"
    data = recording.inputs("kubernetes:core/v1:ConfigMap", "live-connections")["data"]
    assert data.keys() == {"REDIS_TLS", "STORES_CA_CERTIFICATE"}
    assert "tls" not in files(Redis(secret="redis"))["redis.conf"]  # noqa: S106, a name


def test_eviction_and_persistence_follow_the_use() -> None:
    def told(**given: str) -> list[str]:
        return files(Redis(secret="redis", **given))["redis.conf"].splitlines()  # type: ignore[arg-type]  # noqa: S106, a name

    assert {"maxmemory-policy noeviction", "appendonly yes", "appendfsync everysec"} <= set(told())
    assert {"maxmemory-policy allkeys-lru", "appendonly no", 'save ""'} <= set(told(use="cache"))
    assert {"maxmemory-policy volatile-lru", "appendonly yes"} <= set(
        told(use="cache", eviction="volatile-lru", persistence="appendonly")
    )
    assert {"appendonly no", "save 3600 1 300 100 60 10000"} <= set(told(persistence="snapshots"))
    assert "appendfsync always" in told(synchronization="always")
    assert "maxmemory 100mb" in told(max_memory="100Mi")
