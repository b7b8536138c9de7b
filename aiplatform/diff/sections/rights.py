"""Who can newly do what, and who no longer can: IAM roles and policies, access entries of EKS, RBAC."""

import re
from collections.abc import Iterator

from aiplatform.diff import cluster_access
from aiplatform.diff.cluster_access import Subjects, access_entries, rbac
from aiplatform.diff.line import Line, Side, in_order
from aiplatform.diff.roles import Role, roles
from aiplatform.finding import Severity
from aiplatform.iam.grants import Grant, conditions, gained, in_words

TITLE = "Permissions"
ORDER = 40

_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:([^:\"]+:[^\"]+)")
"""The subject of an OIDC token: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"""

_REVIEW = "check that it needs them"
_NONE = Role("", "", frozenset())


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return permissions that a change gives, then those that it takes."""
    if before is None or after is None:
        return []
    old, new = list(before.resources.values()), list(after.resources.values())
    was, is_ = roles(old), roles(new)
    found = [line for name in {**was, **is_} for line in _role(was.get(name), is_.get(name))]
    for read in (access_entries, rbac):
        found += _cluster(read(old), read(new))
    return list(in_order(found))


def _role(was: Role | None, is_: Role | None) -> Iterator[Line]:
    subject = (is_ or was or _NONE).name
    if is_ is None:
        yield Line(subject, "is deleted, with all of its permissions", "info", (was or _NONE).urn)
        return
    is_new = was is None
    earlier = was or _NONE
    yield from _grants(subject, earlier, is_, is_new=is_new)
    yield from _trust(subject, earlier, is_, is_new=is_new)
    for policy in sorted(is_.managed - earlier.managed):
        yield Line(subject, f"{_new(is_new)} has the AWS managed policy {policy}", _severity(is_new), is_.urn, _REVIEW)
    for policy in sorted(earlier.managed - is_.managed):
        yield Line(subject, f"no longer has the AWS managed policy {policy}", "info", is_.urn)
    if not is_new and earlier.boundary != is_.boundary:
        yield _boundary(subject, earlier.boundary, is_)


def _new(is_new: bool) -> str:
    return "is new and" if is_new else "newly"


def _severity(is_new: bool) -> Severity:
    return "info" if is_new else "warning"


def _grants(subject: str, was: Role, is_: Role, *, is_new: bool) -> Iterator[Line]:
    given, taken = gained(was.grants, is_.grants), gained(is_.grants, was.grants)
    if is_new and not any(one.is_everything for one in given):
        if texts := [text for effect, text in in_words(given) if effect == "Allow"]:
            verb = "may call" if is_.is_role else "allows"
            yield Line(subject, f"is new and {verb} {'; '.join(texts)}", "info", is_.urn, _REVIEW)
        return
    for effect, text in in_words(given, was.grants):
        everything = any(one.is_everything for one in given) and text.startswith("every action of AWS")
        if effect == "Deny":
            yield Line(subject, f"is newly denied {text}", "info", is_.urn)
        else:
            verb = "may call" if is_.is_role else "allows"
            severity: Severity = "error" if everything else _severity(is_new)
            yield Line(subject, f"{_new(is_new)} {verb} {text}", severity, is_.urn, _REVIEW)
    for effect, text in in_words(taken):
        says = (
            "is no longer denied" if effect == "Deny" else "may no longer call" if is_.is_role else "no longer allows"
        )
        yield Line(subject, f"{says} {text}", "warning" if effect == "Deny" else "info", is_.urn)


def _trust(subject: str, was: Role, is_: Role, *, is_new: bool) -> Iterator[Line]:
    for one in gained(was.trust, is_.trust):
        world = one.principal == "*" and not one.condition and one.effect == "Allow"
        severity: Severity = "error" if world else _severity(is_new)
        dropped = [other for other in was.trust if other.principal == one.principal and other.condition]
        text = f"{_new(is_new)} can be assumed by {_who(one)}"
        text += ", without the former condition" if dropped and not one.condition else ""
        yield Line(subject, text, severity, is_.urn, "" if is_new else "check that it may")
    for one in gained(is_.trust, was.trust):
        yield Line(subject, f"can no longer be assumed by {_who(one)}", "info", is_.urn)


def _who(one: Grant) -> str:
    accounts = _SERVICE_ACCOUNT.findall(one.condition)
    if accounts:
        return f"service account {', '.join(accounts)}"
    who = "every principal of AWS" if one.principal == "*" else one.principal
    return f"{who}, if {conditions(one.condition)}" if one.condition else who


def _boundary(subject: str, was: str, is_: Role) -> Line:
    if not is_.boundary:
        text = f"no longer has the permissions boundary {was}, so that its policies alone limit it"
        return Line(subject, text, "error", is_.urn, "set project.permissionsBoundary")
    text = f"has the permissions boundary {is_.boundary}" + (f" instead of {was}" if was else "")
    return Line(subject, text, "warning" if was else "info", is_.urn)


def _cluster(was: Subjects, is_: Subjects) -> Iterator[Line]:
    for subject in {**was, **is_}:
        old, new = was.get(subject, frozenset()), is_.get(subject, frozenset())
        given = list(cluster_access.in_words(cluster_access.gained(old, new)))
        taken = list(cluster_access.in_words(cluster_access.gained(new, old)))
        if subject not in was:
            severity = _severity(subject.startswith("service account "))
            yield Line(
                subject, f"is new and has {'; '.join(given) or 'no permissions of its own'}", severity, "", _REVIEW
            )
            continue
        for text in given:
            yield Line(subject, f"newly has {text}", "warning", "", _REVIEW)
        for text in taken:
            yield Line(subject, f"no longer has {text}", "info")
