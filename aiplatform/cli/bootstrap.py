"""`aiplatform bootstrap`: make what a stack needs before its first `pulumi up`, or remove it."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from aiplatform.bootstrap.run import made, removed
from aiplatform.bootstrap.step import Change, explained, lines
from aiplatform.bootstrap.wanted import ALIAS, PREVIEW_ROLE, Wanted, roles
from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, said
from aiplatform.cli.permissions import note_boundary, planned_policies
from aiplatform.cli.stacks import Stack, load_stack
from aiplatform.errors import AccessError
from aiplatform.verify import cloud as aws
from aiplatform.verify.problem import RefusedError
from config.project import Project
from config.rules.backend import VARIABLE, state_bucket


class Asked(NamedTuple):
    """What the command line gives."""

    bucket: str | None
    region: str | None
    repository: str | None
    environment: str | None
    preview_role: str | None
    dry_run: bool
    undo: bool


def bootstrap_stack(name: str, asked: Asked, *, as_json: bool) -> None:
    """Make or remove the state bucket, its key, GitHub's identity provider and the roles, and name the next commands.

    Raises:
        AccessError: there are no credentials, they are those of another account, or AWS rejects a request.
        CallError: an option is invalid, or the state bucket is a resource of the stack.
    """
    stack = load_stack(name)
    with about(name):
        project = stack.settings.project
        home = aws.connect(asked.region or project.region, project.profile)
        wanted = _wanted(stack, asked, _account(home, project))
        told = note if as_json else said
        results: dict[str, list[str]] = {"changes": [], "kept": []}
        for step, line in _lines(home, wanted, asked):
            told(line)
            results["changes" if isinstance(step, Change) else "kept"].append(line)
    count = len(results["changes"])
    next_ = [] if asked.undo else _next(stack, wanted)
    if as_json:
        print_json({"account": wanted.account, "dryRun": asked.dry_run, **results, "next": next_})
        return
    said(f"Account {wanted.account}: {'nothing to change' if not count else f'{count} changes'}")
    if next_:
        said("\n  ".join(["Next:", *next_]))


def _lines(home: aws.AwsApi, wanted: Wanted, asked: Asked) -> Iterator[tuple[Any, str]]:
    try:
        yield from lines((removed if asked.undo else made)(home, wanted), dry_run=asked.dry_run)
    except RefusedError as error:
        raise AccessError(explained(error)) from error


def _account(home: aws.AwsApi, project: Project) -> str:
    """Return the account of the credentials.

    Raises:
        AccessError: the stack can only be deployed to another one.
    """
    arn = aws.caller_arn(home)
    account = arn.split(":")[4]
    if project.account_id not in {None, account}:
        raise AccessError(
            f"{arn} belongs to another account than project.accountId {project.account_id}; set another profile with "
            "AWS_PROFILE or project.profile"
        )
    return account


def _wanted(stack: Stack, asked: Asked, account: str) -> Wanted:
    project = stack.settings.project
    region = asked.region or project.region
    bucket = asked.bucket or _configured(stack) or f"pulumi-state-{account}-{region}"
    found = planned_policies(stack, bucket, account)
    note_boundary(stack, found)
    of_github = roles(
        asked.repository,
        deployer=found.values["deployer"],
        preview=asked.preview_role or PREVIEW_ROLE,
        project=project.name,
        environment=asked.environment or stack.name,
        policies=(found.deployer, found.preview),
    )
    return Wanted(
        account, region, bucket, asked.repository, found.values["boundary"], found.boundary.document, of_github
    )


def _configured(stack: Stack) -> str | None:
    """Return the bucket of PULUMI_BACKEND_URL or Pulumi.yaml. The last login can be that of another project."""
    found = state_bucket(stack.folder)
    return found[0] if found and (found[1] == VARIABLE or "Pulumi.yaml" in found[1]) else None


def _next(stack: Stack, wanted: Wanted) -> list[str]:
    """Return the next commands."""
    project = stack.settings.project
    query = urlencode({"region": wanted.region, **({"profile": project.profile} if project.profile else {})})
    url = f"s3://{wanted.bucket}?{query}"
    commands = [
        "export PULUMI_DIY_BACKEND_GZIP=true",
        f"pulumi login '{url}'",
        f"pulumi stack init {stack.name} --secrets-provider='awskms://{ALIAS}?{query}'",
    ]
    if wanted.repository is None:
        note("no roles for GitHub: pass --repository OWNER/NAME to make them")
        return commands
    deploys, previews = wanted.roles
    environment = deploys.subjects[0].rpartition(":")[2]
    github = f"s3://{wanted.bucket}?region={wanted.region}"
    if project.deployer is None:
        note(f"set project.deployer of {stack.name} to {deploys.arn}, which becomes the administrator of its cluster")
    return [
        *commands,
        f"gh variable set PULUMI_BACKEND_URL --body '{github}'",
        f"gh variable set AWS_PREVIEW_ROLE --body {previews.arn}",
        f"gh variable set AWS_DEPLOY_ROLE --env {environment} --body {deploys.arn}",
    ]
