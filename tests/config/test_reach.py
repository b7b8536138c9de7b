"""The maximum capacity of nodes, calculated by hand, and quotas within it."""

from pathlib import Path

import pytest

from catalog.quantities import CPU, GPU, MEMORY, MIB, PODS, UNKNOWN, requested
from config.loader import load_file
from config.reach import reach
from tests.config.base import STACK_FILES, TODAY, edited, load, mistakes, shared

GROUP = "    cpu:\n      instanceTypes: [t3.large]\n      scaling: {min: 1, desired: 2, max: 3}\n"
NO_NODES = (GROUP, GROUP.replace("desired: 2", "desired: 0").replace("min: 1", "min: 0"))
BY_KARPENTER = "  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: "


def of_pool(folder: Path, pool: str) -> dict[str, int]:
    """The reach of a stack whose only nodes are those of a pool."""
    text = edited(NO_NODES, ("", f"{BY_KARPENTER}{pool}\n"))
    return {name: most for name, most in reach(load(folder, text).settings).items() if most}


def test_node_groups_reach_their_maximum_only_with_an_autoscaler(tmp_path: Path) -> None:
    # A t3.large allocates 1930m of 2 cores, and 8192 MiB less 7.5 %, 255 + 11 x 35 for the kubelet and 100.
    node = {CPU: 1930, MEMORY: 6837 * MIB, PODS: 110}
    for edits, nodes in (((), 3), ((("", "  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n"),), 2)):
        found = reach(load(tmp_path, edited(*edits)).settings)
        assert {name: found[name] for name in node} == {name: each * nodes for name, each in node.items()}
        assert found.get(GPU, 0) == 0


def test_node_without_prefix_delegation_has_as_many_pods_as_addresses(tmp_path: Path) -> None:
    text = edited(("", "  ai-platform:addons: {vpcCni: {prefixDelegation: false}}\n"))
    assert reach(load(tmp_path, text).settings)[PODS] == 3 * 35


@pytest.mark.parametrize(
    ("limits", "cores", "mebibytes", "pods"),
    [
        # Four m7i.xlarge of 3920m and 14162Mi are the most CPU and memory, eight m7i.large the most pods.
        pytest.param('cpu: "16", memory: 64Gi', 4 * 3920, 4 * 14162, 8 * 110, id="both limits agree"),
        pytest.param('cpu: "16", memory: 32Gi', 2 * 3920, 2 * 14162, 4 * 110, id="memory ends it"),
        pytest.param('cpu: "8", memory: 64Gi', 2 * 3920, 2 * 14162, 4 * 110, id="CPU ends it"),
    ],
)
def test_pool_reaches_the_capacity_of_its_best_type_within_limits(
    limits: str, cores: int, mebibytes: int, pods: int, tmp_path: Path
) -> None:
    found = of_pool(tmp_path, f"{{instanceTypes: [m7i.large, m7i.xlarge], limits: {{{limits}}}}}")
    assert {name: found[name] for name in (CPU, MEMORY, PODS)} == {CPU: cores, MEMORY: mebibytes * MIB, PODS: pods}


def test_gpu_limit_of_a_pool_caps_its_other_resources(tmp_path: Path) -> None:
    pool = '{instanceTypes: [g5.xlarge], capacity: [onDemand], limits: {cpu: "16", memory: 64Gi, gpus: 3}}'
    found = of_pool(tmp_path, pool)
    assert (found[GPU], found[CPU], found[MEMORY]) == (3, 3 * 3920, 3 * 14162 * MIB)


def test_unknown_instance_type_has_no_capacity(tmp_path: Path) -> None:
    found = of_pool(tmp_path, '{instanceTypes: [m12i.large, m11i.large], limits: {cpu: "4", memory: 16Gi}}')
    assert found[CPU] >= UNKNOWN
    assert found[GPU] >= UNKNOWN


@pytest.mark.requirement("003-nod-09", "003-pol-01", "003-pol-02")
def test_quotas_of_pingvas_are_within_the_maximum_capacity() -> None:
    settings = load_file(STACK_FILES, "pingvas", today=TODAY).settings
    found = reach(settings)
    assert found[CPU] >= 70_000
    assert found[MEMORY] >= 250 * 1024 * MIB
    assert found[GPU] == 18
    assert found[PODS] >= 250


@pytest.mark.parametrize(
    ("dev", "prod", "lines"),
    [
        ("2", "3790m", []),
        ("2", "3791m", ["48: 3791m is 5791m CPU together with dev"]),
        ("5790m", "1m", ["48: 1m is 5791m CPU together with dev"]),
        # Who promises too much alone is told so, and does not spoil the others' sum.
        ("6", "3", ["42: 6 exceeds the maximum capacity of nodes, 5790m CPU"]),
        ("6", "7", [
            "42: 6 exceeds the maximum capacity of nodes, 5790m CPU",
            "48: 7 exceeds the maximum capacity of nodes, 5790m CPU",
        ]),
    ],
)  # fmt: skip
def test_quota_beyond_capacity_is_refused_alone_and_in_sum(
    dev: str, prod: str, lines: list[str], tmp_path: Path
) -> None:
    text = edited(
        *shared(('requests.cpu: "2"', f'requests.cpu: "{dev}"'), ('requests.cpu: "3"', f'requests.cpu: "{prod}"'))
    )
    # A quota of 1m is below what its own services ask for, which is another rule's to say.
    found = [line for line in mistakes(tmp_path, text) if "maximum capacity of nodes" in line]
    shown = [f"{line.partition(':')[0]}: {line.split(': ', 2)[2]}" for line in found]
    assert [one.startswith(expected) for one, expected in zip(shown, lines, strict=True)] == [True] * len(lines)


@pytest.mark.parametrize(
    ("key", "resource"),
    [
        ("requests.cpu", CPU),
        ("cpu", CPU),
        ("memory", MEMORY),
        ("pods", PODS),
        ("requests.nvidia.com/gpu", GPU),
        ("limits.cpu", None),
        ("requests.storage", None),
        ("gp3.storageclass.storage.k8s.io/requests.storage", None),
        ("services", None),
        ("count/jobs.batch", None),
    ],
)
def test_quota_limits_nodes_by_pod_requests(key: str, resource: str | None) -> None:
    assert requested(key) == resource
