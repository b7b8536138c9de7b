"""The cost of node groups: the nodes that the pods of the plan make the autoscaler run, calculated by hand.

A group of the stack `mlflow` has t3.large, of which each offers pods 1930m CPU; the month has 700 hours.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import Bill
from aiplatform.cost.pricer import bill
from aiplatform.preview.plan import Resource
from config.costs import Costs
from config.nodes import Scaling
from config.settings import Settings
from tests.aiplatform.costing import plan, prices, resource
from tests.aiplatform.test_cost_pools import pods
from tests.components.base import settings_from, settings_of
from tests.config.base import TODAY
from tests.each import each
from tests.requirements.conftest import billed

TABLE = prices({"ebs_gp3_gb_month": "0"}, {"t3.large": ("0.10", "0.05")})
GROUP = "cpu"


def settings(least: int, initial: int, most: int, *, scaled: bool = True) -> Settings:
    """The stack `mlflow` with one group of t3.large; without an autoscaler, if it is not `scaled`."""
    found = settings_of("mlflow")
    group = next(iter(found.node_groups.values()))
    size = settings_from(Scaling, {"min": least, "desired": initial, "max": most})
    autoscaler = found.addons.cluster_autoscaler.model_copy(update={"enabled": scaled})
    return found.model_copy(
        update={
            "node_groups": {GROUP: group.model_copy(update={"instance_types": ("t3.large",), "scaling": size})},
            "addons": found.addons.model_copy(update={"cluster_autoscaler": autoscaler}),
        }
    )


def priced(given: Settings, *resources: Resource, **assumptions: Any) -> Bill:
    """The bill of the group with some pods."""
    size = given.node_groups[GROUP].scaling
    group = resource(
        "eks:index:ManagedNodeGroup",
        GROUP,
        nodeGroupName=GROUP,
        instanceTypes=["t3.large"],
        scalingConfig={"minSize": size.min, "desiredSize": size.desired, "maxSize": size.max},
    )
    costs = settings_from(Costs, {"assumptions": assumptions})
    return bill(plan(group, *resources), costs, TABLE, today=TODAY, settings=given)


def nodes(found: Bill) -> tuple[Decimal, ...]:
    """Nodes at each size: what they cost of 700 h at 0.10."""
    return tuple(each / 70 for each in (found.total.minimum, found.total.expected, found.total.maximum))


def web(count: int) -> Resource:
    """Pods that fit on a node one by one."""
    return pods("Deployment", count, {"cpu": "1500m"})


@each(
    ("sizes", "count", "expected"),
    [
        # An initial node that no pod needs is removed, and what pods need is added, up to the maximum.
        ((0, 0, 4), 2, (2, 2, 4)),
        ((0, 2, 4), 2, (2, 2, 4)),
        ((1, 3, 4), 2, (2, 2, 4)),
        ((1, 1, 4), 3, (3, 3, 4)),
        ((3, 3, 4), 1, (3, 3, 4)),
        ((1, 1, 2), 5, (2, 2, 2)),
    ],
)
def test_group_has_the_nodes_that_pods_need_between_its_minimum_and_maximum(
    sizes: tuple[int, int, int], count: int, expected: tuple[int, int, int]
) -> None:
    assert nodes(priced(settings(*sizes), web(count))) == expected


def test_group_without_an_autoscaler_has_its_desired_nodes() -> None:
    assert nodes(priced(settings(1, 2, 4, scaled=False), web(3)))[:2] == (2, 2)


def test_group_that_no_pod_needs_runs_the_assumed_hours() -> None:
    found = priced(settings(0, 1, 4), gpuHoursPerMonth=70)
    assert nodes(found) == (0, Decimal("0.1"), 4)
    assert found.assumptions == {"gpuHoursPerMonth": 70}


def test_nodes_that_only_jobs_need_are_removed_after_them() -> None:
    found = priced(settings(0, 0, 4), pods("Job", 3, {"cpu": "1500m"}), gpuHoursPerMonth=7)
    assert nodes(found) == (0, Decimal("0.01"), 4)


def test_bill_without_settings_has_the_initial_nodes() -> None:
    given = settings(1, 2, 4)
    alone = priced(given, web(3))
    group = resource(
        "eks:index:ManagedNodeGroup",
        GROUP,
        nodeGroupName=GROUP,
        instanceTypes=["t3.large"],
        scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 4},
    )
    assert nodes(bill(plan(group, web(3)), Costs(), TABLE, today=TODAY)) == (1, 2, 4)
    assert nodes(alone) == (3, 3, 4)


def of_groups(stack: str, *changes: str) -> Mapping[str, Decimal]:
    """Expected USD a month of each node group of a stack, shipped or changed."""
    return {name: amount.expected for name, amount in billed(stack, *changes).by("nodeGroup").items() if name != "none"}


def test_two_more_replicas_of_a_model_cost_two_more_nodes() -> None:
    before = of_groups("prod")
    after = of_groups("prod", "workloads.vllm.models.chat.replicas=4")
    # g5.xlarge at 1.006 for 730 h, and its disk of 100 GB at 0.08
    assert after["gpu"] - before["gpu"] == before["gpu"]
    assert {**after, "gpu": 0} == {**before, "gpu": 0}


def test_smaller_initial_size_saves_nothing_while_pods_need_the_nodes() -> None:
    assert of_groups("prod", "nodeGroups.gpu.scaling={min: 0, desired: 0, max: 4}") == of_groups("prod")
