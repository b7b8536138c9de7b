"""The allocatable capacity of nodes, against figures of real nodes."""

import pytest

from catalog.capacity import Allocatable, allocatable, pods_by_addresses
from catalog.instance_types import gpus, sizes


@pytest.mark.parametrize(
    ("instance_type", "disk_gib", "offered"),
    [
        # A g5.xlarge has 3920m, 14162Mi and, with 20 GiB of disk, 17Gi; a t3.medium 17 pods and 3246Mi.
        ("g5.xlarge", 20, Allocatable(3920, 14162, 17 * 1024, 58, 1)),
        ("t3.medium", 30, Allocatable(1930, 3246, 26 * 1024, 17, 0)),
        ("t3.small", 20, Allocatable(1930, 1418, 17 * 1024, 11, 0)),
        ("p5.48xlarge", 500, Allocatable(191450, 1938410, 449 * 1024, 100, 8)),
    ],
)
def test_node_reserves_a_share_of_its_capacity(instance_type: str, disk_gib: int, offered: Allocatable) -> None:
    assert allocatable(instance_type, disk_gib=disk_gib) == offered


def test_pod_limit_of_the_settings_applies_and_the_reserve_follows_addresses() -> None:
    plain, many = (allocatable("t3.medium", disk_gib=30, max_pods=pods) for pods in (None, 110))
    assert many == plain._replace(pods=110)


@pytest.mark.parametrize(
    ("instance_type", "plain", "with_prefixes"),
    [("t3.small", 11, 110), ("t3.medium", 17, 110), ("t3.large", 35, 110), ("m5.16xlarge", 737, 250)],
)
def test_prefix_delegation_raises_pods_to_the_recommended_limit(
    instance_type: str, plain: int, with_prefixes: int
) -> None:
    assert pods_by_addresses(instance_type) == plain
    assert pods_by_addresses(instance_type, prefixes=True) == with_prefixes


@pytest.mark.parametrize(
    ("instance_type", "count"),
    [
        ("g5.xlarge", 1),
        ("g5.12xlarge", 4),
        ("g6f.large", 1),
        ("g7e.12xlarge", 2),
        ("p6e-gb200.36xlarge", 4),
        ("m7i.large", 0),
    ],
)
def test_gpus_are_those_that_pods_can_request(instance_type: str, count: int) -> None:
    assert gpus(instance_type) == count


def test_every_row_has_valid_figures() -> None:
    assert len(sizes()) > 1000
    for name, size in sizes().items():
        assert min(size.vcpus, size.memory_mib, size.interfaces) > 0, name
        assert size.addresses > 1, name
        assert (size.gpus > 0) == (size.gpu_memory_mib > 0) == bool(size.gpu), name
