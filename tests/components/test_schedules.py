"""Schedules: the calls of EventBridge Scheduler, and a role that allows only these."""

import json

import pulumi_aws as aws
import pytest

from aiplatform.preview.plan import UNKNOWN
from components.operations.schedule.scheduled_stop import Sleep
from config.nodes import Scaling
from config.schedules import Schedule
from tests.components.base import BOTH, Found, alone, recorded

SCHEDULE = "aws:scheduler/schedule:Schedule"
NIGHTS = Schedule(start="0 7 * * MON-FRI", stop="30 19 * * *", time_zone="Europe/Berlin")
DATABASE = "arn:aws:rds:us-west-2:123456789012:db:shop-db"


def machine(name: str) -> aws.ec2.Instance:
    return aws.ec2.Instance(name, ami="ami-1", instance_type="t3.micro")


def sleep(*, databases: bool = True, groups: bool = True, servers: bool = False, unknown: bool = False) -> Found:
    return alone(
        lambda: Sleep(
            "sleep",
            project="shop",
            region="us-west-2",
            account_id="123456789012",
            cluster_name="shop-eks",
            databases={"runs": ("shop-db", DATABASE, NIGHTS)} if databases else {},
            node_groups={"cpu": (Scaling(min=1, desired=2, max=5), NIGHTS)} if groups else {},
            servers={"api": ([machine("one"), machine("two")], NIGHTS)} if servers else {},
        ),
        unknown=unknown,
    )


CALLS = {
    "sleep-runs-database-stop": ("rds:stopDBInstance", "cron(30 19 * * ? *)", {"DbInstanceIdentifier": "shop-db"}),
    "sleep-runs-database-start": (
        "rds:startDBInstance",
        "cron(0 7 ? * MON-FRI *)",
        {"DbInstanceIdentifier": "shop-db"},
    ),
    "sleep-cpu-nodes-stop": (
        "eks:updateNodegroupConfig",
        "cron(30 19 * * ? *)",
        {
            "ClusterName": "shop-eks",
            "NodegroupName": "cpu",
            "ScalingConfig": {"MinSize": 0, "DesiredSize": 0},
        },
    ),
    "sleep-cpu-nodes-start": (
        "eks:updateNodegroupConfig",
        "cron(0 7 ? * MON-FRI *)",
        {
            "ClusterName": "shop-eks",
            "NodegroupName": "cpu",
            "ScalingConfig": {"MinSize": 1, "DesiredSize": 2, "MaxSize": 5},
        },
    ),
}


@BOTH
def test_schedules_call_the_apis_with_their_parameters(unknown: bool) -> None:
    found = sleep(unknown=unknown)
    assert {item.name for item in found.all(SCHEDULE)} == set(CALLS)
    for name, (call, expression, parameters) in CALLS.items():
        inputs = found.inputs(SCHEDULE, name)
        assert inputs["target"]["arn"] == f"arn:aws:scheduler:::aws-sdk:{call}"
        assert json.loads(inputs["target"]["input"]) == parameters
        assert inputs["scheduleExpression"] == expression
        assert inputs["scheduleExpressionTimezone"] == "Europe/Berlin"
        assert inputs["flexibleTimeWindow"] == {"mode": "OFF"}
        assert inputs["groupName"] == "shop" or unknown
        assert inputs["target"]["retryPolicy"]["maximumRetryAttempts"] > 0


def allowed(found: Found) -> dict[str, list[str]]:
    document = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy")["policy"])
    return {action: item["Resource"] for item in document["Statement"] for action in item["Action"]}


GROUP_ARN = "arn:aws:eks:us-west-2:123456789012:nodegroup/shop-eks/cpu/*"


@pytest.mark.parametrize(
    ("databases", "groups", "rights"),
    [
        (True, False, {"rds:StopDBInstance": [DATABASE], "rds:StartDBInstance": [DATABASE]}),
        (False, True, {"eks:UpdateNodegroupConfig": [GROUP_ARN]}),
        (
            True,
            True,
            {
                "rds:StopDBInstance": [DATABASE],
                "rds:StartDBInstance": [DATABASE],
                "eks:UpdateNodegroupConfig": [GROUP_ARN],
            },
        ),
    ],
)
def test_schedule_role_allows_the_scheduled_calls_only(
    databases: bool, groups: bool, rights: dict[str, list[str]]
) -> None:
    assert allowed(sleep(databases=databases, groups=groups)) == rights


@BOTH
def test_schedule_role_trusts_schedules_of_its_group_only(unknown: bool) -> None:
    found = sleep(unknown=unknown)
    trust = found.inputs("aws:iam/role:Role")["assumeRolePolicy"]
    if unknown:
        assert trust == UNKNOWN
        return
    (statement,) = json.loads(trust)["Statement"]
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:scheduler:us-west-2:123456789012:schedule-group/shop"}
    }


@BOTH
@pytest.mark.requirement("001-sch-05")
def test_instances_are_stopped_by_id_and_the_role_allows_those_ids(unknown: bool) -> None:
    found = sleep(databases=False, groups=False, servers=True, unknown=unknown)
    for action in ("stop", "start"):
        target = found.inputs(SCHEDULE, f"sleep-api-servers-{action}")["target"]
        assert target["arn"] == f"arn:aws:scheduler:::aws-sdk:ec2:{action}Instances"
        machines = {one.urn for one in found.all("aws:ec2/instance:Instance")}
        assert len(machines) == 2
        assert machines <= set(found.one(SCHEDULE, f"sleep-api-servers-{action}").dependencies)
        if unknown:
            assert target["input"] == UNKNOWN
            continue
        ids = json.loads(target["input"])["InstanceIds"]
        assert [one[:2] for one in ids] == ["i-", "i-"]
        arns = [f"arn:aws:ec2:us-west-2:123456789012:instance/{one}" for one in ids]
        assert allowed(found) == {"ec2:StopInstances": arns, "ec2:StartInstances": arns}


@pytest.mark.parametrize("stack", ["dev", "offline", "long"])
@BOTH
def test_schedules_exist_for_resources_with_a_schedule_only(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings
    wanted = {f"sleep-{key}-database" for key, item in settings.databases.items() if item.schedule}
    wanted |= {f"sleep-{key}-nodes" for key, item in settings.node_groups.items() if item.schedule}
    assert {item.name.rsplit("-", 1)[0] for item in recording.all(SCHEDULE)} == wanted


@pytest.mark.parametrize("stack", ["mlflow", "prod", "bare"])
def test_schedule_role_is_absent_without_schedules(stack: str) -> None:
    assert recorded(stack).all("ai-platform:schedule:Sleep") == []
