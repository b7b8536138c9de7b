"""Nodes with GPUs stay while pods run on them."""

from typing import Any

import pytest

from components.kubernetes.eviction import NOT_EVICTED, UNDISTURBED, kept_in_place
from config.node_pools import NodePool
from tests.components.base import recorded, settings_from

LIMITS = {"cpu": "32", "memory": "128Gi"}
GPU = {"instanceTypes": ["g6.xlarge"], "limits": {**LIMITS, "gpus": 4}}
CPU = {"instanceTypes": ["m7i.large"], "limits": LIMITS}
MOVES = {"policy": "WhenEmptyOrUnderutilized"}
RELEASE = "kubernetes:helm.sh/v3:Release"


def pool(given: dict[str, Any], **changed: Any) -> NodePool:
    return settings_from(NodePool, given | changed)


@pytest.mark.parametrize(
    ("given", "policy", "after", "age"),
    [
        (GPU, "WhenEmpty", "1m", "Never"),
        (GPU | {"consolidation": {"after": "10m"}}, "WhenEmpty", "10m", "Never"),
        (GPU | {"expireAfter": "240h"}, "WhenEmpty", "1m", "240h"),
        (GPU | {"consolidation": MOVES}, "WhenEmptyOrUnderutilized", "1m", "Never"),
        (CPU, "WhenEmptyOrUnderutilized", "1m", "720h"),
        (CPU | {"consolidation": {"policy": "WhenEmpty"}}, "WhenEmpty", "1m", "720h"),
    ],
)
def test_pool_with_gpus_keeps_running_pods_by_default(given: dict[str, Any], policy: str, after: str, age: str) -> None:
    # Karpenter moves running pods otherwise: https://github.com/kubernetes-sigs/karpenter/issues/2985
    found = pool(given)
    assert (found.consolidation.policy, found.consolidation.after, found.expire_after) == (policy, after, age)


def test_servers_on_a_pool_that_moves_pods_are_not_disrupted() -> None:
    assert kept_in_place([]) == kept_in_place([pool(GPU)]) == NOT_EVICTED
    assert kept_in_place([pool(GPU), pool(GPU, consolidation=MOVES)]) == UNDISTURBED
    assert UNDISTURBED == {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    }


def test_cluster_autoscaler_keeps_nodes_with_one_gpu_in_use() -> None:
    # A node with less than this share of its GPUs in use is removed, the pods of users included: one of eight is 0.125.
    found = recorded("servers").inputs(RELEASE, "cluster-autoscaler")["values"]["extraArgs"]
    assert 0 < found["scale-down-gpu-utilization-threshold"] < 1 / 16


def test_applications_with_gpus_are_not_evicted() -> None:
    recording = recorded("pingvas")
    found = {}
    for one in recording.all("kubernetes:apps/v1:Deployment"):
        template = one.inputs["spec"]["template"]
        limits = template["spec"]["containers"][0].get("resources", {}).get("limits", {})
        if limits.get("nvidia.com/gpu"):
            found[one.urn] = template["metadata"]["annotations"]
    assert found
    assert all(annotations.items() >= NOT_EVICTED.items() for annotations in found.values())
