"""Usage that follows nodes and replicas, by hand, in months of 700 hours."""

from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Bill, Sizes
from aiplatform.preview.plan import Resource
from tests.aiplatform.costing import OFFICE, priced, prices, resource, sleeps

TABLE = prices(
    {
        "cloudwatch_logs_ingest_gb": "1",
        "nat_gateway_hour": "0",
        "nat_gateway_gb": "1",
        "alb_hour": "0.02",
        "alb_lcu_hour": "0.01",
    },
    {"m7g.large": ("0.1", None), "g5.xlarge": ("1", None)},
)
NAT = resource("aws:ec2/natGateway:NatGateway", "nat")


def group(least: int, usual: int, most: int, type_: str = "m7g.large") -> Resource:
    scaling = {"minSize": least, "desiredSize": usual, "maxSize": most}
    return resource("aws:eks/nodeGroup:NodeGroup", nodeGroupName="shop", instanceTypes=[type_], scalingConfig=scaling)


def quantity(bill: Bill, item: str) -> Sizes:
    (found,) = (line.quantity for line in bill.lines if line.item == item)
    return found


def sizes(*numbers: Decimal | float) -> Sizes:
    return Sizes(*(Decimal(str(number)) for number in numbers))


def control_plane(types: list[str] | None, *others: Resource, **assumed: Any) -> Sizes:
    given = {} if types is None else {"enabledClusterLogTypes": types}
    logs = resource("aws:cloudwatch/logGroup:LogGroup", "logs", name="/aws/eks/shop/cluster", retentionInDays=7)
    bill = priced(resource("eks:index:Cluster", version="1.35", **given), logs, *others, table=TABLE, **assumed)
    return quantity(bill, "cloudwatch_logs_ingest_gb")


def flows(interval: int, *others: Resource, **assumed: Any) -> Sizes:
    to = "arn:aws:logs:us-west-2:123456789012:log-group:/flows"
    logs = resource("aws:cloudwatch/logGroup:LogGroup", "logs", name="/flows", retentionInDays=7)
    flow = resource("aws:ec2/flowLog:FlowLog", logDestination=to, maxAggregationInterval=interval)
    return quantity(priced(flow, logs, *others, table=TABLE, **assumed), "cloudwatch_logs_ingest_gb")


@pytest.mark.parametrize(
    ("types", "gigabytes"),
    [(["audit"], 6), (["api"], 1), (["audit", "authenticator"], 7), (None, 10)],
    ids=["audit", "api", "two", "all"],
)
def test_control_plane_logs_are_those_of_the_enabled_types(types: list[str] | None, gigabytes: int) -> None:
    """60 of 10 GB are audit logs, and each of the four others has a tenth."""
    assert control_plane(types) == sizes(gigabytes, gigabytes, gigabytes)


def test_share_of_audit_logs_is_an_assumption() -> None:
    assert control_plane(["audit"], auditLogsPercent=90) == sizes(9, 9, 9)


def test_logs_follow_the_nodes() -> None:
    """Of 10 GB with two nodes, half with one, and 2.5 times as many with five."""
    assert control_plane(None, group(1, 2, 5)) == sizes(5, 10, 25)
    assert flows(600, group(1, 2, 5)) == sizes(5, 10, 25)


def test_flow_logs_with_records_of_a_minute_are_more() -> None:
    assert flows(60) == sizes(15, 15, 15)
    assert flows(60, flowLogsMinutePercent=300, flowLogsGbPerMonth=2) == sizes(6, 6, 6)


def pulled(*resources: Resource, **assumed: Any) -> Sizes:
    return quantity(priced(NAT, *resources, table=TABLE, natGbPerMonth=0, **assumed), "nat_gateway_gb")


def test_nodes_pull_their_images_at_each_start() -> None:
    """4 GB a node, twice a month: one, two and five nodes."""
    assert pulled(group(1, 2, 5), nodeStartsPerMonth=2) == sizes(8, 16, 40)


def test_node_with_gpus_pulls_more() -> None:
    assert pulled(group(1, 1, 1, "g5.xlarge")) == sizes(12, 12, 12)


def test_node_with_a_schedule_starts_on_each_running_day() -> None:
    """Of 29.1667 days five sevenths are 20.8333; two nodes of 4 GB: 166.67."""
    found = pulled(group(2, 2, 2), *sleeps("nodes", "shop", *OFFICE))
    assert round(found.expected, 2) == Decimal("166.67")


def test_group_at_zero_starts_a_node_for_each_few_hours() -> None:
    """20 hours are five starts of four hours: 60 GB, which is more than two nodes pull that run always."""
    assert pulled(group(0, 0, 2, "g5.xlarge"), gpuHoursPerMonth=20) == sizes(0, 60, 60)


def test_pulls_are_in_addition_to_the_assumed_traffic_of_all_gateways() -> None:
    two = [resource("aws:ec2/natGateway:NatGateway", name) for name in ("a", "b")]
    bill = priced(*two, group(2, 2, 2), table=TABLE, natGbPerMonth=100)
    shares = [line for line in bill.lines if line.item == "nat_gateway_gb"]
    assert [line.quantity.expected for line in shares] == [54, 54], "(100 + 2 x 4) / 2"
    assert shares[0].note == "4 GB of images and weights"
    assert set(shares[0].assumptions) == {"natGbPerMonth", "nodeImagesGb", "nodeStartsPerMonth"}


def test_capacity_units_follow_the_replicas_behind_the_load_balancer() -> None:
    """One unit for two replicas at the expected size, and three for the maximum of six; a worker does not count."""

    def part(kind: str, name: str, version: str, **inputs: Any) -> Resource:
        metadata = {"name": name, "namespace": "shop"}
        return resource(f"kubernetes:{version}:{kind}", f"{kind}-{name}", kind=kind, metadata=metadata, **inputs)

    def deployment(name: str) -> Resource:
        template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "main", "image": "a:1"}]}}
        spec = {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": template}
        return part("Deployment", name, "apps/v1", apiVersion="apps/v1", spec=spec)

    def scaler(name: str) -> Resource:
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
        spec = {"minReplicas": 2, "maxReplicas": 6, "scaleTargetRef": target}
        return part("HorizontalPodAutoscaler", name, "autoscaling/v2", apiVersion="autoscaling/v2", spec=spec)

    elb = "elbv2.k8s.aws/v1beta1"
    target = {"serviceRef": {"name": "api", "port": 80}}
    binding = part("TargetGroupBinding", "api", elb, apiVersion=elb, spec=target)
    service = part("Service", "api", "core/v1", apiVersion="v1", spec={"selector": {"app": "api"}})
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", "alb", internal=True)
    workloads = [deployment("api"), scaler("api"), deployment("worker")]
    bill = priced(balancer, binding, service, *workloads, table=TABLE)
    assert quantity(bill, "alb_lcu_hour") == sizes(700, 700, 2100)
