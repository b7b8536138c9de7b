"""`aiplatform bootstrap`: make what a stack needs before its first `pulumi up`, or remove it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from aiplatform.bootstrap.run import made, removed
from aiplatform.bootstrap.step import Change, explained, lines
from aiplatform.bootstrap.wanted import ALIAS, PREVIEW_ROLE, Wanted, roles
from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, said
from aiplatform.cli.permissions import note_boundary, planned_policies
from aiplatform.cli.stacks import Stack, load_stack
from aiplatform.errors import AccessError, CallError
from aiplatform.verify import cloud as aws
from aiplatform.verify.problem import RefusedError
from config.project import Project
from config.rules.backend import LOGIN, backend_url


class Asked(NamedTuple):
    """What the command line gives."""

    bucket: str | None
    region: str | None
    repository: str | None
    environment: str | None
    preview_role: str | None
    dry_run: bool
    undo: bool


class Backend(NamedTuple):
    """Where the state is."""

    bucket: str | None
    prefix: str
    """With a leading slash; empty without one."""

    region: str | None


_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""


def bootstrap_stack(name: str, asked: Asked, *, as_json: bool) -> None:
    """Make or remove the state bucket, its key, GitHub's identity provider and the roles, and name the next commands.

    Raises:
        AccessError: there are no credentials, they are those of another account, or AWS rejects a request.
        CallError: an option is invalid, or the state bucket is a resource of the stack.
    """
    stack = load_stack(name)
    with about(name):
        project = stack.settings.project
        backend = _backend(stack, asked)
        region = asked.region or backend.region or project.region
        home = aws.connect(region, project.profile)
        wanted = _wanted(stack, asked, _account(home, project), region, backend.bucket)
        told = note if as_json else said
        results: dict[str, list[str]] = {"changes": [], "kept": []}
        for step, line in _lines(home, wanted, asked):
            told(line)
            results["changes" if isinstance(step, Change) else "kept"].append(line)
    count = len(results["changes"])
    next_ = [] if asked.undo else _next(stack, wanted, backend.prefix)
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


def _wanted(stack: Stack, asked: Asked, account: str, region: str, chosen: str | None) -> Wanted:
    project = stack.settings.project
    bucket = chosen or f"pulumi-state-{account}-{region}"
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


def _backend(stack: Stack, asked: Asked) -> Backend:
    """Return where the state is: by --state-bucket, or by PULUMI_BACKEND_URL or Pulumi.yaml.

    The last `pulumi login` can be that of another project.

    Raises:
        CallError: S3 does not allow the name.
    """
    if asked.bucket is not None:
        bucket, slash, prefix = asked.bucket.partition("/")
        if not _BUCKET.fullmatch(bucket):
            raise CallError(f"--state-bucket {asked.bucket}: write BUCKET or BUCKET/PREFIX, with a name that S3 allows")
        return Backend(bucket, slash + prefix.strip("/"), None)
    url, place = backend_url(stack.folder)
    parts = urlsplit(url)
    if place == LOGIN or parts.scheme != "s3" or not parts.netloc:
        return Backend(None, "", None)
    (region,) = parse_qs(parts.query).get("region", [None])[:1]
    return Backend(parts.netloc, parts.path.rstrip("/"), region)


def _next(stack: Stack, wanted: Wanted, prefix: str) -> list[str]:
    """Return the next commands."""
    project = stack.settings.project
    query = urlencode({"region": wanted.region, **({"profile": project.profile} if project.profile else {})})
    place = f"s3://{wanted.bucket}{prefix}"
    commands = [
        "export PULUMI_DIY_BACKEND_GZIP=true",
        f"pulumi login '{place}?{query}'",
        f"pulumi stack init {stack.name} --secrets-provider='awskms://{ALIAS}?{query}'",
    ]
    if wanted.repository is None:
        note("no roles for GitHub: pass --repository OWNER/NAME to make them")
        return commands
    deploys, previews = wanted.roles
    environment = deploys.subjects[0].rpartition(":")[2]
    if project.deployer is None:
        note(f"set project.deployer of {stack.name} to {deploys.arn}, which becomes the administrator of its cluster")
    return [
        *commands,
        f"gh variable set PULUMI_BACKEND_URL --body '{place}?region={wanted.region}'",
        f"gh variable set AWS_PREVIEW_ROLE --body {previews.arn}",
        f"gh variable set AWS_DEPLOY_ROLE --env {environment} --body {deploys.arn}",
    ]
