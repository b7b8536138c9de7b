"""An assumption that changes nothing is an error; one that cannot be judged is none."""

from typing import Any

from aiplatform.cost.pricer import bill
from aiplatform.findings.assumptions import unused_assumptions
from catalog.prices import load_prices
from config.costs import Costs
from tests.aiplatform.costing import plan, prices, resource
from tests.components.base import settings_from
from tests.config.base import TODAY
from tests.each import each

FILES = resource("aws:efs/fileSystem:FileSystem", throughputMode="bursting")
GROUP = resource(
    "eks:index:ManagedNodeGroup",
    nodeGroupName="gpu",
    instanceTypes=["g5.xlarge"],
    scalingConfig={"minSize": 0, "desiredSize": 0, "maxSize": 2},
)


def told(assumptions: dict[str, Any]) -> list[str]:
    costs = settings_from(Costs, {"assumptions": assumptions})
    found = bill(plan(FILES, GROUP), costs, load_prices(), today=TODAY)
    return [one.message.partition(" ")[0] for one in unused_assumptions(costs, found, "urn")]


@each(
    ("assumptions", "unused"),
    [
        ({"efsGb": 5}, []),
        ({"gpuHoursPerMonth": 5}, []),
        ({"groupHoursPerMonth": {"gpu": 5}}, []),
        # The group has hours of its own, and nothing else uses these.
        ({"groupHoursPerMonth": {"gpu": 5}, "gpuHoursPerMonth": 5}, ["gpuHoursPerMonth"]),
        ({"groupHoursPerMonth": {"cpu": 5}}, ["groupHoursPerMonth.cpu"]),
        ({"auroraGb": 5, "efsColdPercent": 5}, ["efsColdPercent", "auroraGb"]),
        # The default is no assumption of the stack file.
        ({"auroraGb": 20}, []),
    ],
)
def test_assumption_on_which_no_line_depends_is_an_error(assumptions: dict[str, Any], unused: list[str]) -> None:
    assert told(assumptions) == [f"costs.assumptions.{name}" for name in unused]


def test_bill_with_a_missing_price_has_no_such_error() -> None:
    costs = settings_from(Costs, {"assumptions": {"auroraGb": 5}})
    found = bill(plan(FILES), costs, prices(), today=TODAY)
    assert found.at_least
    assert list(unused_assumptions(costs, found, "urn")) == []
