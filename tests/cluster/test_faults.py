"""Faults in a cluster, and the state of the platform meanwhile."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.cluster.deployment import Deployed
from tests.parts.api import Object, eventually
from tests.parts.counts import proven


def _deployments(deployed: Deployed) -> list[Object]:
    return [item for item in deployed.manifests if item["kind"] == "Deployment" and _needs_room(item["spec"])]


def _needs_room(spec: Object) -> bool:
    """Whether a new version asks for a pod more: one without pods, or whose old pod goes first, does not."""
    strategy = spec.get("strategy", {})
    surge = strategy.get("rollingUpdate", {}).get("maxSurge")
    return bool(spec.get("replicas") != 0 and surge != 0 and strategy.get("type") != "Recreate")


def _conditions(deployed: Deployed, item: Object) -> dict[str, Object]:
    status = deployed.api.call("GET", deployed.api.path_of(item))["status"]
    return {one["type"]: one for one in status.get("conditions", ())}


def _ready(deployed: Deployed, item: Object) -> int:
    ready: int = deployed.api.call("GET", deployed.api.path_of(item))["status"].get("readyReplicas", 0)
    return ready


@contextmanager
def _full_quota(deployed: Deployed, namespace: str) -> Iterator[None]:
    """A quota that what runs has used up."""
    running = [pod for pod in deployed.pods() if pod["metadata"]["namespace"] == namespace]
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "full", "namespace": namespace},
        "spec": {"hard": {"pods": str(len(running))}},
    }
    deployed.api.apply(quota)

    def counted() -> bool:
        status = deployed.api.get("v1", "ResourceQuota", namespace, "full").get("status", {})
        return bool(status.get("used", {}).get("pods") == str(len(running)))

    eventually(counted, "the quota is counted")
    try:
        yield
    finally:
        deployed.api.delete(quota)


def test_full_quota_stops_a_rollout_with_a_reason_and_keeps_the_old_pods(deployed: Deployed) -> None:
    for item in _deployments(deployed):
        eventually(partial(_at_rest, deployed, item), "what was there runs", seconds=90)
        before = _ready(deployed, item)
        changed = copy.deepcopy(item)
        changed["spec"]["template"]["metadata"].setdefault("annotations", {})["tests/version"] = "next"
        with _full_quota(deployed, item["metadata"]["namespace"]):
            deployed.api.apply(changed)
            eventually(partial(_has_failed, deployed, item), "the failure is told")
            told = _conditions(deployed, item)["ReplicaFailure"]["message"]
            assert "exceeded quota: full" in told
            assert "pods" in told
            assert _ready(deployed, item) == before > 0
        # Room again: the new version comes by itself, and going back brings the first one.
        for version in (changed, item):
            deployed.api.apply(version)
            eventually(partial(_rolled_out, deployed, item), "the new version runs", seconds=90)
        assert _ready(deployed, item) == before
        proven("faults survived")
    assert deployed.pending() == []


def _has_failed(deployed: Deployed, item: Object) -> bool:
    return "ReplicaFailure" in _conditions(deployed, item)


def _at_rest(deployed: Deployed, item: Object) -> bool:
    """Rolled out, with its autoscaler's least replicas: that one raises a new Deployment only after a while."""
    replicas = deployed.api.call("GET", deployed.api.path_of(item))["spec"]["replicas"]
    return _rolled_out(deployed, item) and replicas >= _least(deployed, item)


def _least(deployed: Deployed, item: Object) -> int:
    return max(
        (
            scaler["spec"].get("minReplicas", 1)
            for scaler in deployed.manifests
            if scaler["kind"] == "HorizontalPodAutoscaler"
            and scaler["metadata"]["namespace"] == item["metadata"]["namespace"]
            and scaler["spec"]["scaleTargetRef"]["name"] == item["metadata"]["name"]
        ),
        default=0,
    )


def _rolled_out(deployed: Deployed, item: Object) -> bool:
    found = deployed.api.call("GET", deployed.api.path_of(item))
    wanted, status = found["spec"]["replicas"], found["status"]
    current = status.get("observedGeneration") == found["metadata"]["generation"]
    return bool(
        current and status.get("updatedReplicas") == status.get("availableReplicas") == wanted == status["replicas"]
    )
