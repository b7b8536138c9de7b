"""The program against a cloud that returns only its inputs, as a recording provider does."""

import json
import subprocess
import sys

import pytest

from config.loader import load_file
from tests.config.base import ROOT, STACK_FILES, TODAY

PROGRAM = """
import json, runpy, sys
import pulumi

class Echo(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Echo(), project="ai-platform", stack=sys.argv[1], preview=False)
pulumi.runtime.set_all_config(json.load(sys.stdin))
outputs = []
pulumi.export = lambda name, value: outputs.append(name)
pulumi.runtime.test(lambda: runpy.run_path("__main__.py", run_name="__main__") and None)()
print(json.dumps(outputs))
"""


OTHER_LOOP = "attached to a different loop"
"""What Pulumi's mocks say, once in many runs on a busy machine, when they wait for a request that began before the
program."""


def _run(stack: str, config: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, stack], input=config, capture_output=True, text=True, cwd=ROOT, check=False
    )


@pytest.mark.parametrize("stack", ["dev", "mlflow", "prod"])
def test_program_runs_with_outputs_that_a_recording_cloud_leaves_out(stack: str) -> None:
    sections = load_file(STACK_FILES, stack, today=TODAY).sections
    config = {f"ai-platform:{name}": json.dumps(value) for name, value in sections.items()}
    run = _run(stack, json.dumps(config))
    if OTHER_LOOP in run.stderr:
        run = _run(stack, json.dumps(config))
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Traceback" not in run.stderr
    assert {"cluster_name", "cluster_endpoint", "mlflow_url", "rds_endpoint"} <= set(
        json.loads(run.stdout.splitlines()[-1])
    )
