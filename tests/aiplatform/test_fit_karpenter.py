"""Pods on the nodes that Karpenter would bring."""

from typing import Any

from aiplatform.fit.fit import Fit, fit_objects
from aiplatform.fit.karpenter import pools
from config.quantities import GPU
from tests.aiplatform.test_fit_figures import deployment, group_of, item_of

ZONES = ("us-west-2a", "us-west-2b")


def _fit(replicas: int, requests: dict[str, str], limits: dict[str, str] | None = None, *families: str) -> Fit:
    requirement = {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": list(families)}
    spec: dict[str, Any] = {"template": {"spec": {"requirements": [requirement]}}, "limits": limits or {}}
    items = [item_of("NodePool", "train", spec), deployment("web", replicas, requests)]
    return fit_objects(items, [group_of("cpu", "t3.medium"), *pools(items, ZONES)])


def test_a_pool_brings_the_smallest_node_that_is_large_enough() -> None:
    found = _fit(1, {"cpu": "6"}, None, "m7i")
    (_, brought) = found.levels["expected"].groups
    assert (brought.name, brought.nodes) == ("train/m7i.2xlarge", 1)
    assert found.findings == ()


def test_the_limits_of_a_pool_keep_pods_waiting() -> None:
    # Each pod needs an m7i.2xlarge of 8 vCPUs; a limit of 20 allows two of them.
    found = _fit(3, {"cpu": "6"}, {"cpu": "20"}, "m7i")
    (waiting,) = found.levels["expected"].pending()
    assert (waiting.placed, waiting.pending) == (2, 1)


def test_a_pool_of_gpus_is_no_place_for_more_gpus_than_its_largest_type_has() -> None:
    assert _fit(1, {GPU: "8"}, None, "g5").findings == ()
    (finding,) = _fit(1, {GPU: "9"}, None, "g5").findings
    assert "asks for 9 nvidia.com/gpu; a node of group train/g5.48xlarge offers 8 nvidia.com/gpu" in finding.message
