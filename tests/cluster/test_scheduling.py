"""The placement of the pods of every stack by the real scheduler."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from catalog.quantities import CPU, amount
from config.priorities import HIGHEST
from tests.cluster.deployment import Deployed, not_ready
from tests.components.base import SHIPPED, settings_of
from tests.parts.api import MERGE, Object, RefusedError, until_none
from tests.parts.counts import proven
from tests.parts.nodes import GPU, ZONE_LABEL, add_node, node_object, on_nodes, twin

WITH_GPUS = [stack for stack in SHIPPED if any(group.has_gpus() for group in settings_of(stack).node_groups.values())]


def _zones_without_plain_nodes(stack: str) -> list[str]:
    settings = settings_of(stack)
    zones = sorted({subnet.zone for subnet in settings.network.tiers().private})
    plain = [group for group in settings.node_groups.values() if not group.all_taints()]
    return zones[max(group.scaling.desired for group in plain) :]


GPUS_IN_A_ZONE_OF_THEIR_OWN = [stack for stack in WITH_GPUS if _zones_without_plain_nodes(stack)]


def _nodes(deployed: Deployed) -> dict[str, Object]:
    return {node["metadata"]["name"]: node for node in deployed.api.list("v1", "Node")}


def _owner(pod: Object) -> tuple[str, str]:
    """The kind of what made a pod, and its name."""
    owners = pod["metadata"].get("ownerReferences", [])
    return (owners[0]["kind"], f"{pod['metadata']['namespace']}/{owners[0]['name']}") if owners else ("", "")


def _running(deployed: Deployed, namespace: str, labels: dict[str, str]) -> list[Object]:
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    pods = deployed.api.list("v1", "Pod", namespace, labelSelector=selector)
    return [
        pod for pod in pods if pod["status"].get("phase") == "Running" and "deletionTimestamp" not in pod["metadata"]
    ]


def _replicated(deployed: Deployed) -> Iterator[Object]:
    """Deployments that the platform wants to outlive a zone: with two replicas or more."""
    for one in deployed.api.list("apps/v1", "Deployment"):
        if one["spec"]["replicas"] >= 2:
            yield one


@contextmanager
def _extra_nodes(deployed: Deployed, group_name: str, count: int, prefix: str) -> Iterator[list[str]]:
    """More nodes of a group, as its Auto Scaling group would add them; gone afterwards."""
    settings = deployed.recording.settings
    group = settings.node_groups[group_name]
    zones = group.zones or sorted({subnet.zone for subnet in settings.network.tiers().private})
    nodes = [
        node_object(f"{prefix}-{index}", group_name, group, zones[index % len(zones)], settings.project.region)
        for index in range(count)
    ]
    with _joining(deployed, nodes) as names:
        yield names


@contextmanager
def _joining(deployed: Deployed, nodes: list[Object]) -> Iterator[list[str]]:
    """Nodes beside those of the stack; gone afterwards."""
    for node in nodes:
        add_node(deployed.api, node)
    try:
        yield [node["metadata"]["name"] for node in nodes]
    finally:
        for node in nodes:
            deployed.api.delete(node)
        deployed.forget_lost_pods()


def _pod(name: str, *, tolerations: list[dict[str, str]], limits: dict[str, str]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "tolerations": tolerations,
            "containers": [{"name": "main", "image": "tests.invalid/none:1", "resources": {"limits": limits}}],
        },
    }


@contextmanager
def _pods(deployed: Deployed, *pods: Object) -> Iterator[None]:
    """Pods beside those of the platform; gone afterwards."""
    for pod in pods:
        deployed.api.apply(pod)
    try:
        yield
    finally:
        for pod in pods:
            deployed.api.call("DELETE", deployed.api.path_of(pod), {"gracePeriodSeconds": 0})


def _wait_for_node(deployed: Deployed, name: str) -> None:
    def waiting() -> list[str]:
        return [] if deployed.api.get("v1", "Pod", "default", name)["spec"].get("nodeName") else [name]

    until_none(waiting, "the pod gets a node")


def test_every_pod_fits_the_initial_nodes_of_a_stack(deployed: Deployed) -> None:
    assert deployed.pending() == []
    placed = on_nodes(deployed.pods())
    assert set(placed) == set(_nodes(deployed)), "each node carries at least the pods that every node needs"
    proven("pods placed by the scheduler", sum(len(pods) for pods in placed.values()))


@pytest.mark.parametrize("deployed", WITH_GPUS, indirect=True)
def test_gpu_nodes_run_gpu_pods_and_daemon_sets_only(deployed: Deployed) -> None:
    groups = {name: group for name, group in deployed.recording.settings.node_groups.items() if group.has_gpus()}
    for name, group in groups.items():
        # 3 of 4 cores: more than a node without GPUs has left, and no more than this one has.
        plain = _pod(f"plain-{name}", tolerations=[], limits={"cpu": "3"})
        tolerations = [{"key": taint.key, "operator": "Exists"} for taint in group.all_taints()]
        wants_gpu = _pod(f"asks-{name}", tolerations=tolerations, limits={GPU: "1"})
        with _extra_nodes(deployed, name, 1, f"new-{name}") as (node,), _pods(deployed, plain, wants_gpu):
            _wait_for_node(deployed, f"asks-{name}")
            deployed.settle()
            placed = on_nodes(deployed.pods())
            others = [pod for pod in placed[node] if pod["metadata"]["name"] != f"asks-{name}"]
            assert len(others) == len(placed[node]) - 1
            assert {_owner(pod)[0] for pod in others} == {"DaemonSet"}
            assert "kube-system/nvidia-device-plugin" in {_owner(pod)[1] for pod in others}, "GPUs need their plugin"
            assert [pod["metadata"]["name"] for pod in placed[""]] == [f"plain-{name}"]
            proven("pods placed by the scheduler", len(placed[node]))


@pytest.mark.parametrize("deployed", WITH_GPUS, indirect=True)
def test_gpu_pod_without_a_gpu_node_waits_for_the_autoscaler(deployed: Deployed) -> None:
    with _pods(deployed, _pod("asks", tolerations=[{"operator": "Exists"}], limits={GPU: "1"})):
        deployed.settle()
        (reason,) = deployed.pending()
        assert f"Insufficient {GPU}" in reason


@pytest.mark.parametrize("deployed", GPUS_IN_A_ZONE_OF_THEIR_OWN, indirect=True)
def test_zone_with_gpu_nodes_only_leaves_no_replica_pending(deployed: Deployed) -> None:
    """A third replica would have to go there, where a taint keeps it away, if tainted nodes counted as a zone."""
    settings = deployed.recording.settings
    name = next(name for name, group in settings.node_groups.items() if group.has_gpus())
    zone = _zones_without_plain_nodes(deployed.stack)[0]
    node = node_object("alone", name, settings.node_groups[name], zone, settings.project.region)
    for workload in [one for one in deployed.api.list("apps/v1", "Deployment") if one["spec"]["replicas"] == 2]:
        path = f"{deployed.api.path_of(workload)}/scale"
        add_node(deployed.api, node)
        until_none(lambda: not_ready(deployed.api), "the GPU node is ready")
        deployed.api.call("PATCH", path, {"spec": {"replicas": 3}}, content_type=MERGE)
        try:
            deployed.settle()
            assert [pod for pod in deployed.pending() if "topology spread" in pod] == []
        finally:
            deployed.api.call("PATCH", path, {"spec": {"replicas": 2}}, content_type=MERGE)
            deployed.api.delete(node)
            deployed.forget_lost_pods()


def test_device_plugin_runs_on_gpu_nodes_only(deployed: Deployed) -> None:
    without = {name for name, node in _nodes(deployed).items() if GPU not in node["status"]["allocatable"]}
    plugins = [pod for pod in deployed.pods() if "nvidia" in pod["metadata"]["name"]]
    assert [pod["metadata"]["name"] for pod in plugins if pod["spec"]["nodeName"] in without] == []


def test_loss_of_a_zone_leaves_every_replicated_workload_a_replica(deployed: Deployed) -> None:
    nodes = _nodes(deployed)
    zones = {node["metadata"]["labels"][ZONE_LABEL] for node in nodes.values()}
    for zone in sorted(zones):
        lost = {name: node for name, node in nodes.items() if node["metadata"]["labels"][ZONE_LABEL] == zone}
        for node in lost.values():
            deployed.api.delete(node)
        try:
            for workload in _replicated(deployed):
                metadata, labels = workload["metadata"], workload["spec"]["selector"]["matchLabels"]
                left = [
                    pod
                    for pod in _running(deployed, metadata["namespace"], labels)
                    if pod["spec"]["nodeName"] not in lost
                ]
                assert left, f"{metadata['namespace']}/{metadata['name']} ran in {zone} alone"
                proven("replicated workloads that outlived a zone")
        finally:
            for name in lost:
                add_node(deployed.api, deployed.nodes()[name])
            deployed.forget_lost_pods()
    assert deployed.pending() == []


def _application(name: str, priority: str | None, replicas: int, size: int) -> Object:
    labels = {"app": name}
    pod = _pod(name, tolerations=[{"operator": "Exists"}], limits={"cpu": f"{size}m"})["spec"]
    spec = {**pod, **({"priorityClassName": priority} if priority else {}), "terminationGracePeriodSeconds": 0}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


@contextmanager
def _full_of_applications(deployed: Deployed) -> Iterator[list[str]]:
    """More pods than the nodes have room for, of no class, of each class of the stack file, and of the highest one."""
    highest = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": "tests-highest"},
        "value": HIGHEST,
    }
    room = sum(amount(CPU, node["status"]["allocatable"]["cpu"]) for node in _nodes(deployed).values())
    # Small enough for what the platform's pods leave of a node, and large enough for few pods.
    size = min(max(room // 100, 100), 1000)
    classes = sorted(deployed.recording.settings.priority_classes.items(), key=lambda entry: entry[1].value)
    names = {
        "application": None,
        **{f"application-{key}": key for key, _ in classes},
        "application-top": "tests-highest",
    }
    made = [highest, *(_application(name, priority, room // size + 1, size) for name, priority in names.items())]
    try:
        for item in made:
            deployed.api.apply(item)
            deployed.settle(seconds=300)
        yield list(names)
    finally:
        for item in reversed(made):
            deployed.api.delete(item)
        until_none(lambda: _placed(deployed, ours=False), "the applications go")
        deployed.settle()


def _placed(deployed: Deployed, *, ours: bool) -> list[str]:
    """The pods that have a node: of the platform, or of the applications of the test."""
    return sorted(
        pod["metadata"]["name"]
        for pod in deployed.pods()
        if pod["spec"].get("nodeName")
        and "deletionTimestamp" not in pod["metadata"]
        and pod["metadata"]["labels"].get("app", "").startswith("application") is not ours
    )


def test_applications_of_every_class_evict_no_pod_of_the_platform(deployed: Deployed) -> None:
    environments = {deployed.recording.settings.namespace(key) for key in deployed.recording.settings.environments}
    before = {
        pod["metadata"]["uid"]: f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        for pod in deployed.pods()
        if pod["metadata"]["namespace"] not in environments | {"amazon-cloudwatch"}
    }
    with _full_of_applications(deployed) as names:
        there = {pod["metadata"]["uid"] for pod in deployed.pods() if "deletionTimestamp" not in pod["metadata"]}
        running = Counter(name.rsplit("-", 2)[0] for name in _placed(deployed, ours=False))
        assert set(running) == {names[-1]}, "the highest class has preempted every other one"
        assert {name for uid, name in before.items() if uid not in there} == set()
        proven("pods of the platform that outlived applications of every class", len(before))


def test_node_can_be_drained_after_its_replacement_is_ready(deployed: Deployed) -> None:
    """EKS adds a node before it drains one: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html"""
    for name, node in deployed.nodes().items():
        with _joining(deployed, [twin(node, "spare-0")]):
            node_path = f"/api/v1/nodes/{name}"
            deployed.api.call("PATCH", node_path, {"spec": {"unschedulable": True}}, content_type=MERGE)
            _drain(deployed, name)
            deployed.api.call("PATCH", node_path, {"spec": {"unschedulable": None}}, content_type=MERGE)
            assert deployed.pending() == []
            proven("nodes drained past every disruption budget")


def _drain(deployed: Deployed, node: str) -> None:
    def left() -> list[str]:
        names = []
        for pod in deployed.pods():
            if pod["spec"].get("nodeName") != node or _owner(pod)[0] in ("DaemonSet", "Job"):
                continue
            names.append(pod["metadata"]["name"])
            eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": names[-1]}}
            try:
                deployed.api.call("POST", f"{deployed.api.path_of(pod)}/eviction", eviction)
            except RefusedError as refused:
                # 429: the budget allows no disruption until another replica is ready; 404: it is gone.
                if refused.status not in (404, 429):
                    raise
        return names

    until_none(left, f"{node} is drained", seconds=120)
    deployed.settle()
