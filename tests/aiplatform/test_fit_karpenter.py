"""The fit of pods on nodes of Karpenter pools."""

from collections.abc import Mapping
from typing import Any

from aiplatform.fit.fit import Fit, fit_objects
from aiplatform.fit.karpenter import pools
from catalog.quantities import DISK, GIB, GPU
from tests.aiplatform.test_fit_figures import deployment, group_of, item_of

ZONES = ("us-west-2a", "us-west-2b")


def _fit(replicas: int, requests: dict[str, str], limits: dict[str, str] | None = None, *families: str) -> Fit:
    requirement = {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": list(families)}
    spec: dict[str, Any] = {"template": {"spec": {"requirements": [requirement]}}, "limits": limits or {}}
    items = [item_of("NodePool", "train", spec), deployment("web", replicas, requests)]
    return fit_objects(items, [group_of("cpu", "t3.medium"), *pools(items, ZONES)])


def test_pool_adds_the_smallest_node_that_fits() -> None:
    found = _fit(1, {"cpu": "6"}, None, "m7i")
    (_, brought) = found.levels["expected"].groups
    assert (brought.name, brought.nodes) == ("train/m7i.2xlarge", 1)
    assert found.findings == ()


def test_pool_limits_leave_pods_pending() -> None:
    # Each pod needs an m7i.2xlarge of 8 vCPUs; a limit of 20 allows two of them.
    found = _fit(3, {"cpu": "6"}, {"cpu": "20"}, "m7i")
    (waiting,) = found.levels["expected"].pending()
    assert (waiting.placed, waiting.pending) == (2, 1)


def test_gpu_request_above_the_largest_type_of_a_pool_is_not_placed() -> None:
    assert _fit(1, {GPU: "8"}, None, "g5").findings == ()
    (finding,) = _fit(1, {GPU: "9"}, None, "g5").findings
    assert "requests 9 nvidia.com/gpu; a node of group train/g5.48xlarge has 8 nvidia.com/gpu" in finding.message


def test_gpu_limit_leaves_pods_pending_with_free_cpu_and_memory() -> None:
    found = _fit(3, {GPU: "1"}, {"cpu": "1000", GPU: "2"}, "g5")
    (waiting,) = found.levels["expected"].pending()
    assert (waiting.placed, waiting.pending) == (2, 1)


def test_pods_use_the_instance_store_where_the_node_class_has_raid() -> None:
    wanted = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge"]}]
    reference = {"name": "fast"}
    pool = item_of("NodePool", "gpu", {"template": {"spec": {"requirements": wanted, "nodeClassRef": reference}}})
    disks = [{"ebs": {"volumeSize": "30Gi"}}]
    with_store = {"blockDeviceMappings": disks, "instanceStorePolicy": "RAID0"}
    offered = {}
    for name, spec in (("root", {"blockDeviceMappings": disks}), ("store", with_store)):
        (group,) = pools([pool, item_of("EC2NodeClass", "fast", spec)], ZONES)
        offered[name] = group.offered[DISK] // GIB
    # A tenth stays free, and the kubelet keeps 1 GiB: of 30 GiB, and of 250 GB.
    assert offered == {"root": 26, "store": 207}


def _quotas(hard: Mapping[str, dict[str, str]]) -> Fit:
    """Quotas by namespace on three t3.medium and a pool of g5.xlarge with 16 cores, 64 GiB and 3 GPUs."""
    requirement = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge"]}
    limits = {"cpu": "16", "memory": "64Gi", GPU: "3"}
    items = [item_of("NodePool", "gpu", {"template": {"spec": {"requirements": [requirement]}}, "limits": limits})]
    items += [item_of("ResourceQuota", f"{name}-quota", {"hard": one}, name) for name, one in hard.items()]
    return fit_objects(items, [group_of("cpu", "t3.medium"), *pools(items, ZONES)])


def test_quota_is_compared_with_maximum_groups_and_pool_limits() -> None:
    # 3 x 1930m and, because of the GPUs, 3 x 3920m; 3 x 3246Mi and 3 x 14162Mi; 3 x 110 and 3 x 58 pods.
    found = _quotas(
        {
            "dev": {"cpu": "7", "requests.memory": "20Gi", f"requests.{GPU}": "1", "pods": "50", "services": "9"},
            "prod": {"requests.cpu": "10500m", f"requests.{GPU}": "2", "limits.cpu": "90"},
        }
    )  # fmt: skip
    assert tuple(quota.message for quota in found.quotas) == (
        "quota dev/dev-quota is 39 % (7 of 17.5 CPU), 39 % (20Gi of 51Gi memory), 33 % (1 of 3 nvidia.com/gpu), 9 % "
        "(50 of 504 pods) of the maximum capacity",
        "quota prod/prod-quota is 59 % (10.5 of 17.5 CPU), 66 % (2 of 3 nvidia.com/gpu) of the maximum capacity",
        "the sum of all quotas is 99 % (17.5 of 17.5 CPU), 39 % (20Gi of 51Gi memory), 100 % (3 of 3 nvidia.com/gpu), "
        "9 % (50 of 504 pods) of the maximum capacity",
    )
    assert found.findings == ()


def test_quotas_that_exceed_capacity_in_sum_are_info() -> None:
    found = _quotas({"dev": {f"requests.{GPU}": "2"}, "prod": {f"requests.{GPU}": "2"}, "lab": {"pods": "4"}})
    (note,) = found.findings
    assert (note.rule, note.severity, note.urn) == ("quota-overcommitted", "info", "urn:prod-quota")
    assert "of 2 namespaces together allow 4 nvidia.com/gpu, but the maximum capacity of nodes is 3" in note.message


def test_quota_without_pods_uses_no_capacity() -> None:
    found = _quotas({"dev": {f"requests.{GPU}": "2"}, "away": {f"requests.{GPU}": "2", "pods": "0"}})
    assert found.findings == ()
    assert [quota.message for quota in found.quotas] == [
        "quota dev/dev-quota is 66 % (2 of 3 nvidia.com/gpu) of the maximum capacity"
    ]


def test_quota_above_all_nodes_is_a_warning_and_not_summed() -> None:
    found = _quotas({"dev": {f"requests.{GPU}": "4"}, "prod": {f"requests.{GPU}": "2"}})
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("quota-unreachable", "warning")
    assert finding.fix == "decrease requests.nvidia.com/gpu to 3, or increase the maximum of nodes"


def test_object_quota_is_not_compared_with_nodes() -> None:
    (note,) = _quotas({"dev": {"services": "9"}}).quotas
    assert (note.message, note.severity) == ("quota dev/dev-quota is not limited by nodes", "info")
