"""`aiplatform permissions`: write the IAM policies of the roles that deploy and preview a stack, and their boundary."""

import json
from pathlib import Path

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, said
from aiplatform.cli.stacks import load_stack, record_stack
from aiplatform.errors import CallError, writing
from aiplatform.iam.boundary import boundary_policy
from aiplatform.iam.permissions import deployer_policies, deployer_values, reader_policies
from config.rules.backend import ADVICE

BUCKET = "aws:s3/bucket:Bucket"


def write_permissions(name: str, *, state_bucket: str, account: str | None, out: Path | None, as_json: bool) -> None:
    """Write one file for each policy: of the deploying role, of the role for previews, and the permissions boundary."""
    stack = load_stack(name)
    with about(name):
        values = deployer_values(stack.settings, state_bucket, account, name)
        plan = record_stack(stack)
        if any(one.type == BUCKET and one.inputs.get("bucket") == state_bucket for one in plan.resources):
            raise CallError(f"has the state bucket {state_bucket} as a resource: {ADVICE}")
        boundary = boundary_policy(plan, values)
        policies = {
            f"{name}-boundary": boundary.document,
            **{f"{name}-deployer-{n}": one for n, one in enumerate(deployer_policies(plan, values), start=1)},
            **{f"{name}-preview-{n}": one for n, one in enumerate(reader_policies(plan, values), start=1)},
        }
    # Not in the plan's folder, whose content each run replaces.
    directory = out or stack.plan_folder.with_name(f"{name}-permissions")
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        for old in [*directory.glob(f"{name}-deployer-*.json"), *directory.glob(f"{name}-preview-*.json")]:
            old.unlink()
        for title, policy in policies.items():
            (directory / f"{title}.json").write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
    if as_json:
        print_json({"folder": str(directory), "boundary": values["boundary"], "files": [*policies]})
    deployers = sum("-deployer-" in title for title in policies)
    told = note if as_json else said
    told(
        f"Written to {directory}: the permissions boundary {values['boundary']}, {deployers} policies for the role "
        f"that deploys {name}, and {len(policies) - deployers - 1} for a role that previews it"
    )
    if stack.settings.project.permissions_boundary is None:
        note(
            f"{name}: project.permissionsBoundary is not set, and the policies allow no role without a boundary; "
            f"set it to {values['boundary'].rpartition('/')[2]}"
        )
    for arn in boundary.unknown:
        note(f"{name}: the actions of {arn} are unknown; add them to {name}-boundary.json")
