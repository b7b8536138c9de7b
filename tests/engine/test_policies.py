"""The policy pack on the engine: findings of `aiplatform plan` stop it before any resource is created."""

import shutil

import pytest

from tests.config.base import ROOT
from tests.engine.engine import Run
from tests.engine.rig import Rig

HOLE = """
import pulumi_aws

pulumi_aws.vpc.SecurityGroupIngressRule(
    "hole", security_group_id="sg-1", ip_protocol="tcp", from_port=22, to_port=22, cidr_ipv4="0.0.0.0/0"
)
"""
ACCEPTED = {"rule": "open-port", "resource": "hole", "reason": "made for a test"}


@pytest.fixture(scope="module")
def guarded(dev: Rig) -> Rig:
    """A checkout with the pack in it."""
    for name in ("aiplatform", "policies"):
        shutil.copytree(ROOT / name, dev.engine.project / name, ignore=shutil.ignore_patterns("__pycache__"))
    return dev


def _preview(rig: Rig) -> Run:
    return rig.engine.run("preview", "--diff=false", "--policy-pack", str(rig.engine.project / "policies"))


def _violations(run: Run) -> dict[str, str]:
    """What policies said, by enforcement level."""
    found = [event["policyEvent"] for event in run.events if "policyEvent" in event]
    return {one["enforcementLevel"]: one["message"] for one in found}


def test_shipped_stack_passes_with_unknown_values(guarded: Rig) -> None:
    run = _preview(guarded).succeeded()
    assert _violations(run) == {}
    assert "ai-platform" in run.output


def test_program_that_opens_a_port_to_the_internet_is_stopped_with_the_fix(guarded: Rig) -> None:
    program = guarded.engine.project / "__main__.py"
    before = program.read_text()
    try:
        program.write_text(before + HOLE)
        stopped = _preview(guarded)
        assert stopped.status != 0
        said = _violations(stopped)["mandatory"]
        assert "[open-port] hole: tcp 22 is open to the internet" in said
        assert "set the networks" in said
        guarded.engine.set(findings={"accepted": [ACCEPTED]})
        assert _violations(_preview(guarded).succeeded()) == {}
    finally:
        program.write_text(before)
        guarded.engine.set(findings={"accepted": []})


def test_stack_with_unschedulable_pods_is_stopped_before_its_first_resource(guarded: Rig) -> None:
    guarded.engine.set(
        workloads={"mlflow": {"resources": {"requests": {"memory": "900Gi"}, "limits": {"memory": "900Gi"}}}}
    )
    stopped = _preview(guarded)
    assert stopped.status != 0
    assert "fit-" in _violations(stopped)["mandatory"]
    assert guarded.living() == set()
