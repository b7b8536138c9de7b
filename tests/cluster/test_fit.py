"""What `aiplatform.fit` says against what the real scheduler does: the same pods placed, the same left waiting.

The fixed nodes of a stack carry its pods; then more is asked of them than they have. Where nodes are scarce the
scheduler goes by the age of pods, and `fit` by their size: the random clusters state how far that may lead apart.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from aiplatform.fit.cluster import Cluster
from aiplatform.fit.nodes import Group, Scale, groups
from aiplatform.fit.placement import Placement, fill, in_queue, place
from aiplatform.fit.pods import Sourced, objects, workloads
from aiplatform.fit.reasons import reason
from aiplatform.fit.selectors import Taint
from aiplatform.fit.workloads import Workload
from catalog.quantities import CPU, DISK, MEMORY, MIB, PODS, quantity
from tests.cluster.deployment import Deployed, not_ready
from tests.components.base import SHIPPED
from tests.parts.api import Api, Object, until_none
from tests.parts.control_plane import running_control_plane
from tests.parts.counts import proven
from tests.parts.nodes import GPU, GROUP_LABEL, add_node, pool_groups
from tests.parts.place import MissingPartError, absent

MORE_THAN_NODES_TAKE = -1
"""Stands for one pod more than the nodes of the stack take."""

NAMESPACE = "default"
ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"
LAST = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "last"},
    "value": -10,
}
"""The pods of the stack are there before those of a test."""

Counts = dict[tuple[str, str], tuple[int, int]]
"""Placed and pending pods, by namespace and by the `app` label or the add-on's name."""


def _key(namespace: str, labels: dict[str, str]) -> tuple[str, str]:
    return namespace, labels.get("fit", "") or "/".join(
        labels.get(f"app.kubernetes.io/{part}", "") for part in ("name", "component")
    )


def _of_scheduler(pods: Sequence[Object]) -> Counts:
    """The pods of the cluster; those of Jobs are done at once, whenever that is."""
    placed: Counter[tuple[str, str]] = Counter()
    pending: Counter[tuple[str, str]] = Counter()
    for pod in pods:
        metadata = pod["metadata"]
        if any(owner["kind"] == "Job" for owner in metadata.get("ownerReferences", ())):
            continue
        counter = placed if pod["spec"].get("nodeName") else pending
        counter[_key(metadata["namespace"], metadata.get("labels", {}))] += 1
    return {key: (placed[key], pending[key]) for key in (*placed, *pending)}


def _of_fit(placement: Placement) -> Counts:
    return {
        _key(one.workload.namespace, dict(one.workload.labels)): (one.placed, one.pending)
        for one in placement.outcomes
        if one.wanted and not one.workload.ends
    }


def _placement(deployed: Deployed, *more: Object) -> Placement:
    sourced = [*objects(deployed.recording.plan), *(Sourced("", item) for item in (LAST, *more))]
    settings, plan = deployed.recording.settings, deployed.recording.plan
    of_cluster = [*groups(settings), *pool_groups(settings, plan)]
    return place(of_cluster, workloads(sourced), "expected", "expected")


def _as_it_stands(deployed: Deployed, *more: Object) -> tuple[Cluster, list[Workload]]:
    """The nodes with the pods that the scheduler put on each: which of several fitting nodes it took, no plan tells."""
    sourced = [*objects(deployed.recording.plan), *(Sourced("", item) for item in (LAST, *more))]
    settings, plan = deployed.recording.settings, deployed.recording.plan
    found, of_cluster = workloads(sourced), [*groups(settings), *pool_groups(settings, plan)]
    cluster = Cluster(of_cluster, found)
    kinds = {
        (re.sub("[^a-z0-9]", "-", group.name), kind.zone): kind
        for group in of_cluster
        for kind in cluster.kinds[group.name]
    }
    nodes = {
        name: cluster.add(kinds[name.rpartition("-")[0], node["metadata"]["labels"][ZONE]])
        for name, node in deployed.nodes().items()
    }
    by_key = {_key(one.namespace, dict(one.labels)): one for one in found if not (one.ends or one.everywhere)}
    for pod in deployed.pods():
        owners = {owner["kind"] for owner in pod["metadata"].get("ownerReferences", ())}
        if pod["spec"].get("nodeName") and not owners & {"DaemonSet", "Job"}:
            cluster.bind(
                by_key[_key(pod["metadata"]["namespace"], pod["metadata"]["labels"])], nodes[pod["spec"]["nodeName"]]
            )
    return cluster, found


def _deployment(name: str, replicas: int, requests: dict[str, str], **spec: Any) -> Object:
    labels = {"fit": name}
    containers = [{"name": "main", "image": "tests.invalid/none:1", "resources": {"requests": requests}}]
    if GPU in requests:
        containers[0]["resources"] = {"requests": requests, "limits": {GPU: requests[GPU]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": containers, "priorityClassName": "last", **spec},
            },
        },
    }


def _spread(name: str, key: str, **more: Any) -> dict[str, Any]:
    constraint = {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule"}
    return {"topologySpreadConstraints": [{**constraint, "labelSelector": {"matchLabels": {"fit": name}}, **more}]}


def _apart(name: str) -> dict[str, Any]:
    term = {"topologyKey": HOST, "labelSelector": {"matchLabels": {"fit": name}}}
    return {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def _applied(api: Api, items: Sequence[Object]) -> None:
    for item in items:
        api.apply(item)


@contextmanager
def _running(deployed: Deployed, *items: Object) -> Iterator[None]:
    """Workloads beside those of the stack; gone afterwards."""
    _applied(deployed.api, (LAST, *items))
    try:
        deployed.settle()
        yield
    finally:
        for item in items:
            deployed.api.delete(item)
        _gone(deployed.api)


def _gone(api: Api) -> None:
    def left() -> list[str]:
        pods = api.list("v1", "Pod", NAMESPACE)
        return [pod["metadata"]["name"] for pod in pods if "fit" in pod["metadata"].get("labels", {})]

    until_none(left, "the pods of the test go")


CASES: dict[str, tuple[Object, str]] = {
    "a pod larger than any node": (_deployment("giant", 1, {"cpu": "64", "memory": "1Gi"}), "Insufficient cpu"),
    "more disk than a node has": (
        _deployment("disk", 1, {"ephemeral-storage": "5Ti"}),
        "Insufficient ephemeral-storage",
    ),
    "more pods than nodes take": (_deployment("tiny", MORE_THAN_NODES_TAKE, {}), "Too many pods"),
    "a GPU where no node has one": (_deployment("gpu", 2, {GPU: "1"}), f"Insufficient {GPU}"),
    "a label that no node has": (
        _deployment("label", 1, {}, nodeSelector={"team": "nobody"}),
        "didn't match Pod's node affinity/selector",
    ),
    "one replica a node, and more than nodes": (
        _deployment("apart", 7, {"cpu": "10m"}, **_apart("apart")),
        "didn't match pod anti-affinity rules",
    ),
    "a spread over zones that need more domains than there are": (
        _deployment("zones", 5, {"cpu": "10m"}, **_spread("zones", ZONE, minDomains=9)),
        "didn't match pod topology spread constraints",
    ),
    "a spread over a label that no node has": (
        _deployment("racks", 2, {"cpu": "10m"}, **_spread("racks", "example.com/rack")),
        "didn't match pod topology spread constraints",
    ),
}


@pytest.fixture
def scaled(deployed: Deployed) -> Deployed:
    """The stack after its autoscalers have looked at it once: a replica count left out is their minimum."""

    def below() -> list[str]:
        replicas = {
            (one["metadata"]["namespace"], one["metadata"]["name"]): one["spec"]["replicas"]
            for one in deployed.api.list("apps/v1", "Deployment")
        }
        return [
            scaler["metadata"]["name"]
            for scaler in deployed.api.list("autoscaling/v2", "HorizontalPodAutoscaler")
            if replicas[scaler["metadata"]["namespace"], scaler["spec"]["scaleTargetRef"]["name"]]
            < scaler["spec"]["minReplicas"]
        ]

    until_none(below, "the autoscalers bring their minimum", seconds=120)
    deployed.settle()
    return deployed


def test_scheduler_places_the_same_pods_at_initial_node_counts(scaled: Deployed) -> None:
    deployed = scaled
    expected = _of_fit(_placement(deployed))
    assert _of_scheduler(deployed.pods()) == expected
    proven("workloads whose fit is the scheduler's", len(expected))


@pytest.mark.parametrize("case", CASES)
def test_pending_pod_has_the_reason_of_the_scheduler(scaled: Deployed, case: str) -> None:
    _assert_scheduled_alike(scaled, *CASES[case])


@pytest.mark.parametrize("resource", [CPU, MEMORY])
def test_replicas_beyond_capacity_are_pending_for_the_scarce_resource(scaled: Deployed, resource: str) -> None:
    cluster, _ = _as_it_stands(scaled)
    free = [node.free[resource] for node in cluster.nodes if not node.kind.group.taints]
    # Two thirds of what a node has left: some take one pod, some none or two, as the scheduler filled them.
    asked = int(sum(free) / len(free) * 2 / 3)
    _assert_scheduled_alike(
        scaled, _deployment("many", len(free) + 3, {resource: quantity(resource, asked)}), f"Insufficient {resource}"
    )


def _assert_scheduled_alike(deployed: Deployed, item: Object, said: str) -> None:
    """With this workload the same pods are placed and the same wait, for the same reason."""
    if item["spec"]["replicas"] == MORE_THAN_NODES_TAKE:
        room = sum(int(node["status"]["allocatable"]["pods"]) for node in deployed.nodes().values())
        item = {**item, "spec": {**item["spec"], "replicas": room + 1}}
    before, replicas = _of_scheduler(deployed.pods()), item["spec"]["replicas"]
    cluster, found = _as_it_stands(deployed, item)
    (workload,) = [one for one in found if one.namespace == NAMESPACE]
    placed, _ = fill(cluster, workload, replicas, grow=False)
    with _running(deployed, item):
        pods = deployed.pods()
        assert _of_scheduler(pods) == {**before, _key(NAMESPACE, dict(workload.labels)): (placed, replicas - placed)}
        waiting = [text for text in deployed.pending() if text.startswith(f"{NAMESPACE}/{item['metadata']['name']}-")]
    assert replicas - placed == len(waiting) > 0
    why = reason(workload, cluster)
    assert any(said in one for one in why.scheduler), why
    assert all(said in one for one in waiting), waiting[0]
    proven("pending pods whose reason is the scheduler's", len(waiting))


@pytest.mark.parametrize("deployed", SHIPPED[:1], indirect=True)
def test_untolerated_taint_is_the_reason_in_fit_and_scheduler(deployed: Deployed) -> None:
    tainted = Group(
        "kept",
        ("t3.large",),
        ("us-west-2a",),
        {"kept": "yes"},
        (Taint("kept", "yes", "NoSchedule"),),
        _OFFERED,
        Scale(1, 1, 1),
    )
    item = _deployment("shut-out", 1, {}, nodeSelector={"kept": "yes"})
    node = _node("kept-0", tainted, "us-west-2a", {"kept": "yes"})
    add_node(deployed.api, node)
    try:
        until_none(lambda: not_ready(deployed.api), "the node is ready")
        with _running(deployed, item):
            (said,) = [text for text in deployed.pending() if text.startswith(f"{NAMESPACE}/shut-out")]
        sourced = [*objects(deployed.recording.plan), Sourced("", item)]
        placement = place([*groups(deployed.recording.settings), tainted], workloads(sourced), "expected", "expected")
        (outcome,) = placement.pending()
        why = reason(outcome.workload, placement.cluster)
        assert why.kind == "taint"
        assert any("untolerated taint" in one for one in why.scheduler)
        assert "untolerated taint" in said
    finally:
        deployed.api.delete(node)
        deployed.forget_lost_pods()


_OFFERED = {CPU: 2000, MEMORY: 4096 * MIB, DISK: 20 * 1024 * MIB, PODS: 20}


def _node(name: str, group: Group, zone: str, labels: dict[str, str]) -> Object:
    offered = {
        "cpu": f"{group.offered[CPU]}m",
        "memory": str(group.offered[MEMORY]),
        "ephemeral-storage": str(group.offered[DISK]),
        "pods": str(group.offered[PODS]),
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {GROUP_LABEL: group.name, ZONE: zone, HOST: name, **labels}},
        "spec": {"taints": [taint._asdict() for taint in group.taints]} if group.taints else {},
        "status": {"allocatable": offered, "capacity": offered},
    }


def _random_group(numbers: random.Random, index: int) -> Group:
    zones = tuple(f"us-west-2{letter}" for letter in "abc"[: numbers.randint(1, 3)])
    count = numbers.randint(1, 4)
    offered = {**_OFFERED, CPU: numbers.choice((1000, 2000, 4000)), MEMORY: numbers.choice((2048, 4096)) * MIB}
    taints = (Taint("only", "some", "NoSchedule"),) if numbers.random() < 0.25 else ()
    labels = {"size": numbers.choice(("s", "l"))}
    return Group(
        f"g{index}",
        ("t3.large",),
        zones,
        labels,
        taints,
        {**offered, PODS: numbers.choice((5, 20))},
        Scale(count, count, count),
    )


def _random_workload(numbers: random.Random, index: int) -> Object:
    name = f"w{index}"
    spec: dict[str, Any] = {}
    if numbers.random() < 0.3:
        spec["tolerations"] = [{"key": "only", "operator": "Exists"}]
    if numbers.random() < 0.2:
        spec["nodeSelector"] = {"size": numbers.choice(("s", "l"))}
    spec.update(
        numbers.choice(
            ({}, {}, {}, _spread(name, numbers.choice((ZONE, HOST)), nodeTaintsPolicy="Honor"), _apart(name))
        )
    )
    requests = {
        "cpu": f"{numbers.choice((100, 250, 500, 900))}m",
        "memory": f"{numbers.choice((64, 256, 512, 1024))}Mi",
    }
    return _deployment(name, numbers.randint(1, 5), requests, **spec)


SEEDS = range(40)
APART = 0.1
"""The share of clusters in which the scheduler may take other nodes among those that fit, and so place a pod or two
more or fewer: it weighs preferences that decide nothing where there is room."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A control plane without the nodes and daemon sets of a stack."""
    try:
        with running_control_plane(tmp_path_factory.mktemp("random-clusters")) as started:
            yield Api(started)
    except MissingPartError as missing:
        absent(missing)


def test_random_clusters_place_as_many_pods_as_the_scheduler(empty: Api) -> None:
    """The pods are made in the order in which `fit` places them: which one comes first no plan can tell."""
    different: dict[int, tuple[int, int]] = {}
    compared = 0
    empty.apply(LAST)
    for seed in SEEDS:
        numbers = random.Random(seed)  # noqa: S311, the same clusters each time
        of_cluster = [_random_group(numbers, index) for index in range(numbers.randint(1, 3))]
        items = [_random_workload(numbers, index) for index in range(numbers.randint(2, 6))]
        found = workloads([Sourced("", item) for item in (LAST, *items)])
        ours = _of_fit(place(of_cluster, found, "expected", "expected"))
        by_name = {item["metadata"]["name"]: item for item in items}
        theirs = _scheduled(empty, of_cluster, [by_name[one.name] for one in in_queue(of_cluster, found)])
        compared += sum(map(sum, theirs.values()))
        assert sum(map(sum, ours.values())) == sum(map(sum, theirs.values())), seed
        if ours != theirs:
            different[seed] = (sum(one for one, _ in ours.values()), sum(one for one, _ in theirs.values()))
    proven("pods of random clusters compared with the scheduler", compared)
    assert len(different) <= APART * len(SEEDS), different
    assert all(abs(ours - theirs) <= 2 for ours, theirs in different.values()), different


def _scheduled(api: Api, of_cluster: Sequence[Group], items: Sequence[Object]) -> Counts:
    nodes = [
        _node(f"{group.name}-{index}", group, zone, dict(group.labels))
        for group in of_cluster
        for index, zone in enumerate(group.zones_of(group.scale.expected))
    ]
    pods = [pod for item in items for pod in _pods(item)]

    def undecided() -> list[str]:
        return [
            pod["metadata"]["name"]
            for pod in api.list("v1", "Pod", NAMESPACE)
            if not pod["spec"].get("nodeName") and not pod["status"].get("conditions")
        ]

    try:
        for node in nodes:
            add_node(api, node)
        until_none(lambda: not_ready(api), "the nodes are ready")
        for pod in pods:
            api.call("POST", f"/api/v1/namespaces/{NAMESPACE}/pods", pod)
        until_none(undecided, "the pods settle")
        return _of_scheduler(api.list("v1", "Pod", NAMESPACE))
    finally:
        for pod in pods:
            api.call("DELETE", api.path_of(pod), {"gracePeriodSeconds": 0})
        _gone(api)
        for node in nodes:
            api.delete(node)


def _pods(deployment: Object) -> Iterator[Object]:
    """The pods that a Deployment would make; its controller would make them in an order of its own."""
    template = deployment["spec"]["template"]
    for index in range(deployment["spec"]["replicas"]):
        metadata = {"name": f"{deployment['metadata']['name']}-{index}", "namespace": NAMESPACE, **template["metadata"]}
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
