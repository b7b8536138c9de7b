"""The function that runs schedules: its code against moto, and its permissions."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.components.base import BOTH, recorded

CODE = Path(__file__).parents[2] / "components" / "operations" / "schedule" / "files" / "startstop.py"
REGION = "ap-northeast-2"
SCHEDULE = "aws:scheduler/schedule:Schedule"
FUNCTION = "aws:lambda/function:Function"


class Cloud:
    """A cluster with a node group, two servers and a database."""

    def __init__(self) -> None:
        self.eks, self.ec2, self.rds = (boto3.client(service, REGION) for service in ("eks", "ec2", "rds"))
        role = "arn:aws:iam::123456789012:role/nodes"
        self.eks.create_cluster(name="plant", roleArn=role, resourcesVpcConfig={"subnetIds": []})
        self.eks.create_nodegroup(
            clusterName="plant",
            nodegroupName="workers",
            scalingConfig={"minSize": 2, "desiredSize": 3, "maxSize": 4},
            subnets=[],
            nodeRole=role,
        )
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        made = self.ec2.run_instances(ImageId=image, MinCount=2, MaxCount=2, InstanceType="t3.micro")
        self.api, self.model = ([item["InstanceId"]] for item in made["Instances"])
        self.rds.create_db_instance(
            DBInstanceIdentifier="plant-db",
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            MasterUsername="plant",
            MasterUserPassword="only-here-1",
            AllocatedStorage=20,
        )
        self.targets = {
            "cluster": "plant",
            "nodeGroups": {"workers": {"minSize": 2, "desiredSize": 3, "maxSize": 4}},
            "instances": {"api": self.api, "model": self.model},
            "databases": {"plant-db": {}},
        }

    def states(self) -> dict[str, Any]:
        """What runs."""
        group = self.eks.describe_nodegroup(clusterName="plant", nodegroupName="workers")["nodegroup"]
        found = self.ec2.describe_instances(InstanceIds=[*self.api, *self.model])["Reservations"]
        machines = {item["InstanceId"]: item["State"]["Name"] for each in found for item in each["Instances"]}
        database = self.rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"]
        return {
            "nodes": tuple(group["scalingConfig"][f"{key}Size"] for key in ("min", "desired", "max")),
            "api": machines[self.api[0]],
            "model": machines[self.model[0]],
            "database": database,
        }


RUNS = {"nodes": (2, 3, 4), "api": "running", "model": "running", "database": "available"}
SLEEPS = {"nodes": (0, 0, 4), "api": "stopped", "model": "stopped", "database": "stopped"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        found = Cloud()
        monkeypatch.setenv("TARGETS", json.dumps(found.targets))
        yield found


def call(**event: Any) -> Any:
    return runpy.run_path(str(CODE))["handler"](event)


@pytest.mark.requirement("001-sch-01", "001-sch-05", "001-ver-01")
def test_stop_and_start_restore_the_state_and_node_groups_are_resized(cloud: Cloud) -> None:
    assert cloud.states() == RUNS
    stopped = call(action="stop")
    assert cloud.states() == SLEEPS
    assert stopped["done"] == ["node group workers", "instances api", "instances model", "database plant-db"]
    call(action="start")
    assert cloud.states() == RUNS


def test_event_limits_the_resources(cloud: Cloud) -> None:
    call(action="stop", instances=["model"])
    assert cloud.states() == {**RUNS, "model": "stopped"}
    call(action="stop", nodeGroups=["workers"], databases=["plant-db"])
    assert cloud.states() == {**SLEEPS, "api": "running"}


def test_stopping_a_stopped_resource_is_no_failure(cloud: Cloud) -> None:
    call(action="stop")
    call(action="stop")
    assert cloud.states() == SLEEPS


def test_failed_resource_is_reported_and_does_not_stop_the_others(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {**cloud.targets, "nodeGroups": {"gone": {"minSize": 0, "desiredSize": 1, "maxSize": 1}}}
    monkeypatch.setenv("TARGETS", json.dumps(gone))
    with pytest.raises(RuntimeError, match="stop failed for node group gone"):
        call(action="stop")
    assert cloud.states() == {**SLEEPS, "nodes": (2, 3, 4)}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({}, "the action is None; write start or stop"),
        ({"action": "reboot"}, "the action is 'reboot'; write start or stop"),
        ({"action": "stop", "instances": ["other"]}, "instances has no other; choose of api, model"),
    ],
)
def test_invalid_event_changes_nothing(cloud: Cloud, event: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        call(**event)
    assert cloud.states() == RUNS


# --- the stack ---


@BOTH
@pytest.mark.requirement("001-sch-01", "001-sch-02")
def test_function_has_its_name_and_a_supported_runtime(unknown: bool) -> None:
    found = recorded("servers", unknown).inputs(FUNCTION)
    assert {key: found[key] for key in ("name", "runtime", "handler", "architectures", "timeout")} == {
        "name": "eks-ec2-startstop",
        "runtime": "python3.13",
        "handler": "startstop.handler",
        "architectures": ["arm64"],
        "timeout": 60,
    }
    assert found["code"]["assets"]["startstop.py"]["text"] == CODE.read_text(encoding="utf-8")
    if not unknown:
        targets = json.loads(found["environment"]["variables"]["TARGETS"])
        assert targets["nodeGroups"] == {"workers": {"minSize": 3, "desiredSize": 3, "maxSize": 3}}
        assert list(targets["instances"]) == ["vllm"], "the others have no schedule"


@pytest.mark.requirement("001-iam-07", "001-ops-07")
def test_role_allows_start_and_stop_of_scheduled_resources_only() -> None:
    recording = recorded("servers")
    text = recording.inputs("aws:iam/rolePolicy:RolePolicy", "sleep-function")["policy"]
    allowed = {action: item["Resource"] for item in json.loads(text)["Statement"] for action in item["Action"]}
    here = f"{REGION}:123456789012"
    machine = recording.inputs("aws:ec2/volumeAttachment:VolumeAttachment")["instanceId"]
    logs = [f"arn:aws:logs:{here}:log-group:/aws/lambda/eks-ec2-startstop:log-stream:*"]
    assert allowed == {
        "eks:UpdateNodegroupConfig": [f"arn:aws:eks:{here}:nodegroup/plant-eks/workers/*"],
        "ec2:StopInstances": [f"arn:aws:ec2:{here}:instance/{machine}"],
        "ec2:StartInstances": [f"arn:aws:ec2:{here}:instance/{machine}"],
        "logs:CreateLogStream": logs,
        "logs:PutLogEvents": logs,
    }
    caller = json.loads(recording.inputs("aws:iam/rolePolicy:RolePolicy", "sleep")["policy"])["Statement"]
    assert [item["Action"] for item in caller] == [["lambda:InvokeFunction"]]
    assert caller[0]["Resource"] == [f"arn:aws:lambda:{here}:function:eks-ec2-startstop"]


@BOTH
@pytest.mark.requirement("001-sch-03")
def test_schedules_call_the_function_with_the_action_in_the_stack_time_zone(unknown: bool) -> None:
    recording = recorded("servers", unknown)
    events = {item.name: json.loads(item.inputs["target"]["input"]) for item in recording.all(SCHEDULE)}
    assert events == {
        "sleep-workers-nodes-stop": {"action": "stop", "nodeGroups": ["workers"]},
        "sleep-workers-nodes-start": {"action": "start", "nodeGroups": ["workers"]},
        "sleep-vllm-servers-stop": {"action": "stop", "instances": ["vllm"]},
        "sleep-vllm-servers-start": {"action": "start", "instances": ["vllm"]},
    }
    assert {item.inputs["scheduleExpressionTimezone"] for item in recording.all(SCHEDULE)} == {"Asia/Seoul"}


def test_logs_have_the_configured_retention_and_precede_the_function() -> None:
    recording = recorded("servers")
    group = recording.one("aws:cloudwatch/logGroup:LogGroup", "sleep-function")
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/aws/lambda/eks-ec2-startstop", 14)
    assert group.urn in recording.one(FUNCTION).dependencies
