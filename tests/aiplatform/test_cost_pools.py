"""The cost of Karpenter pools: nodes that no plan counts, calculated by hand from the pods that need them.

The stack `pools` has a node group of two m7i.large, of which each offers pods 1930m CPU; the month has 700 hours.
"""

from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Bill, Sizes
from aiplatform.cost.pricer import bill
from aiplatform.preview.plan import Resource
from config.costs import Costs
from tests.aiplatform.costing import plan, prices, resource, stack_bill
from tests.components.base import settings_from, settings_of
from tests.config.base import TODAY

TABLE = prices(
    {"ebs_gp3_gb_month": "0.1"},
    {
        "m7i.large": ("0.10", "0.05"),
        "m6i.large": ("0.08", "0.03"),
        "m7i.xlarge": ("0.20", "0.11"),
        "g5.xlarge": ("1", "0.4"),
    },
)
BOTH = ("spot", "on-demand")


def requirement(key: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}


def pool(
    *types: str, capacity: tuple[str, ...] = BOTH, limits: dict[str, str] | None = None, gib: int = 0
) -> tuple[Resource, ...]:
    """A pool of these types; with a disk of so many GiB."""
    spec = {
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
        "requirements": [
            requirement("node.kubernetes.io/instance-type", *types),
            requirement("karpenter.sh/capacity-type", *capacity),
        ],
    }
    disks = [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": f"{gib}Gi", "volumeType": "gp3"}}] if gib else []
    return (
        _object("karpenter.k8s.aws/v1", "EC2NodeClass", {"blockDeviceMappings": disks}),
        _object("karpenter.sh/v1", "NodePool", {"template": {"spec": spec}, "limits": limits or {"cpu": "8"}}),
    )


def _object(api_version: str, kind: str, spec: dict[str, Any], name: str = "general") -> Resource:
    return resource(
        f"kubernetes:{api_version}:{kind}", name, apiVersion=api_version, kind=kind, metadata={"name": name}, spec=spec
    )


def pods(kind: str, count: int, requests: dict[str, str]) -> Resource:
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "main", "resources": {"requests": requests}}]},
    }
    amount = {"parallelism": count, "completions": count} if kind == "Job" else {"replicas": count}
    return _object("batch/v1" if kind == "Job" else "apps/v1", kind, {**amount, "template": template}, "web")


def priced(*resources: Resource, **assumptions: Any) -> Bill:
    costs = settings_from(Costs, {"assumptions": assumptions})
    return bill(plan(*resources), costs, TABLE, today=TODAY, settings=settings_of("pools"))


def amounts(found: Bill) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    lines: dict[str, Sizes] = {}
    for line in found.lines:
        lines[line.item] = lines[line.item] + line.monthly if line.item in lines else line.monthly
    exact = Decimal("0.0001")
    return {
        item: (each.minimum.quantize(exact), each.expected.quantize(exact), each.maximum.quantize(exact))
        for item, each in lines.items()
    }


def only(found: Bill) -> tuple[Decimal, Decimal, Decimal]:
    (one,) = amounts(found).values()
    return one


def test_pods_beyond_the_node_group_add_a_node_up_to_the_limits() -> None:
    # Two of three pods go on the group. Then 1 node x 700 h, at 0.03, the cheaper of two;
    # a limit of 8 cores is 4 nodes x 700 h, on demand at 0.10.
    found = priced(*pool("m7i.large", "m6i.large"), pods("Deployment", 3, {"cpu": "1500m"}))
    assert only(found) == (21, 21, 280)
    assert found.assumptions == {}


def test_pool_node_pays_for_its_disk() -> None:
    found = amounts(priced(*pool("m7i.large", gib=30), pods("Deployment", 4, {"cpu": "1500m"})))
    # 2, 2 and 4 nodes x 30 GB x 0.1
    assert found["ebs_gp3_gb_month"] == (6, 6, 12)


def test_pool_without_pods_runs_the_assumed_hours() -> None:
    found = priced(*pool("m7i.large", "m6i.large"), gpuHoursPerMonth=50)
    # 0; 50 h x 0.03, the cheaper of two; the limits
    assert only(found) == (0, Decimal("1.5"), 280)
    assert found.assumptions == {"gpuHoursPerMonth": 50}


def test_assumed_hours_of_a_pool_are_set_by_its_name() -> None:
    found = priced(*pool("m7i.large"), groupHoursPerMonth={"general": 10})
    assert only(found) == (0, Decimal("0.5"), 280)


def test_spot_pool_is_never_on_demand() -> None:
    # 4 nodes x 700 h x 0.05 at the most
    found = priced(*pool("m7i.large", "m6i.large", capacity=("spot",)), pods("Deployment", 3, {"cpu": "1500m"}))
    assert only(found) == (21, 21, 140)


@pytest.mark.parametrize("capacity", [("on-demand",), ()])
def test_on_demand_uses_the_cheapest_type_as_karpenter_does(capacity: tuple[str, ...]) -> None:
    # 1 node x 700 h x 0.08; 4 x 700 h x 0.10
    assert only(
        priced(*pool("m7i.large", "m6i.large", capacity=capacity), pods("Deployment", 3, {"cpu": "1500m"}))
    ) == (56, 56, 280)


def test_larger_type_uses_limits_that_smaller_ones_then_lack() -> None:
    # A pod of 3 cores needs the xlarge: 700 h x 0.11, on demand 0.20. The other 4 of 8 cores are 2 large ones.
    found = amounts(priced(*pool("m7i.large", "m7i.xlarge"), pods("Deployment", 1, {"cpu": "3"})))
    assert found == {"spot:m7i.large": (0, 0, 140), "spot:m7i.xlarge": (77, 77, 140)}


def test_tightest_limit_applies() -> None:
    limits = {"cpu": "64", "memory": "256Gi", "nvidia.com/gpu": "2"}
    found = priced(*pool("g5.xlarge", limits=limits), pods("Deployment", 1, {"nvidia.com/gpu": "1"}))
    # 700 h x 0.4; 2 GPUs x 700 h x 1
    assert only(found) == (280, 280, 1400)


def test_node_of_a_job_is_removed_after_the_job() -> None:
    found = priced(*pool("m7i.large"), pods("Job", 3, {"cpu": "1500m"}), gpuHoursPerMonth=20)
    assert only(found)[1] == 1


def test_pool_without_node_groups_is_missing_and_never_free() -> None:
    found = bill(plan(*pool("m7i.large")), Costs(), TABLE, today=TODAY)
    (missing,) = found.missing
    assert (found.lines, missing.item) == ((), "kubernetes:karpenter.sh/v1:NodePool")
    assert missing.why == "not counted: how many of its pods the node groups carry is not known"


def test_pools_are_counted_for_the_pods_that_are_known_and_the_bill_is_a_minimum() -> None:
    known = priced(*pool("m7i.large"), pods("Deployment", 3, {"cpu": "1500m"}))
    found = priced(*pool("m7i.large"), pods("Deployment", 3, {"cpu": "1500m"}), new := unknown_addon())
    assert found.total == known.total
    assert found.total.expected > 0
    assert [(each.urn, each.why) for each in found.missing] == [
        (new.urn, "not counted: nodes, volumes and load balancers of the unknown add-on new")
    ]
    assert (found.at_least, known.at_least) == (True, False)


def unknown_addon() -> Resource:
    return resource("eks:index:Addon", "new", addonName="new")


def test_bill_lists_each_pool_as_a_component_and_a_node_group() -> None:
    found = stack_bill("pools")
    assert {"pool-general", "pool-gpu", "pool-bottlerocket"} <= found.by("component").keys()
    assert found.by("nodeGroup").keys() == {"none", "system", "general", "gpu", "bottlerocket"}
    # 16 cores / 64 GiB are 8 large ones; 4 GPUs are 4 nodes; 8 cores are 4 of Graviton: 730 h each at the most.
    most = {
        line.owner.node_group: line.quantity.maximum / 730
        for line in found.lines
        if line.owner.component.startswith("pool-") and line.unit == "h"
    }
    assert most == {"general": 8, "gpu": 4, "bottlerocket": 4}
