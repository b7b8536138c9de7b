"""What sleeps: the calls of EventBridge Scheduler, word for word, and a role that may make them and no others."""

import json

import pytest

from aiplatform.preview.plan import UNKNOWN
from components.operations.schedule.sleep import Sleep
from config.nodes import Scaling
from config.schedules import Schedule
from tests.components.base import BOTH, Found, alone, recorded

SCHEDULE = "aws:scheduler/schedule:Schedule"
NIGHTS = Schedule(start="0 7 * * MON-FRI", stop="30 19 * * *", time_zone="Europe/Berlin")
DATABASE = "arn:aws:rds:us-west-2:123456789012:db:shop-db"


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
            servers={"api": (["i-1", "i-2"], NIGHTS)} if servers else {},
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
            "ScalingConfig": {"MinSize": 0, "DesiredSize": 0, "MaxSize": 5},
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
def test_the_calls_are_those_of_the_apis_with_their_parameters(unknown: bool) -> None:
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
def test_the_role_may_do_what_the_schedules_call_and_no_more(
    databases: bool, groups: bool, rights: dict[str, list[str]]
) -> None:
    assert allowed(sleep(databases=databases, groups=groups)) == rights


@BOTH
def test_only_schedules_of_this_group_take_on_the_role(unknown: bool) -> None:
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
def test_servers_are_stopped_by_their_ids_and_the_role_may_stop_these(unknown: bool) -> None:
    found = sleep(databases=False, groups=False, servers=True, unknown=unknown)
    for action in ("stop", "start"):
        target = found.inputs(SCHEDULE, f"sleep-api-servers-{action}")["target"]
        assert target["arn"] == f"arn:aws:scheduler:::aws-sdk:ec2:{action}Instances"
        assert json.loads(target["input"]) == {"InstanceIds": ["i-1", "i-2"]}
    ids = [f"arn:aws:ec2:us-west-2:123456789012:instance/i-{number}" for number in (1, 2)]
    assert allowed(found) == {"ec2:StopInstances": ids, "ec2:StartInstances": ids}


@pytest.mark.parametrize("stack", ["dev", "offline", "long"])
@BOTH
def test_what_names_a_schedule_sleeps_by_it_and_nothing_else_does(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings
    wanted = {f"sleep-{key}-database" for key, item in settings.databases.items() if item.schedule}
    wanted |= {f"sleep-{key}-nodes" for key, item in settings.node_groups.items() if item.schedule}
    assert {item.name.rsplit("-", 1)[0] for item in recording.all(SCHEDULE)} == wanted


@pytest.mark.parametrize("stack", ["mlflow", "prod", "bare"])
def test_without_schedules_there_is_no_role_that_could_stop_anything(stack: str) -> None:
    assert recorded(stack).all("ai-platform:schedule:Sleep") == []
