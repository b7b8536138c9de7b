"""`aiplatform permissions`: write the IAM policies of the role that deploys a stack."""

import json
from pathlib import Path

import typer

from aiplatform.cli.boundary import about
from aiplatform.cli.stacks import load_stack, record_stack
from aiplatform.errors import writing
from aiplatform.iam.permissions import deployer_policies, deployer_values


def write_permissions(name: str, *, state_bucket: str, account: str | None, out: Path | None) -> None:
    """Write the policies of the role that deploys a stack, one file for each."""
    stack = load_stack(name)
    with about(name):
        values = deployer_values(stack.settings, state_bucket, account)
        policies = deployer_policies(record_stack(stack), values)
    # Not in the plan's folder, whose content each run replaces.
    directory = out or stack.plan_folder.with_name(f"{name}-permissions")
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        for number, policy in enumerate(policies, start=1):
            text = json.dumps(policy, indent=2) + "\n"
            (directory / f"{name}-deployer-{number}.json").write_text(text, encoding="utf-8")
    typer.echo(f"Written to {directory}: {len(policies)} policies for the role that deploys {name}")
