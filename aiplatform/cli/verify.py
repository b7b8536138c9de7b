"""`aiplatform verify`: load, ask, show."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, NoReturn, cast

import typer
from rich.console import Console

from aiplatform.errors import FAILED, FINE, WRONG
from aiplatform.preview.project import project_folder
from aiplatform.verify.engine import verify
from aiplatform.verify.lists import PARTS, PLATFORM, PREPARATION, STORAGE, parts_of
from aiplatform.verify.machine import Computer
from aiplatform.verify.model import Caller, Cloud, Cluster, Part
from aiplatform.verify.problem import UNREACHABLE, RefusedError, VerifyError
from aiplatform.verify.show import document, ending, for_all, for_one
from catalog.reading.problems import SettingsError, did_you_mean
from config.loader import load_file
from config.settings import Settings
from config.tenants import Tenant

NAMES = (*PARTS, "all")


class Asked(NamedTuple):
    """Whom the checks ask, and as whom."""

    cluster: Cluster
    cloud: Cloud
    caller: Caller


def verify_stack(
    stack: str, *, user: str | None, part: str, as_json: bool, context: str | None, profile: str | None
) -> int:
    """Check a platform that runs; the exit status."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)
    screen = Console(highlight=False, markup=False, emoji=False)
    try:
        folder = project_folder(Path.cwd())
        settings = load_file(folder, stack).settings
        parts = chosen_parts(settings, part)
        tenants = chosen_tenants(settings, user)
        if not any(one.of_tenant for one in parts):
            tenants = ()
        asked = connected(settings, parts, context=context, profile=profile)
        if user is None:
            tenants = own(tenants, asked.caller, settings.project.name)
        results = verify(
            settings,
            tenants,
            parts,
            cluster=asked.cluster,
            cloud=asked.cloud,
            caller=asked.caller,
            machine=Computer(folder),
        )
    except SettingsError as error:
        for line in error.lines:
            errors.print(line)
        return WRONG
    except FileNotFoundError as error:
        errors.print(str(error))
        return WRONG
    except VerifyError as error:
        errors.print(f"{stack}: {error}")
        return error.status
    except Exception as error:
        errors.print(f"{stack}: {type(error).__name__}: {error}")
        return FAILED
    if as_json:
        typer.echo(document(results, stack=stack, caller=asked.caller))
    elif len(tenants) > 1:
        for_all(results, screen)
    else:
        for_one(results, screen, stack=stack)
        screen.print(ending(results))
    return FAILED if any(result.count("failed") for result in results) else FINE


def chosen_parts(settings: Settings, name: str) -> list[Part]:
    """The parts of this name.

    Raises:
        VerifyError: there is none, or not on this stack.
    """
    if name == "all":
        return parts_of(settings)
    if name not in PARTS:
        raise VerifyError(f"there is no part {name}{did_you_mean(name, NAMES)}", WRONG)
    if PARTS[name].of_tenant and settings.tenants is None:
        raise VerifyError(f"has no tenants, so part {name} has nothing to look at; `--part {PLATFORM.key}` has", WRONG)
    if PARTS[name] is PREPARATION and settings.tenants is None:
        # What comes next is about tenants.
        return [replace(PREPARATION, following="")]
    return [PARTS[name]]


def chosen_tenants(settings: Settings, user: str | None) -> tuple[Tenant, ...]:
    """The tenant with this number or name, or all of them.

    Raises:
        VerifyError: there is no such tenant.
    """
    tenants = settings.tenants.all(settings.project.name) if settings.tenants else ()
    if user is None:
        return tenants
    for one in tenants:
        if user in {one.number, one.name} or (user.isdecimal() and int(user) == int(one.number)):
            return (one,)
    if not tenants:
        raise VerifyError(f"has no tenants, so there is no user {user}", WRONG)
    raise VerifyError(f"there is no user {user}; there are {_numbers(tenants)}", WRONG)


def _numbers(tenants: Sequence[Tenant]) -> str:
    """01 to 15, 20."""
    runs: list[list[str]] = []
    for one in tenants:
        if runs and int(one.number) == int(runs[-1][-1]) + 1:
            runs[-1].append(one.number)
        else:
            runs.append([one.number])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def own(tenants: tuple[Tenant, ...], caller: Caller, project: str) -> tuple[Tenant, ...]:
    """Only the caller, where the cluster or AWS knows one as a tenant; instructors see all."""
    mine = tuple(one for one in tenants if caller.is_tenant(one) or caller.has_role_of(one, project))
    return mine if mine and not mine[0].instructor else tenants


def connected(settings: Settings, parts: Sequence[Part], *, context: str | None, profile: str | None) -> Asked:
    """The cluster and AWS, each asked once who the caller is; what no part needs is left alone.

    Raises:
        VerifyError: there are no credentials, or nobody answers.
    """
    # Both take their time to import; other commands need neither.
    from aiplatform.verify import cloud as aws  # noqa: PLC0415
    from aiplatform.verify import cluster as kubernetes  # noqa: PLC0415

    if profile is not None:
        # What the kubeconfig runs to log in is to be the same person.
        os.environ["AWS_PROFILE"] = profile
    if any(one.key == PREPARATION.key for one in parts):
        return _as_far_as_possible(settings, context=context, profile=profile)
    # Where no part asks it, there is none.
    cluster = cast("Cluster", None)
    cloud = cast("Cloud", None)
    caller = Caller()
    if any(one is not STORAGE for one in parts):
        cluster = kubernetes.connect(settings, context)
        caller = who_asks(cluster, settings)
    if any(one.key != "kubeflow" for one in parts):
        api = aws.connect(settings.project.region, profile)
        cloud, caller = api, caller._replace(arn=aws.caller_arn(api))
    return Asked(cluster, cloud, caller)


class _Unreached:
    """Stands for what cannot be asked: every question is answered by why."""

    def __init__(self, why: VerifyError) -> None:
        self._why = why

    def __getattr__(self, _: str) -> Callable[..., NoReturn]:
        def ask(*_: object, **__: object) -> NoReturn:
            raise self._why

        return ask


def _as_far_as_possible(settings: Settings, *, context: str | None, profile: str | None) -> Asked:
    """The cluster and AWS, or in their place why not: that there are no credentials is what a check finds."""
    from aiplatform.verify import cloud as aws  # noqa: PLC0415
    from aiplatform.verify import cluster as kubernetes  # noqa: PLC0415

    caller = Caller()
    try:
        cluster = kubernetes.connect(settings, context)
        caller = who_asks(cluster, settings)
    except VerifyError as error:
        cluster = cast("Cluster", _Unreached(error))
    try:
        cloud: Cloud = aws.connect(settings.project.region, profile)
        caller = caller._replace(arn=aws.caller_arn(cast("aws.AwsApi", cloud)))
    except VerifyError as error:
        cloud = cast("Cloud", _Unreached(error))
    return Asked(cluster, cloud, caller)


def who_asks(cluster: Cluster, settings: Settings) -> Caller:
    """As whom the cluster knows the caller: https://kubernetes.io/docs/reference/access-authn-authz/authentication/

    Raises:
        VerifyError: as nobody, or it does not answer.
    """
    name, region = settings.cluster_name(), settings.project.region
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        found = cluster.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", body)
    except RefusedError as error:
        if error.code == UNREACHABLE:
            raise VerifyError(
                f"the cluster {name} does not answer: {error.message}; does your network reach its endpoint?"
            ) from None
        if error.code in {"401", "403"}:
            raise VerifyError(
                f"the cluster {name} does not know you (Unauthorized): the login has expired, or your IAM identity "
                f"has no access entry; run `aws eks update-kubeconfig --region {region} --name {name}` and "
                "`aws sts get-caller-identity`, then ask the instructor"
            ) from None
        raise VerifyError(f"the cluster {name} cannot be asked: {error}") from None
    user = (found or {}).get("status", {}).get("userInfo", {})
    return Caller(str(user.get("username", "")), tuple(user.get("groups") or ()))
