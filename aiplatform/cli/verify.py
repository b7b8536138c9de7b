"""`aiplatform verify`: load, check, show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import typer
from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.stacks import Stack, load_stack
from aiplatform.errors import FAILED, FINE, AccessError, CallError
from aiplatform.verify.engine import verify
from aiplatform.verify.lists import KUBEFLOW, PARTS, PLATFORM, PREPARATION, STORAGE, parts_of
from aiplatform.verify.machine import Computer
from aiplatform.verify.model import Caller, Cloud, Cluster, Part, Result, tenant_roles
from aiplatform.verify.problem import UNREACHABLE, RefusedError
from aiplatform.verify.show import document, ending, for_all, for_one
from catalog.reading.problems import did_you_mean
from config.settings import Settings
from config.tenants import Tenant

NAMES = (*PARTS, "all")
A = TypeVar("A")
B = TypeVar("B")


class Asked(NamedTuple):
    """A connection and its caller: the connection, why it is not available, or None if no part uses it."""

    cluster: Cluster | AccessError | None
    cloud: Cloud | AccessError | None
    caller: Caller


def verify_stack(
    name: str, *, user: str | None, part: str, as_json: bool, context: str | None, profile: str | None
) -> int:
    """Check a deployed platform and return the exit status."""
    stack = load_stack(name)
    with about(name):
        asked, results = _checked(stack, user=user, part=part, context=context, profile=profile)
    screen = Console(highlight=False, markup=False, emoji=False)
    if as_json:
        typer.echo(document(results, stack=name, caller=asked.caller))
    elif len({one.tenant.name for one in results if one.tenant}) > 1:
        for_all(results, screen)
    else:
        for_one(results, screen, stack=name)
        screen.print(ending(results))
    return FAILED if any(result.count("failed") for result in results) else FINE


def _checked(
    stack: Stack, *, user: str | None, part: str, context: str | None, profile: str | None
) -> tuple[Asked, list[Result]]:
    settings = stack.settings
    parts = chosen_parts(settings, part)
    tenants = chosen_tenants(settings, user)
    if not any(one.of_tenant for one in parts):
        tenants = ()
    asked = connected(settings, parts, context=context, profile=profile)
    if user is None:
        tenants = own(tenants, asked.caller, settings)
    results = verify(
        settings,
        tenants,
        parts,
        cluster=asked.cluster,
        cloud=asked.cloud,
        caller=asked.caller,
        machine=Computer(stack.folder),
    )
    return asked, results


def chosen_parts(settings: Settings, name: str) -> list[Part]:
    """Return the parts with this name.

    Raises:
        CallError: there is none, or the stack does not have it.
    """
    if name == "all":
        return parts_of(settings)
    if name not in PARTS:
        raise CallError(f"there is no part {name}{did_you_mean(name, NAMES)}")
    if PARTS[name].of_tenant and settings.tenants is None:
        raise CallError(f"has no tenants, so part {name} has nothing to look at; `--part {PLATFORM.key}` has")
    if PARTS[name] is PREPARATION and settings.tenants is None:
        # The other parts are checks of tenants.
        return [replace(PREPARATION, following="")]
    return [PARTS[name]]


def chosen_tenants(settings: Settings, user: str | None) -> tuple[Tenant, ...]:
    """Return the tenant with this number or name, or all tenants.

    Raises:
        CallError: there is no such tenant.
    """
    tenants = settings.tenants.all(settings.project.name) if settings.tenants else ()
    if user is None:
        return tenants
    for one in tenants:
        if user in {one.number, one.name} or (user.isdecimal() and int(user) == int(one.number)):
            return (one,)
    if not tenants:
        raise CallError(f"has no tenants, so there is no user {user}")
    raise CallError(f"there is no user {user}; there are {_numbers(tenants)}")


def _numbers(tenants: Sequence[Tenant]) -> str:
    """Format numbers as 01 to 15, 20."""
    runs: list[list[str]] = []
    for one in tenants:
        if runs and int(one.number) == int(runs[-1][-1]) + 1:
            runs[-1].append(one.number)
        else:
            runs.append([one.number])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def own(tenants: tuple[Tenant, ...], caller: Caller, settings: Settings) -> tuple[Tenant, ...]:
    """Return only the caller if the cluster or AWS identifies it as a tenant; instructors see all tenants."""
    roles = tenant_roles(settings, tenants)
    mine = tuple(one for one in tenants if caller.is_tenant(one) or caller.has_role_of(one, roles))
    return mine if mine and not mine[0].instructor else tenants


def connected(settings: Settings, parts: Sequence[Part], *, context: str | None, profile: str | None) -> Asked:
    """Return connections to the cluster and AWS, each with its caller; a connection that no part uses is not opened.

    Raises:
        AccessError: credentials are missing or there is no response, and no part checks exactly that.
        CallError: the kubeconfig has no such context.
    """
    # Imports of both take time, and other commands use neither.
    from aiplatform.verify import cloud as aws  # noqa: PLC0415
    from aiplatform.verify import cluster as kubernetes  # noqa: PLC0415

    # A profile of the command is a user's own; without one the credentials are those of the stack file.
    role = settings.project.assumed_role() if profile is None else None
    profile = profile or settings.project.profile

    def cluster_and_caller() -> tuple[Cluster, Caller]:
        cluster = kubernetes.connect(settings, context, profile, role)
        return cluster, who_asks(cluster, settings)

    def cloud_and_arn() -> tuple[Cloud, str]:
        api = aws.connect(settings.project.region, profile, role)
        return api, aws.caller_arn(api)

    prepares = any(one.key == PREPARATION.key for one in parts)
    asks_cluster, asks_cloud = any(one is not STORAGE for one in parts), any(one is not KUBEFLOW for one in parts)
    cluster, caller = _tried(cluster_and_caller, prepares) if asks_cluster else (None, None)
    cloud, arn = _tried(cloud_and_arn, prepares) if asks_cloud else (None, None)
    return Asked(cluster, cloud, (caller or Caller())._replace(arn=arn or ""))


def _tried(connect: Callable[[], tuple[A, B]], prepares: bool) -> tuple[A | AccessError, B | None]:
    """Return the connection and its caller; the error if a check reports it."""
    try:
        return connect()
    except AccessError as error:
        if not prepares:
            raise
        return error, None


def who_asks(cluster: Cluster, settings: Settings) -> Caller:
    """Return the identity of the caller in the cluster:
    https://kubernetes.io/docs/reference/access-authn-authz/authentication/

    Raises:
        AccessError: the cluster does not authenticate the caller, or does not respond.
    """
    name, region = settings.cluster_name(), settings.project.region
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        found = cluster.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", body)
    except RefusedError as error:
        if error.code == UNREACHABLE:
            raise AccessError(
                f"the cluster {name} does not answer: {error.message}; does your network reach its endpoint?"
            ) from error
        if error.code in {"401", "403"}:
            raise AccessError(
                f"the cluster {name} does not know you (Unauthorized): the login has expired, or your IAM identity "
                f"has no access entry; run `aws eks update-kubeconfig --region {region} --name {name}` and "
                "`aws sts get-caller-identity`, then ask the instructor"
            ) from error
        raise AccessError(f"the cluster {name} cannot be asked: {error}") from error
    user = (found or {}).get("status", {}).get("userInfo", {})
    return Caller(str(user.get("username", "")), tuple(user.get("groups") or ()))
