"""What a check is: data, and a function from whom it is about to what was found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from aiplatform.errors import AccessError
from components.base.naming import ROLE_LIMIT, fit
from components.sharing.tenants.names import group
from config.settings import Settings
from config.tenants import Tenant

Json = Any
Verdict = Literal["passed", "failed", "warning"]
A = TypeVar("A")
B = TypeVar("B")


class Outcome(NamedTuple):
    """What a check found."""

    verdict: Verdict
    detail: str
    """What is there, or what is wrong."""

    hint: str = ""
    """What to do about it."""


def passed(detail: str) -> Outcome:
    """As it should be."""
    return Outcome("passed", detail)


def failed(detail: str, hint: str = "") -> Outcome:
    """Missing or wrong."""
    return Outcome("failed", detail, hint)


def warned(detail: str, hint: str = "") -> Outcome:
    """Could not be asked, or is not wrong for sure."""
    return Outcome("warning", detail, hint)


class Cluster(Protocol):
    """The Kubernetes API as somebody sees it; a refusal is a `RefusedError`."""

    def get(self, path: str, **query: str) -> Json | None:
        """What is at a path; None where nothing is."""

    def names(self, path: str) -> list[str] | None:
        """The names of what is at a path, without what it holds: no secret travels."""

    def post(self, path: str, body: Mapping[str, Json]) -> Json:
        """Asks a question that has a body, such as a review."""

    def impersonate(self, user: str, *groups: str) -> "Cluster":
        """The same API as somebody else sees it."""

    def run(self, namespace: str, pod: str, container: str, command: Iterable[str]) -> tuple[int, str]:
        """The exit status and the output of a command in a container."""


class Cloud(Protocol):
    """The AWS API; a refusal is a `RefusedError`."""

    def call(self, service: str, operation: str, **arguments: Json) -> Json:
        """The answer of one operation, named as boto3 does."""


class Machine(Protocol):
    """The computer on which the command runs."""

    def run(self, *command: str) -> str | None:
        """What a tool says; None where it is missing or fails."""

    def variable(self, name: str) -> str | None:
        """The value of a variable; None where it is not set."""


class Caller(NamedTuple):
    """Who asks, as the cluster and AWS know them."""

    user: str = ""
    groups: tuple[str, ...] = ()
    arn: str = ""

    def is_tenant(self, tenant: Tenant) -> bool:
        """Whether the cluster knows the caller as the tenant."""
        return group(tenant.name) in self.groups

    def has_role_of(self, tenant: Tenant, project: str) -> bool:
        """Whether AWS knows the caller as the tenant: by the role that the platform makes, or the given principal."""
        # arn:aws:sts::123456789012:assumed-role/<role>/<session>; the path of a role is not in it.
        kind, _, name = self.arn.rpartition(":")[2].partition("/")
        role = name.partition("/")[0] if kind == "assumed-role" else ""
        if tenant.principal_arn is not None:
            given = tenant.principal_arn
            return self.arn == given or (":role/" in given and bool(role) and given.rpartition("/")[2] == role)
        return role == fit(f"{project}-tenant-{tenant.name}", ROLE_LIMIT)


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
    """What a check may look at."""

    settings: Settings
    cluster_: Cluster | AccessError | None
    """The cluster, or why it cannot be asked; None where no part asks it."""

    cloud_: Cloud | AccessError | None
    """AWS, in the same way."""

    caller: Caller
    tenant_: Tenant | None = None
    """Whom it is about; nobody for the platform."""

    others: tuple[Tenant, ...] = ()
    """The other tenants, those who are asked about first."""

    spread: Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]] = _one_by_one
    """Calls a function for each item, at the same time where that is possible."""

    machine_: Machine | None = None
    """The computer of whoever asks; none for what does not look at it."""

    earlier: tuple[Outcome, ...] = ()
    """What the checks before it in the same part found."""

    @property
    def cluster(self) -> Cluster:
        """The cluster.

        Raises:
            AccessError: it cannot be asked.
        """
        return _usable(self.cluster_, "the cluster")

    @property
    def cloud(self) -> Cloud:
        """AWS.

        Raises:
            AccessError: it cannot be asked.
        """
        return _usable(self.cloud_, "AWS")

    @property
    def tenant(self) -> Tenant:
        """Whom it is about."""
        if self.tenant_ is None:
            raise LookupError("this check is about a tenant")
        return self.tenant_

    @property
    def machine(self) -> Machine:
        """The computer of whoever asks."""
        if self.machine_ is None:
            raise LookupError("this check is about a computer")
        return self.machine_

    def after(self, *outcomes: Outcome) -> "Subject":
        """The same after these checks."""
        return replace(self, earlier=outcomes)


def always(_: Settings) -> bool:
    """A check that each stack has."""
    return True


@dataclass(frozen=True)
class Check:
    """One item of a list."""

    number: int
    title: str
    run: Callable[[Subject], Outcome]
    facts: tuple[str, ...]
    """The requirements it stands for."""

    applies: Callable[[Settings], bool] = always
    """Whether the stack has what it looks at."""


@dataclass(frozen=True)
class Part:
    """A list of checks, as a document numbers them."""

    key: str
    title: str
    checks: tuple[Check, ...]
    following: str = ""
    """The part to go on with."""

    of_tenant: bool = True
    """Whether it is about one tenant, or about the platform."""

    number: int = 0

    def of(self, settings: Settings) -> tuple[Check, ...]:
        """The checks that the stack has."""
        return tuple(check for check in self.checks if check.applies(settings))


class Checked(NamedTuple):
    """A check and what it found."""

    check: Check
    outcome: Outcome


class Result(NamedTuple):
    """A part of one tenant, or of the platform."""

    part: Part
    tenant: Tenant | None
    checked: tuple[Checked, ...]

    def count(self, verdict: Verdict) -> int:
        """How many checks ended so."""
        return sum(one.outcome.verdict == verdict for one in self.checked)

    @property
    def score(self) -> str:
        """Such as 10/10."""
        return f"{self.count('passed')}/{len(self.checked)}"

    @property
    def summary(self) -> str:
        """The line that the documents end a part with."""
        return f"passed {self.count('passed')}, failed {self.count('failed')}, warnings {self.count('warning')}"
