"""`aiplatform permissions`: write the IAM policies of the roles that deploy and preview a stack, and their boundary."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, said
from aiplatform.cli.stacks import Stack, load_stack, record_stack
from aiplatform.errors import CallError, writing
from aiplatform.iam.boundary import Boundary, boundary_policy
from aiplatform.iam.permissions import deployer_policies, deployer_values, reader_policies
from config.rules.backend import ADVICE

BUCKET = "aws:s3/bucket:Bucket"


class Policies(NamedTuple):
    """The policies of a stack."""

    values: Mapping[str, str]
    boundary: Boundary
    deployer: list[dict[str, Any]]
    preview: list[dict[str, Any]]


def planned_policies(stack: Stack, state_bucket: str, account: str | None) -> Policies:
    """Return the policies of the roles that deploy and preview a stack, from its plan.

    Raises:
        CallError: the account is unknown or another one, or the state bucket is a resource of the stack.
    """
    values = deployer_values(stack.settings, state_bucket, account, stack.name)
    plan = record_stack(stack)
    if any(one.type == BUCKET and one.inputs.get("bucket") == state_bucket for one in plan.resources):
        raise CallError(f"has the state bucket {state_bucket} as a resource: {ADVICE}")
    return Policies(
        values, boundary_policy(plan, values), deployer_policies(plan, values), reader_policies(plan, values)
    )


def note_boundary(stack: Stack, found: Policies) -> None:
    """Print what a user has to add to the boundary or to the stack file."""
    if stack.settings.project.permissions_boundary is None:
        note(
            f"{stack.name}: project.permissionsBoundary is not set, and the policies allow no role without a boundary; "
            f"set it to {found.values['boundary'].rpartition('/')[2]}"
        )
    for arn in found.boundary.unknown:
        note(f"{stack.name}: the actions of {arn} are unknown; add them to {stack.name}-boundary.json")


def write_permissions(name: str, *, state_bucket: str, account: str | None, out: Path | None, as_json: bool) -> None:
    """Write one file for each policy: of the deploying role, of the role for previews, and the permissions boundary."""
    stack = load_stack(name)
    with about(name):
        found = planned_policies(stack, state_bucket, account)
    policies = {
        f"{name}-boundary": found.boundary.document,
        **{f"{name}-deployer-{n}": one for n, one in enumerate(found.deployer, start=1)},
        **{f"{name}-preview-{n}": one for n, one in enumerate(found.preview, start=1)},
    }
    # Not in the plan's folder, whose content each run replaces.
    directory = out or stack.plan_folder.with_name(f"{name}-permissions")
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        for old in [*directory.glob(f"{name}-deployer-*.json"), *directory.glob(f"{name}-preview-*.json")]:
            old.unlink()
        for title, policy in policies.items():
            (directory / f"{title}.json").write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
    boundary = found.values["boundary"]
    if as_json:
        print_json({"folder": str(directory), "boundary": boundary, "files": [*policies]})
    told = note if as_json else said
    told(
        f"Written to {directory}: the permissions boundary {boundary}, {len(found.deployer)} policies for the role "
        f"that deploys {name}, and {len(found.preview)} for a role that previews it"
    )
    note_boundary(stack, found)
