"""Two environments on one control plane: admission, quotas and preemption."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cluster.deployment import Deployed, not_ready
from tests.cluster.people import bindings, people
from tests.parts.api import Object, RefusedError, eventually, until_none
from tests.parts.counts import proven
from tests.parts.nodes import add_node

pytestmark = pytest.mark.parametrize("deployed", ["pingvas"], indirect=True)

NOWHERE = {"tests": "nowhere"}
"""A label that no node has: such pods wait, and count."""

CONTESTED = {"tests": "contested"}
AT_ONCE = {"gracePeriodSeconds": 0}


def pod(name: str, namespace: str, *, priority: str | None, nodes: dict[str, str], cpu: str | None = "1m") -> Object:
    """A pod as the restricted standard wants it."""
    requests = {"requests": {"cpu": cpu, "memory": "1Mi"}, "limits": {"memory": "1Mi"}} if cpu else {}
    container = {
        "name": "main",
        "image": "tests.invalid/none:1",
        "resources": requests,
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec: dict[str, Any] = {
        "nodeSelector": nodes,
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    if priority is not None:
        spec["priorityClassName"] = priority
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


@contextmanager
def made(deployed: Deployed, *pods: Object) -> Iterator[None]:
    """Pods beside those of the platform; gone afterwards."""
    try:
        for item in pods:
            deployed.api.apply(item)
        yield
    finally:
        for item in pods:
            deployed.api.send("DELETE", deployed.api.path_of(item), AT_ONCE)
        until_none(lambda: [one["metadata"]["name"] for one in pods if deployed.api.exists(one)], "the pods go")


@contextmanager
def contested_node(deployed: Deployed) -> Iterator[str]:
    """A node with two cores that nobody else goes to."""
    offered = {"cpu": "2", "memory": "4Gi", "pods": "20", "ephemeral-storage": "20Gi"}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "contested", "labels": {**CONTESTED, "kubernetes.io/hostname": "contested"}},
        "spec": {},
        "status": {"allocatable": offered, "capacity": offered},
    }
    add_node(deployed.api, node)
    until_none(lambda: not_ready(deployed.api), "the node is ready")
    try:
        yield "contested"
    finally:
        deployed.api.delete(node)
        deployed.forget_lost_pods()


def node_of(deployed: Deployed, item: Object) -> str | None:
    found = deployed.api.get("v1", "Pod", item["metadata"]["namespace"], item["metadata"]["name"])
    name: str | None = found["spec"].get("nodeName")
    return name


# --- who is admitted ---


@pytest.mark.parametrize(
    ("namespace", "priority", "said"),
    [
        ("dev", None, "pods of dev write priorityClassName: dev-low"),
        ("dev", "prod-critical", "pods of dev write priorityClassName: dev-low"),
        ("dev", "prod-high", "pods of dev write priorityClassName: dev-low"),
        ("dev", "system-cluster-critical", "pods of dev write priorityClassName: dev-low"),
        ("prod", None, "pods of prod write priorityClassName: prod-high or prod-critical"),
        ("prod", "dev-low", "pods of prod write priorityClassName: prod-high or prod-critical"),
    ],
)
def test_pod_with_another_or_no_priority_class_is_refused_with_the_allowed_ones(
    deployed: Deployed, namespace: str, priority: str | None, said: str
) -> None:
    wanted = pod("tests-refused", namespace, priority=priority, nodes=NOWHERE)

    with pytest.raises(RefusedError, match=said) as error:
        deployed.api.apply(wanted, dry_run=True)
    assert error.value.status == 403
    proven("pods refused by priority")


@pytest.mark.parametrize(
    ("namespace", "priority"), [("dev", "dev-low"), ("prod", "prod-high"), ("prod", "prod-critical")]
)
def test_pod_with_a_priority_class_of_its_environment_is_admitted(
    deployed: Deployed, namespace: str, priority: str
) -> None:
    admitted = deployed.api.apply(pod("tests-admitted", namespace, priority=priority, nodes=NOWHERE), dry_run=True)
    assert admitted.object["spec"]["priorityClassName"] == priority
    assert admitted.object["spec"]["preemptionPolicy"] == "PreemptLowerPriority"


def test_other_namespaces_require_no_priority_class(deployed: Deployed) -> None:
    admitted = deployed.api.apply(pod("tests-free", "default", priority=None, nodes=NOWHERE), dry_run=True)
    assert admitted.object["spec"].get("priority", 0) == 0


def test_developer_creates_pods_in_dev_only_with_the_class_of_dev(deployed: Deployed) -> None:
    (developer,) = (person for person in people(deployed) if person.policy == "AmazonEKSEditPolicy")
    assert developer.namespaces == ("dev",)
    bound = list(bindings(developer))
    for binding in bound:
        deployed.api.apply(binding)
    try:
        api = deployed.api.as_user(developer.user, *developer.groups)
        api.apply(pod("tests-theirs", "dev", priority="dev-low", nodes=NOWHERE), dry_run=True)
        with pytest.raises(RefusedError, match="write priorityClassName: dev-low"):
            api.apply(pod("tests-theirs", "dev", priority="prod-critical", nodes=NOWHERE), dry_run=True)
        with pytest.raises(RefusedError, match='cannot patch resource "pods" in API group "" in the namespace "prod"'):
            api.apply(pod("tests-theirs", "prod", priority="prod-high", nodes=NOWHERE), dry_run=True)
        for kind, name in (
            ("resourcequotas", "dev-quota"),
            ("limitranges", "dev-limits"),
        ):
            assert api.send("DELETE", f"/api/v1/namespaces/dev/{kind}/{name}", query={"dryRun": "All"}).status == 403
        policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/dev-priority-classes"
        assert api.send("DELETE", policies, query={"dryRun": "All"}).status == 403
    finally:
        for binding in bound:
            deployed.api.delete(binding)


# --- how many ---


def test_51st_pod_of_dev_exceeds_its_quota(deployed: Deployed) -> None:
    def used() -> int:
        status = deployed.api.get("v1", "ResourceQuota", "dev", "dev-quota").get("status", {})
        return int(status.get("used", {}).get("pods", 0))

    running = sum(one["spec"]["replicas"] for one in deployed.api.list("apps/v1", "Deployment", "dev"))
    eventually(lambda: used() == running, "the quota counts the services' pods")
    pods = [pod(f"tests-{number}", "dev", priority="dev-low", nodes=NOWHERE) for number in range(50 - running)]
    one_more = pod("tests-51st", "dev", priority="dev-low", nodes=NOWHERE)
    with made(deployed, *pods):
        assert used() == 50
        with pytest.raises(RefusedError, match=r"exceeded quota: dev-quota.*limited: pods=50") as error:
            deployed.api.apply(one_more)
    assert error.value.status == 403
    proven("pods refused by quota")


def test_fourth_gpu_of_dev_exceeds_its_quota(deployed: Deployed) -> None:
    greedy = pod("tests-greedy", "dev", priority="dev-low", nodes=NOWHERE)
    resources = greedy["spec"]["containers"][0]["resources"]
    resources["requests"]["nvidia.com/gpu"] = resources["limits"]["nvidia.com/gpu"] = "4"
    with pytest.raises(RefusedError, match=r"exceeded quota: dev-quota.*requests\.nvidia\.com/gpu=3"):
        deployed.api.apply(greedy, dry_run=True)


def test_container_without_requests_gets_the_defaults_that_the_quota_requires(deployed: Deployed) -> None:
    item = pod("tests-plain", "dev", priority="dev-low", nodes=NOWHERE, cpu=None)
    (container,) = deployed.api.apply(item, dry_run=True).object["spec"]["containers"]
    assert container["resources"] == {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}}


# --- who gives way ---


@pytest.mark.parametrize("priority", ["prod-high", "prod-critical"])
def test_production_preempts_development_on_full_nodes(deployed: Deployed, priority: str) -> None:
    low = [pod(f"tests-low-{number}", "dev", priority="dev-low", nodes=CONTESTED, cpu="900m") for number in range(2)]
    high = pod("tests-high", "prod", priority=priority, nodes=CONTESTED, cpu="900m")
    with contested_node(deployed) as node, made(deployed, *low):
        eventually(lambda: all(node_of(deployed, item) == node for item in low), "development fills the node")
        with made(deployed, high):
            eventually(lambda: node_of(deployed, high) == node, "production takes a place")
            left = [item for item in low if deployed.api.exists(item)]
            assert len(left) == 1, "one gave way, and not both"
    proven("pods that gave way by priority")


def test_development_is_pending_on_nodes_full_of_production(deployed: Deployed) -> None:
    high = [pod(f"tests-high-{number}", "prod", priority="prod-high", nodes=CONTESTED, cpu="900m") for number in (1, 2)]
    low = pod("tests-low", "dev", priority="dev-low", nodes=CONTESTED, cpu="900m")
    with contested_node(deployed) as node, made(deployed, *high):
        eventually(lambda: all(node_of(deployed, item) == node for item in high), "production fills the node")
        with made(deployed, low):
            deployed.settle()
            assert node_of(deployed, low) is None
            assert all(deployed.api.exists(item) for item in high)


# --- claims ---


def test_every_claim_is_bound_to_its_own_volume(deployed: Deployed) -> None:
    def unbound() -> list[str]:
        return [namespace for namespace in ("dev", "prod") if _phase(deployed, namespace) != "Bound"]

    until_none(unbound, "the claims are bound")
    for namespace in ("dev", "prod"):
        found = deployed.api.get("v1", "PersistentVolumeClaim", namespace, "models")
        assert found["spec"]["volumeName"] == f"pingvas-{namespace}-models"


def _phase(deployed: Deployed, namespace: str) -> str:
    return str(deployed.api.get("v1", "PersistentVolumeClaim", namespace, "models")["status"].get("phase"))
