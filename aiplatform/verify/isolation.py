"""Checks of the isolation of tenants: access reviews, and requests with a tenant's permissions."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from aiplatform.verify.ask import CORE, some
from aiplatform.verify.model import Cluster, Json, Outcome, Subject, failed, passed, warned
from aiplatform.verify.problem import FORBIDDEN, RefusedError
from components.sharing.tenants.names import INSTRUCTORS_GROUP, TENANTS_GROUP, group
from config.tenants import Tenant

MOST = 20
"""Maximum number of other tenants that are checked for each tenant: with hundreds, all pairs take too long."""

_REVIEWS = "/apis/authorization.k8s.io/v1"
_HINT = "the instructor looks at RBAC (`kubectl auth can-i --list`) and at the NetworkPolicies"


def groups(tenant: Tenant) -> tuple[str, ...]:
    """Return the Kubernetes groups of a tenant's user."""
    return (group(tenant.name), TENANTS_GROUP, *((INSTRUCTORS_GROUP,) if tenant.instructor else ()))


class Access(NamedTuple):
    """An action on a resource in a namespace."""

    verb: str
    resource: str
    subresource: str = ""
    of_instructors: bool = False
    """Whether instructors, who can read the resources of every tenant, are allowed."""

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}{'/' if self.subresource else ''}{self.subresource}"

    def attributes(self, namespace: str) -> dict[str, Json]:
        """Return the attributes of an access review."""
        asked = {"namespace": namespace, "verb": self.verb, "group": "", "resource": self.resource}
        return {**asked, **({"subresource": self.subresource} if self.subresource else {})}


OBJECTS = (Access("list", "pods", of_instructors=True), Access("get", "secrets"), Access("create", "pods"))
"""Actions that would give access to another tenant's namespace."""

SERVERS = (Access("list", "services", of_instructors=True), Access("create", "pods", "portforward"))
"""Actions that would give access to another tenant's MLflow server."""


def closed(accesses: tuple[Access, ...]) -> Callable[[Subject], Outcome]:
    """Return a check that none of the actions is allowed in another tenant's namespace; the first is also attempted."""

    def check(subject: Subject) -> Outcome:
        others = subject.others[:MOST]
        if not others:
            return passed("there is no other tenant")
        if not _may_be_asked(subject):
            return _not_asked(subject, f"you are {subject.caller.user}")
        asked = [one for one in accesses if not (subject.tenant.instructor and one.of_instructors)]
        tried = accesses[0] if accesses[0] in asked else None
        pairs = [(other, access) for other in others for access in asked]
        try:
            allowed = subject.spread(lambda pair: _allowed(subject, *pair), pairs)
            open_ = [(other, str(access)) for (other, access), yes in zip(pairs, allowed, strict=True) if yes]
            if tried is not None:
                answered = subject.spread(lambda other: _opens(subject, tried, other), others)
                open_ += [(other, f"tried to {tried}") for other, yes in zip(others, answered, strict=True) if yes]
        except _CannotAskError as error:
            return _not_asked(subject, str(error))
        if open_:
            return failed("open: " + some(f"{other.namespace} ({what})" for other, what in open_), _HINT)
        return passed(_said(subject, len(others), asked))

    return check


def _said(subject: Subject, count: int, asked: list[Access]) -> str:
    all_ = len(subject.others)
    how_many = f"{count} other namespaces" if count == all_ else f"{count} of {all_} other namespaces"
    looks = "; instructors may look" if subject.tenant.instructor else ""
    return f"{how_many} refuse {', '.join(map(str, asked))}{looks}"


def _may_be_asked(subject: Subject) -> bool:
    """Return whether the caller can check a tenant: itself, or every tenant for instructors and operators."""
    return subject.caller.is_tenant(subject.tenant) or not any(
        subject.caller.is_tenant(other) and not other.instructor for other in subject.others
    )


def _not_asked(subject: Subject, why: str) -> Outcome:
    name, number = subject.tenant.name, subject.tenant.number
    return warned(f"not asked as {name}: {why}", f"let {name} run `aiplatform verify --user {number}`")


class _CannotAskError(Exception):
    """The caller has no permission to review the access of others."""


def _allowed(subject: Subject, other: Tenant, access: Access) -> bool:
    """Return the result of an access review: of the caller, or of the tenant's user if the caller is another user."""
    spec: Mapping[str, Json] = {"resourceAttributes": access.attributes(other.namespace)}
    kind = "SelfSubjectAccessReview"
    if not subject.caller.is_tenant(subject.tenant):
        kind = "SubjectAccessReview"
        spec = {**spec, "user": subject.tenant.email, "groups": [*groups(subject.tenant), "system:authenticated"]}
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": kind, "spec": spec}
    try:
        answer = subject.cluster.post(f"{_REVIEWS}/{kind.lower()}s", body)
    except RefusedError as error:
        if error.code in FORBIDDEN and kind == "SubjectAccessReview":
            raise _CannotAskError("you may not ask what others may do") from None
        raise
    return bool(answer["status"].get("allowed"))


def _opens(subject: Subject, access: Access, other: Tenant) -> bool:
    """Return whether a list request succeeds with the tenant's permissions."""
    cluster: Cluster = subject.cluster
    if not subject.caller.is_tenant(subject.tenant):
        cluster = cluster.impersonate(subject.tenant.email, *groups(subject.tenant))
    try:
        return cluster.get(f"{CORE}/{other.namespace}/{access.resource}", limit="1") is not None
    except RefusedError as error:
        if error.code in FORBIDDEN:
            # The list or the impersonation is denied: the result of the review counts.
            return False
        raise
