"""The fit of pods on nodes against figures calculated by hand, and properties of every fit."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiplatform.finding import Finding, as_json
from aiplatform.fit.fit import Fit, fit, fit_objects
from aiplatform.fit.nodes import Group, Scale, groups
from aiplatform.fit.placement import place
from aiplatform.fit.pods import Sourced, workloads
from aiplatform.fit.requests import pod_requests
from aiplatform.fit.selectors import Taint
from aiplatform.fit.workloads import Replicas
from catalog.quantities import CPU, DISK, GPU, MEMORY, MIB, PODS, amount, quantity
from config.nodes import NodeGroup
from tests.components.base import SHIPPED, recorded, settings_from, settings_of

GPU_TAINT = Taint(GPU, "true", "NoSchedule")


def group_of(name: str, instance_type: str, *, most: int = 3, taints: tuple[Taint, ...] = (), **labels: str) -> Group:
    scaling = {"min": 1, "desired": 1, "max": most}
    settings = settings_from(NodeGroup, {"instanceTypes": [instance_type], "scaling": scaling, "labels": labels})
    zones = ("us-west-2a", "us-west-2b")
    plain = Group(name, (instance_type,), zones, settings.labels, taints, {}, Scale(1, 1, most), settings)
    return plain.with_settings(settings)


VERSIONS = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    **dict.fromkeys(("Job", "CronJob"), "batch/v1"),
    "LeaderWorkerSet": "leaderworkerset.x-k8s.io/v1",
    "PyTorchJob": "kubeflow.org/v1",
}


def item_of(kind: str, name: str, spec: dict[str, Any], namespace: str = "default") -> Sourced:
    metadata = {"name": name, "namespace": namespace}
    version = VERSIONS.get(kind, "v1")
    return Sourced(f"urn:{name}", {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})


def deployment(name: str, replicas: int | None, requests: dict[str, str], **spec: Any) -> Sourced:
    pod = {"containers": [{"name": "main", "resources": {"requests": requests}}], **spec}
    given_replicas = {} if replicas is None else {"replicas": replicas}
    return item_of(
        "Deployment", name, {**given_replicas, "template": {"metadata": {"labels": {"app": name}}, "spec": pod}}
    )


def _only(found: Fit, rule: str) -> Finding:
    (one,) = [finding for finding in found.findings if finding.rule == rule]
    return one


@pytest.mark.parametrize(
    ("resource", "text", "value"),
    [
        ("cpu", "250m", 250),
        ("cpu", "1.5", 1500),
        ("cpu", 2, 2000),
        ("requests.cpu", "100u", 100_000),
        ("memory", "1Gi", 1024**3),
        ("memory", "1e3", 1000),
        ("memory", "1.5k", 1500),
        (GPU, "8", 8),
    ],
)
def test_quantity_is_a_whole_number_rounded_up(resource: str, text: object, value: int) -> None:
    expected = 1 if text == "100u" else value
    assert amount("cpu" if resource == "requests.cpu" else resource, text) == expected


@pytest.mark.parametrize("text", ["", "[unknown]", "1 Gi", "1e99999", "--1"])
def test_invalid_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Kubernetes quantity"):
        amount("memory", text)


@given(st.integers(1, 2**50), st.sampled_from([CPU, MEMORY, DISK, GPU]))
def test_formatted_quantity_parses_to_the_same_value(value: int, resource: str) -> None:
    assert amount(resource, quantity(resource, value)) == value


def _container(cpu: str, **more: str) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu}}, **more}


def test_init_containers_raise_requests_and_sidecars_add_to_both_phases() -> None:
    spec = {
        # The sidecar is there when the second start runs: 100m + 900m. Then 100m + 300m + 200m run.
        "initContainers": [_container("950m"), _container("100m", restartPolicy="Always"), _container("900m")],
        "containers": [_container("300m"), _container("200m")],
        "overhead": {"cpu": "10m"},
    }
    assert pod_requests(spec, {}) == {"cpu": 1010}


def test_limit_then_namespace_default_replaces_a_missing_request() -> None:
    spec = {"containers": [{"resources": {"limits": {"cpu": "2"}}}, {"resources": {}}]}
    assert pod_requests(spec, {"cpu": 100, "memory": 5}) == {"cpu": 2100, "memory": 10}


def test_pod_level_requests_override_those_of_containers() -> None:
    spec = {"resources": {"requests": {"cpu": "1"}}, "containers": [_container("300m")]}
    assert pod_requests(spec, {}) == {"cpu": 1000}


def test_replicas_come_from_the_autoscaler_or_its_minimum() -> None:
    scaler = {"scaleTargetRef": {"kind": "Deployment", "name": "a"}, "minReplicas": 2, "maxReplicas": 9}
    keda = {"scaleTargetRef": {"name": "b"}, "maxReplicaCount": 4}
    found = workloads(
        [
            deployment("a", None, {}),
            deployment("b", 3, {}),
            deployment("c", None, {}),
            item_of("HorizontalPodAutoscaler", "a", scaler),
            item_of("ScaledObject", "b", keda),
        ]
    )
    assert [one.replicas for one in found] == [Replicas(2, 2, 9), Replicas(0, 3, 4), Replicas(1, 1, 1)]


def test_leader_worker_group_has_two_kinds_of_pods() -> None:
    template = {"spec": {"containers": [{"resources": {"limits": {GPU: "8"}}}]}}
    (leader, worker) = workloads(
        [
            item_of(
                "LeaderWorkerSet",
                "big",
                {"replicas": 2, "leaderWorkerTemplate": {"size": 4, "workerTemplate": template}},
            )
        ]
    )
    assert (leader.replicas.expected, worker.replicas.expected) == (2, 6)
    assert worker.asks(GPU) == 8


def test_minimum_of_each_resource_counts_for_several_instance_types() -> None:
    gpu = next(group for group in groups(settings_of("mlflow")) if group.name == "gpu-workers")
    # g4dn.xlarge, g5.xlarge and g6.xlarge: 3920m each; the one with 58 pods keeps most memory for itself.
    assert gpu.offered == {CPU: 3920, MEMORY: 14162 * MIB, DISK: 183296 * MIB, PODS: 110, GPU: 1}


def test_nodes_of_mlflow_carry_the_sum_of_their_pod_requests() -> None:
    found = fit(recorded("mlflow").plan, settings_of("mlflow"))
    (nodes, _) = found.levels["expected"].groups
    # Two t3.medium, 1930m and 3246Mi each. Daemon sets: 50m + 100m + 30m, 120Mi. Controllers: 800m, 2324Mi.
    # MLflow: 2 x 260m, 2 x 816Mi. Jobs are done.
    assert nodes.requested[CPU] == 2 * 180 + 800 + 2 * 260 == 1680
    assert nodes.requested[MEMORY] == (2 * 120 + 2324 + 2 * 816) * MIB
    assert nodes.free[MEMORY] == (2 * 3246 - 4196) * MIB
    # 3 daemon sets on each, 15 of controllers, 2 of MLflow.
    assert nodes.pods == 2 * 3 + 15 + 2


def test_five_replicas_of_mlflow_need_a_third_node() -> None:
    levels = fit(recorded("mlflow").plan, settings_of("mlflow")).levels
    assert levels["minimum"].nodes_needed["cpu-workers"] == 2
    assert levels["maximum"].nodes_needed["cpu-workers"] == 3


WAITS = {
    # Two small nodes at least, as designed: without its Spot node a migration waits until the autoscaler brings one.
    "openwebui": ["fit-waits"],
}


@pytest.mark.parametrize("stack", SHIPPED)
def test_shipped_stack_fits_without_findings(stack: str) -> None:
    assert [one.rule for one in fit(recorded(stack).plan, settings_of(stack)).findings] == WAITS.get(stack, [])


def test_oversized_pod_is_reported_with_figures_and_two_fixes() -> None:
    tolerant = {"tolerations": [{"operator": "Exists"}]}
    found = fit_objects(
        [deployment("train", 1, {"cpu": "4"}, **tolerant)], [group_of("gpu", "g5.xlarge", taints=(GPU_TAINT,))]
    )
    finding = _only(found, "fit-pending")
    assert (finding.severity, finding.urn) == ("error", "urn:train")
    assert "requests 4 CPU; a node of group gpu has 3920m CPU" in finding.message
    assert finding.fix == "decrease its request of cpu to 3900m, or use g5.2xlarge in nodeGroups.gpu.instanceTypes"


def test_node_shortage_is_reported_with_the_number_of_nodes() -> None:
    # A t3.large has 1930m: one pod of 1 CPU a node; five pods need five nodes.
    found = fit_objects([deployment("web", 5, {"cpu": "1"})], [group_of("cpu", "t3.large", most=3)])
    finding = _only(found, "fit-pending")
    assert finding.message.startswith("Deployment default/web: 2 of 5 pods stay pending")
    assert finding.fix == "increase nodeGroups.cpu.scaling.max to 5"


def test_autoscaled_replicas_that_do_not_fit_are_a_warning_with_figures() -> None:
    scaler = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 9}
    items = [deployment("web", None, {"cpu": "1"}), item_of("HorizontalPodAutoscaler", "web", scaler)]
    finding = _only(fit_objects(items, [group_of("cpu", "t3.large", most=3)]), "fit-autoscaling")
    assert finding.severity == "warning"
    assert "has a maximum of 9 replicas" in finding.message
    assert "only 3 fit" in finding.message
    assert finding.fix == "increase nodeGroups.cpu.scaling.max to 9"


def test_pods_pending_scale_up_are_info() -> None:
    (finding,) = fit_objects([deployment("web", 2, {"cpu": "1"})], [group_of("cpu", "t3.large")]).findings
    assert (finding.rule, finding.severity) == ("fit-waits", "info")


def test_gpu_pod_is_reported_with_the_taint_and_not_with_other_nodes() -> None:
    pods = deployment("infer", 1, {GPU: "1"})
    on = [group_of("cpu", "t3.large"), group_of("gpu", "g5.xlarge", taints=(GPU_TAINT,))]
    finding = _only(fit_objects([pods], on), "fit-pending")
    assert "does not tolerate the taint nvidia.com/gpu of group gpu" in finding.message
    assert finding.fix == "add a toleration of nvidia.com/gpu (operator Exists) to use group gpu"


def test_advice_without_gpus_is_a_gpu_group() -> None:
    finding = _only(fit_objects([deployment("infer", 1, {GPU: "1"})], [group_of("cpu", "t3.large")]), "fit-pending")
    assert "requests 1 nvidia.com/gpu; a node of group cpu has 0 nvidia.com/gpu" in finding.message
    assert "for example nodeGroups.gpu: {instanceTypes: [g4dn.xlarge]}" in finding.fix


def test_missing_label_is_advised_for_the_group() -> None:
    pods = deployment("web", 1, {}, nodeSelector={"team": "a"})
    assert (
        _only(fit_objects([pods], [group_of("cpu", "t3.large")]), "fit-pending").fix
        == "add {team: a} to nodeGroups.cpu.labels"
    )


def test_quota_above_capacity_and_pod_above_quota_are_named() -> None:
    quota = item_of("ResourceQuota", "limit", {"hard": {"requests.nvidia.com/gpu": "4", "requests.cpu": "500m"}})
    found = fit_objects([quota, deployment("web", 1, {"cpu": "1"})], [group_of("cpu", "t3.large")])
    unreachable, refused = _only(found, "quota-unreachable"), _only(found, "quota-refuses")
    assert "allows 4 nvidia.com/gpu, but the maximum capacity of nodes is 0 nvidia.com/gpu" in unreachable.message
    assert "a pod requests 1 CPU" in refused.message
    assert refused.fix.startswith("increase requests.cpu to 1 or more")


def test_volume_in_a_zone_without_nodes_leaves_its_pod_pending() -> None:
    terms = [{"matchExpressions": [{"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["us-west-2c"]}]}]
    volume = item_of("PersistentVolume", "disk", {"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}})
    claim = item_of("PersistentVolumeClaim", "data", {"volumeName": "disk"})
    mounted = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
    found = fit_objects([volume, claim, deployment("db", 1, {}, **mounted)], [group_of("cpu", "t3.large")])
    assert "is in us-west-2c, where no node group has nodes" in _only(found, "volume-zone").message
    assert _only(found, "fit-pending").fix == "add us-west-2c to nodeGroups.cpu.zones"


def test_claim_without_a_class_is_pending_without_a_default_class() -> None:
    spec = {"template": {"spec": {"containers": []}}, "volumeClaimTemplates": [{"spec": {}}]}
    found = fit_objects([item_of("StatefulSet", "db", spec)], [group_of("cpu", "t3.large")])
    assert _only(found, "volume-class").severity == "error"


STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "gp3", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "ebs.csi.aws.com",
    "volumeBindingMode": "WaitForFirstConsumer",
}


@pytest.mark.parametrize(
    ("zones", "minimum", "warned"),
    [
        (("us-west-2a", "us-west-2b"), 1, True),
        (("us-west-2a", "us-west-2b"), 2, False),
        (("us-west-2a",), 0, False),
    ],
)
def test_group_of_several_zones_cannot_follow_an_ebs_volume(zones: tuple[str, ...], minimum: int, warned: bool) -> None:
    spec = {"template": {"spec": {"containers": []}}, "volumeClaimTemplates": [{"spec": {}}]}
    group = group_of("cpu", "t3.large")
    group = replace(group, zones=zones, scale=replace(group.scale, minimum=minimum))
    found = fit_objects([Sourced("urn:gp3", STORAGE_CLASS), item_of("StatefulSet", "db", spec)], [group])
    said = [one for one in found.findings if one.rule == "volume-group-zones"]
    assert bool(said) is warned
    assert all("set nodeGroups.cpu.scaling.min to 2, or a node group for each zone" in one.fix for one in said)


def test_findings_are_written_once_by_severity() -> None:
    first, second = Finding("b", "info", "u", "m", "f"), Finding("a", "error", "u", "m", "f")
    assert [one["rule"] for one in as_json([first, second, first])] == ["a", "b"]


SIZES = ("t3.medium", "t3.large", "t3.xlarge", "t3.2xlarge")
REQUESTS = st.fixed_dictionaries(
    {
        "cpu": st.integers(10, 3000).map(lambda value: f"{value}m"),
        "memory": st.integers(1, 6000).map(lambda value: f"{value}Mi"),
    }
)


@given(REQUESTS, st.integers(1, 30), st.integers(1, 3))
def test_larger_node_never_carries_fewer_equal_pods(requests: dict[str, str], replicas: int, most: int) -> None:
    pods = workloads([deployment("web", replicas, requests)])
    counts = [place([group_of("cpu", one, most=most)], pods, "maximum", "maximum").outcomes[0].placed for one in SIZES]
    assert counts == sorted(counts)


@given(st.lists(st.tuples(REQUESTS, st.integers(1, 8)), min_size=1, max_size=5), st.integers(1, 4))
def test_placement_stays_within_allocatable_resources(pods: list[tuple[dict[str, str], int]], most: int) -> None:
    items = [deployment(f"w{index}", count, requests) for index, (requests, count) in enumerate(pods)]
    placement = place([group_of("cpu", "t3.large", most=most)], workloads(items), "maximum", "maximum")
    assert all(value >= 0 for node in placement.cluster.nodes for value in node.free.values())
    assert sum(node.pods for node in placement.cluster.nodes) == sum(one.placed for one in placement.outcomes)
