"""The bill of EC2 servers, calculated by hand."""

from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import Bill
from aiplatform.preview.plan import Resource
from catalog.prices import load_prices
from tests.aiplatform.costing import OFFICE, priced, prices, resource, stack_bill

TABLE = prices(
    {
        "ebs_gp3_gb_month": "0.1",
        "ebs_gp3_iops_month": "0.005",
        "ebs_gp3_throughput_month": "0.04",
        "public_ipv4_hour": "0.005",
    },
    {"g5.xlarge": ("1", "0.4")},
)
SERVER = resource("ai-platform:instances:Server", "instance-vllm")
ROOT = {"volumeType": "gp3", "volumeSize": 100}


def machine(**inputs: Any) -> Resource:
    given = {"instanceType": "g5.xlarge", "rootBlockDevice": ROOT}
    return resource("aws:ec2/instance:Instance", "instance-vllm-vllm", parent=SERVER.urn, **{**given, **inputs})


def schedules(machine: Resource) -> list[Resource]:
    return [
        resource(
            "aws:scheduler/schedule:Schedule",
            f"one-{which}",
            dependencies=(machine.urn,),
            scheduleExpression=expression,
            target={"arn": f"arn:aws:scheduler:::aws-sdk:ec2:{which}Instances", "input": '{"InstanceIds": ["i-1"]}'},
        )
        for which, expression in zip(("start", "stop"), OFFICE, strict=True)
    ]


def amounts(bill: Bill) -> dict[str, Decimal]:
    return {line.item: line.monthly.expected for line in bill.lines}


def test_server_without_a_schedule_is_billed_all_month_with_its_volume() -> None:
    # 700 h x 1; 100 GB x 0.1
    assert amounts(priced(SERVER, machine(), table=TABLE)) == {"onDemand:g5.xlarge": 700, "ebs_gp3_gb_month": 10}


def test_stopped_server_is_billed_for_its_volumes_and_not_its_address() -> None:
    one = machine(associatePublicIpAddress=True)
    found = amounts(priced(SERVER, one, *schedules(one), table=TABLE))
    # 60 of 168 hours: 250 h x 1; 250 h x 0.005; the volume stays
    assert found == {
        "onDemand:g5.xlarge": 250,
        "ebs_gp3_gb_month": 10,
        "public_ipv4_hour": Decimal("1.25"),
    }


def test_spot_server_has_the_spot_price_while_it_runs() -> None:
    one = machine(instanceMarketOptions={"marketType": "spot"})
    found = amounts(priced(SERVER, one, *schedules(one), table=TABLE))
    # 250 h x 0.4; the volume stays
    assert found == {"spot:g5.xlarge": 100, "ebs_gp3_gb_month": 10}


def test_spot_server_of_nemo_saves_401_a_month() -> None:
    """18 of 24 hours, 547.5 h, of a g5.xlarge in ap-northeast-2: 547.5 x (1.237 - 0.5038) = 401.43, at the prices of
    skypilot-catalog v8.
    """
    on_demand, spot = (load_prices().instance("ap-northeast-2", "g5.xlarge", spot=spot) for spot in (False, True))
    assert on_demand is not None
    assert spot is not None
    assert (on_demand.price - spot.price) * Decimal("547.5") == Decimal("401.427")


def test_spot_server_without_a_spot_price_has_a_missing_price() -> None:
    table = prices({"ebs_gp3_gb_month": "0.1"}, {"g5.xlarge": ("1", None)})
    found = priced(SERVER, machine(instanceMarketOptions={"marketType": "spot"}), table=table)
    assert [each.item for each in found.missing] == ["spot:g5.xlarge"]


def test_schedule_of_another_server_changes_nothing() -> None:
    other = resource("aws:ec2/instance:Instance", "other", instanceType="g5.xlarge")
    found = priced(SERVER, machine(), *schedules(other), table=TABLE)
    assert amounts(found)["onDemand:g5.xlarge"] == 700


def test_elastic_ip_is_billed_once_and_while_stopped() -> None:
    server = machine(associatePublicIpAddress=True)
    address = resource("aws:ec2/eip:Eip", "instance-vllm-vllm")
    held = resource(
        "aws:ec2/eipAssociation:EipAssociation", "instance-vllm-vllm", dependencies=(server.urn, address.urn)
    )
    found = priced(SERVER, server, address, held, *schedules(server), table=TABLE)
    lines = [line for line in found.lines if line.item == "public_ipv4_hour"]
    assert [line.monthly.expected for line in lines] == [Decimal("3.5")], "700 h x 0.005"


def test_data_volume_is_billed_by_size_and_performance_above_baseline() -> None:
    volume = resource("aws:ebs/volume:Volume", type="gp3", size=200, iops=4000, throughput=250)
    # 200 GB x 0.1; 1000 x 0.005; 125 x 0.04
    assert amounts(priced(volume, table=TABLE)) == {
        "ebs_gp3_gb_month": 20,
        "ebs_gp3_iops_month": 5,
        "ebs_gp3_throughput_month": 5,
    }


def test_startstop_function_stops_the_resources_of_its_event() -> None:
    arn = "arn:aws:lambda:us-west-2:123456789012:function:eks-ec2-startstop"
    events = {which: f'{{"action": "{which}", "instances": ["vllm"]}}' for which in ("start", "stop")}
    function = resource("aws:lambda/function:Function", "sleep-function", memorySize=256, architectures=["arm64"])
    called = [
        resource(
            "aws:scheduler/schedule:Schedule",
            f"one-{which}",
            dependencies=(function.urn, machine().urn),
            scheduleExpression=expression,
            target={"arn": arn, "input": events[which]},
        )
        for which, expression in zip(("start", "stop"), OFFICE, strict=True)
    ]
    table = prices(
        {"ebs_gp3_gb_month": "0.1", "lambda_request_million": "0.2", "lambda_gb_second_arm": "0.01"},
        {"g5.xlarge": ("1", None)},
    )
    found = amounts(priced(SERVER, machine(), function, *called, table=table))
    # 60 calls x 10 s x 0.25 GB x 0.01
    assert (found["onDemand:g5.xlarge"], found["lambda_gb_second_arm"]) == (250, Decimal("1.5"))


def test_every_resource_of_the_servers_has_a_price_or_a_reason() -> None:
    found = stack_bill("servers")
    assert [line.item for line in found.lines if line.owner.component == "instances"]
    missing = {each.item for each in found.missing if "instance" in each.urn}
    assert missing <= {"ebs_gp3_iops_month", "ebs_gp3_throughput_month"}, "which the table has no price of"
