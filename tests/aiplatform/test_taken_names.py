"""Physical names that two resources of a plan share."""

from typing import Any

from aiplatform.finding import Finding
from aiplatform.findings.taken_names import taken_names
from aiplatform.preview.plan import UNKNOWN, Plan
from tests.aiplatform.costing import resource
from tests.components.base import recorded
from tests.each import each

GROUP, SUBNETS, LOGS = (
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:cloudwatch/logGroup:LogGroup",
)
ROLE, DATABASE, READER = "aws:iam/role:Role", "aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"
RECORD = "aws:route53/record:Record"


def _found(*resources: Any) -> list[Finding]:
    return list(taken_names(Plan("p", "s", tuple(resources), {})))


@each(
    ("resources", "names"),
    [
        ((resource(GROUP, "a", name="shop"), resource(GROUP, "b", name="shop")), ["shop"]),
        ((resource(SUBNETS, "a", name="data"), resource(SUBNETS, "b", name="data")), ["data"]),
        ((resource(LOGS, "a", name="/aws/x"), resource(LOGS, "b", name="/aws/x")), ["/aws/x"]),
        # IAM compares names without case; CloudWatch does not.
        ((resource(ROLE, "a", name="Shop"), resource(ROLE, "b", name="shop")), ["shop"]),
        ((resource(LOGS, "a", name="Shop"), resource(LOGS, "b", name="shop")), []),
        ((resource(DATABASE, "a", identifier="shop"), resource(READER, "b", identifier="shop")), ["shop"]),
        # Names of another type, in another region, unknown or generated ones.
        ((resource(GROUP, "a", name="shop"), resource(SUBNETS, "b", name="shop")), []),
        ((resource(LOGS, "a", name="x", region="us-east-1"), resource(LOGS, "b", name="x", region="us-west-2")), []),
        ((resource(GROUP, "a", name=UNKNOWN), resource(GROUP, "b", name=UNKNOWN)), []),
        ((resource(GROUP, "a", namePrefix="shop-"), resource(GROUP, "b", namePrefix="shop-")), []),
        ((resource(RECORD, "a", name="shop.dev"), resource(RECORD, "b", name="shop.dev")), []),
    ],
)
def test_name_of_another_resource_of_the_type_is_an_error(resources: tuple[Any, ...], names: list[str]) -> None:
    found = _found(*resources)
    assert [one.message.partition(" ")[0] for one in found] == names
    assert [(one.rule, one.severity, one.urn) for one in found] == [("name-taken", "error", resources[1].urn)] * len(
        names
    )


def test_shipped_stack_has_each_name_once() -> None:
    assert list(taken_names(recorded("pingvas").plan)) == []
