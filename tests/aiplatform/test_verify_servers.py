"""EC2 servers and applications: running, stopped by schedule, and missing."""

from typing import Any

import pytest

from aiplatform.verify.lists import PLATFORM
from aiplatform.verify.model import Outcome, Subject
from aiplatform.verify.servers import applications, servers
from tests.aiplatform.verify_fakes import FakeCluster
from tests.components.base import recorded, settings_of

STACK = "nemo"
NAMES = ("nemo-bastion", "nemo-vllm", "nemo-ai-prod", "nemo-ai-dev")
BACKEND = "/apis/apps/v1/namespaces/production/deployments/backend"
FRONTEND = "/apis/apps/v1/namespaces/production/deployments/frontend"
AVAILABLE = {"status": {"conditions": [{"type": "Available", "status": "True"}], "readyReplicas": 3}}


class FakeCloud:
    """EC2 with instances in these states."""

    def __init__(self, states: dict[str, str]) -> None:
        self.states = states

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        assert (service, operation) == ("ec2", "describe_instances")
        (name,) = arguments["Filters"][0]["Values"]
        held = [{"State": {"Name": state}} for one, state in self.states.items() if one.removesuffix("'") == name]
        return {"Reservations": [{"Instances": [one]} for one in held]}


def subject(*, states: dict[str, str] | None = None, objects: dict[str, Any] | None = None, stack: str = STACK) -> Any:
    """What is asked, of this cloud and this cluster."""
    parts = {"settings": settings_of(stack), "cluster": FakeCluster(objects or {}), "cloud": FakeCloud(states or {})}
    return type("Asked", (), parts)()


def of_servers(states: dict[str, str]) -> Outcome:
    one: Subject = subject(states=states)
    return servers(one)


def of_applications(objects: dict[str, Any]) -> Outcome:
    one: Subject = subject(objects=objects)
    return applications(one)


def test_expected_names_are_those_of_the_plan() -> None:
    planned = [one.inputs["tags"]["Name"] for one in recorded(STACK).all("aws:ec2/instance:Instance")]
    assert sorted(planned) == sorted(NAMES)


def test_running_servers_pass() -> None:
    found = of_servers({**dict.fromkeys(NAMES, "running"), "nemo-vllm'": "terminated"})
    assert (found.verdict, found.detail) == ("passed", "ai-dev, ai-prod, bastion, vllm run")


def test_server_stopped_by_schedule_is_no_failure() -> None:
    found = of_servers({**dict.fromkeys(NAMES, "running"), "nemo-vllm": "stopped"})
    assert (found.verdict, found.detail) == ("warning", "stopped: nemo-vllm; they may be stopped by a schedule")


@pytest.mark.parametrize("state", ["pending", "stopping"])
def test_starting_server_is_reported(state: str) -> None:
    found = of_servers({**dict.fromkeys(NAMES, "running"), "nemo-ai-dev": state})
    assert (found.verdict, found.detail) == ("failed", f"nemo-ai-dev is {state}")


def test_missing_server_is_reported() -> None:
    found = of_servers({**dict.fromkeys(NAMES, "running"), "nemo-ai-prod": "terminated"})
    assert (found.verdict, found.detail) == ("failed", "there is no instance nemo-ai-prod")


@pytest.mark.requirement("001-ver-01")
def test_frontend_and_backend_must_be_available() -> None:
    found = of_applications({BACKEND: AVAILABLE, FRONTEND: AVAILABLE})
    assert (found.verdict, found.detail) == ("passed", "backend is available, 3 ready; frontend is available, 3 ready")
    assert of_applications({FRONTEND: AVAILABLE}).detail == "there is no Deployment backend in production"


@pytest.mark.requirement("001-ver-01")
def test_platform_part_checks_servers_and_applications_where_they_exist() -> None:
    titles = {check.title for check in PLATFORM.of(settings_of(STACK))}
    assert {"EKS cluster", "Nodes", "Databases", "Quorums", "Servers", "Applications"} <= titles
    without = {check.title for check in PLATFORM.of(settings_of("mlflow"))}
    assert not {"Servers", "Applications"} & without


def test_instances_have_the_names_of_the_naming_rule() -> None:
    instances = recorded("named").all("aws:ec2/instance:Instance")
    names = [one.inputs["tags"]["Name"] for one in instances]
    assert names == ["plain-bastion-test"]
    found = servers(subject(states=dict.fromkeys(names, "running"), stack="named"))
    assert (found.verdict, found.detail) == ("passed", "bastion run")
