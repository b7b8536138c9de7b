"""Checks of a deployed platform: their definition, their subject and their results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from aiplatform.errors import AccessError
from components.base.naming import ROLE_LIMIT, deployed_names
from components.sharing.tenants.names import default_role, group
from config.settings import Settings
from config.tenants import Tenant

Json = Any
Verdict = Literal["passed", "failed", "warning"]
A = TypeVar("A")
B = TypeVar("B")


class Outcome(NamedTuple):
    """The result of a check."""

    verdict: Verdict
    detail: str
    """What was found."""

    hint: str = ""
    """How to fix it."""


def passed(detail: str) -> Outcome:
    """Return the result of a successful check."""
    return Outcome("passed", detail)


def failed(detail: str, hint: str = "") -> Outcome:
    """Return the result of a failed check."""
    return Outcome("failed", detail, hint)


def warned(detail: str, hint: str = "") -> Outcome:
    """Return the result of a check that could not decide."""
    return Outcome("warning", detail, hint)


class Cluster(Protocol):
    """The Kubernetes API with the permissions of a user; a rejected request raises `RefusedError`."""

    def get(self, path: str, **query: str) -> Json | None:
        """Return the object or list at a path; None if it does not exist."""

    def names(self, path: str) -> list[str] | None:
        """Return the names of the objects at a path, without their content, so that no secret is transferred."""

    def post(self, path: str, body: Mapping[str, Json]) -> Json:
        """Send a request with a body, such as an access review, and return the response."""

    def impersonate(self, user: str, *groups: str) -> "Cluster":
        """Return the API with the permissions of another user."""

    def run(self, namespace: str, pod: str, container: str, command: Iterable[str]) -> tuple[int, str]:
        """Return the exit status and the output of a command in a container."""


class Cloud(Protocol):
    """The AWS API; a rejected request raises `RefusedError`."""

    def call(self, service: str, operation: str, **arguments: Json) -> Json:
        """Return the response of an operation, named as in boto3."""


class Machine(Protocol):
    """The local computer."""

    def run(self, *command: str) -> str | None:
        """Return the output of a tool; None if it is missing or fails."""

    def variable(self, name: str) -> str | None:
        """Return the value of an environment variable; None if it is not set."""


class Caller(NamedTuple):
    """The user who runs the command: identities in the cluster and in AWS."""

    user: str = ""
    groups: tuple[str, ...] = ()
    arn: str = ""

    def is_tenant(self, tenant: Tenant) -> bool:
        """Return whether the caller's user in the cluster is the tenant's."""
        return group(tenant.name) in self.groups

    def has_role_of(self, tenant: Tenant, roles: Mapping[str, str]) -> bool:
        """Return whether the caller's principal in AWS is the tenant's: of `roles`, or the explicit principal."""
        # arn:aws:sts::123456789012:assumed-role/<role>/<session>, without the path of the role.
        kind, _, name = self.arn.rpartition(":")[2].partition("/")
        role = name.partition("/")[0] if kind == "assumed-role" else ""
        if tenant.principal_arn is not None:
            given = tenant.principal_arn
            return self.arn == given or (":role/" in given and bool(role) and given.rpartition("/")[2] == role)
        return role == roles[tenant.name]


def tenant_roles(settings: Settings, tenants: Sequence[Tenant]) -> Mapping[str, str]:
    """Return the name of the IAM role that the stack creates for each tenant, by the tenant's name."""
    defaults = [default_role(settings.project.name, tenant.name) for tenant in tenants]
    names = deployed_names(settings, defaults, ROLE_LIMIT)
    return {tenant.name: name for tenant, name in zip(tenants, names, strict=True)}


def _one_by_one(function: Callable[[A], B], items: Iterable[A]) -> list[B]:
    return list(map(function, items))


def _usable(api: A | AccessError | None, name: str) -> A:
    if api is None:
        raise LookupError(f"no part that was chosen asks {name}")
    if isinstance(api, AccessError):
        raise api
    return api


@dataclass(frozen=True)
class Subject:
    """The input of a check."""

    settings: Settings
    cluster_: Cluster | AccessError | None
    """The cluster, or why it is not available; None if no part uses it."""

    cloud_: Cloud | AccessError | None
    """AWS, or why it is not available; None if no part uses it."""

    caller: Caller
    tenant_: Tenant | None = None
    """The tenant; None for the platform."""

    others: tuple[Tenant, ...] = ()
    """The other tenants, in the order in which they are checked."""

    spread: Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]] = _one_by_one
    """Calls a function for each item, in parallel if possible."""

    machine_: Machine | None = None
    """The local computer; None for checks that do not use it."""

    earlier: tuple[Outcome, ...] = ()
    """Results of the previous checks of the part."""

    @property
    def cluster(self) -> Cluster:
        """Return the cluster.

        Raises:
            AccessError: it is not available.
        """
        return _usable(self.cluster_, "the cluster")

    @property
    def cloud(self) -> Cloud:
        """Return AWS.

        Raises:
            AccessError: it is not available.
        """
        return _usable(self.cloud_, "AWS")

    @property
    def tenant(self) -> Tenant:
        """Return the tenant.

        Raises:
            LookupError: the subject is the platform.
        """
        if self.tenant_ is None:
            raise LookupError("this check is about a tenant")
        return self.tenant_

    @property
    def machine(self) -> Machine:
        """Return the local computer.

        Raises:
            LookupError: the check has none.
        """
        if self.machine_ is None:
            raise LookupError("this check is about a computer")
        return self.machine_

    def after(self, *outcomes: Outcome) -> "Subject":
        """Return the subject with the results of previous checks."""
        return replace(self, earlier=outcomes)


def always(_: Settings) -> bool:
    """Return True: the check applies to every stack."""
    return True


@dataclass(frozen=True)
class Check:
    """A check of a part."""

    number: int
    title: str
    run: Callable[[Subject], Outcome]
    facts: tuple[str, ...]
    """The requirements that it covers."""

    applies: Callable[[Settings], bool] = always
    """Whether it applies to a stack."""


@dataclass(frozen=True)
class Part:
    """A list of checks, numbered as in a document."""

    key: str
    title: str
    checks: tuple[Check, ...]
    following: str = ""
    """Key of the next part."""

    of_tenant: bool = True
    """Whether it checks a tenant, or the platform."""

    number: int = 0

    def of(self, settings: Settings) -> tuple[Check, ...]:
        """Return the checks that apply to a stack."""
        return tuple(check for check in self.checks if check.applies(settings))


class Checked(NamedTuple):
    """A check and its result."""

    check: Check
    outcome: Outcome


class Result(NamedTuple):
    """The results of a part for a tenant, or for the platform."""

    part: Part
    tenant: Tenant | None
    checked: tuple[Checked, ...]

    def count(self, verdict: Verdict) -> int:
        """Return the number of checks with a verdict."""
        return sum(one.outcome.verdict == verdict for one in self.checked)

    @property
    def score(self) -> str:
        """Return passed and total checks, such as 10/10."""
        return f"{self.count('passed')}/{len(self.checked)}"

    @property
    def summary(self) -> str:
        """Return the summary line of a part, as in the documents."""
        return f"passed {self.count('passed')}, failed {self.count('failed')}, warnings {self.count('warning')}"
