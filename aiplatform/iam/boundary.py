"""The permissions boundary of the roles of a stack: the most that any of them can do, whatever policy it gets."""

import json
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

from aiplatform.errors import CallError
from aiplatform.iam.names import Values, arns, of_type
from aiplatform.iam.permissions import LIMIT, VERSION
from aiplatform.iam.policy_document import statements
from aiplatform.preview.plan import Plan

HELD = {
    "kms": ("arn:aws:kms:*:${account}:key/*",),
    "s3": ("@bucketsAndObjects",),
    "secretsmanager": ("arn:aws:secretsmanager:${region}:${account}:secret:${project}/*",),
}
"""Resources of the services with which a role could become another one, or read what belongs to another project."""

GRANT = "kms:CreateGrant"

ALIKE = 3
"""Actions of a service that begin with the same word, from which one pattern stands for all of them."""


class Boundary(NamedTuple):
    """A boundary."""

    document: dict[str, Any]
    unknown: tuple[str, ...]
    """Managed policies of the plan whose actions are not known here, and that the boundary therefore does not allow."""


def boundary_policy(plan: Plan, values: Values) -> Boundary:
    """Return the boundary of a plan: the actions of all of its roles, held to the project where they lead further.

    Raises:
        CallError: it exceeds the limit of a managed policy.
    """
    actions, unknown = _actions(plan)
    by_service: dict[str, set[str]] = defaultdict(set)
    for action in actions:
        by_service[action.partition(":")[0]].add(action)
    wide = [one for service in sorted(by_service.keys() - HELD.keys() - {"iam"}) for one in _short(by_service[service])]
    own = [
        {
            "Sid": f"Own{service.capitalize()}",
            "Effect": "Allow",
            "Action": _short(by_service[service] - {GRANT}),
            "Resource": resources,
            **_condition(service, values),
        }
        for service, patterns in HELD.items()
        if service in by_service and (resources := [*arns(patterns, plan, values), *_existing(service, values)])
    ]
    all_ = {"Sid": "ActionsOfAllRoles", "Effect": "Allow", "Action": wide, "Resource": "*"}
    document = {
        "Version": VERSION,
        "Statement": [*([all_] if wide else []), *own, *_grants(by_service, values), *_verbatim(plan)],
    }
    length = len(json.dumps(document, separators=(",", ":")))
    if length > LIMIT:
        raise CallError(f"needs a boundary of {length} characters, and a policy can have {LIMIT}; give names by rule")
    return Boundary(document, tuple(sorted(unknown)))


def _existing(service: str, values: Values) -> list[str]:
    """Return the ARNs of what the stack uses and does not create: its names are not of the project."""
    return [arn for arn in values.get("existing", "").split() if arn.split(":")[2] == service]


def _verbatim(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the statements of the plan's own roles about identities and keys, as they are: a pattern would be a way up,
    and a key of the stack file has other tags.
    """
    seen: list[dict[str, Any]] = []
    for statement in _statements(plan):
        actions = [action for action in _of([statement]) if action.startswith(("iam:", "kms:"))]
        found = {key: statement[key] for key in ("Resource", "Condition") if key in statement}
        if actions and {"Action": actions, **found} not in seen:
            seen.append({"Action": actions, **found})
            yield {"Sid": f"AsInTheRoles{len(seen)}", "Effect": "Allow", "Action": actions, **found}


def _grants(by_service: Mapping[str, set[str]], values: Values) -> Iterator[dict[str, Any]]:
    """Yield the grants that AWS's drivers make on keys of the project, for AWS's services alone."""
    if GRANT in by_service["kms"]:
        keys = [string.Template(one).substitute(values) for one in HELD["kms"]]
        own = {"StringEquals": {"aws:ResourceTag/Project": values["tag"]}}
        condition = {**own, "Bool": {"kms:GrantIsForAWSResource": "true"}}
        yield {"Sid": "GrantsOfKeys", "Effect": "Allow", "Action": GRANT, "Resource": keys, "Condition": condition}


def _statements(plan: Plan) -> Iterator[Mapping[str, Any]]:
    for type_ in ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"):
        for resource in of_type(plan, type_):
            yield from statements(resource.inputs.get("policy"))


def _condition(service: str, values: Values) -> dict[str, Any]:
    if service != "kms":
        return {}
    return {"Condition": {"StringEquals": {"aws:ResourceTag/Project": values["tag"]}}}


def _actions(plan: Plan) -> tuple[set[str], set[str]]:
    known = json.loads((files("aiplatform.iam") / "data" / "managed.json").read_text(encoding="utf-8"))
    found = set(_of(_statements(plan)))
    unknown: set[str] = set()
    for resource in of_type(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        arn = str(resource.inputs["policyArn"])
        name = arn.rpartition("/")[2]
        if name in known:
            found.update(known[name])
        elif arn.startswith("arn:aws:iam::aws:"):
            unknown.add(arn)
    return found, unknown


def _of(found: Iterable[Any]) -> Iterator[str]:
    for statement in found:
        actions = statement.get("Action", ())
        yield from [actions] if isinstance(actions, str) else actions


def _short(actions: set[str]) -> list[str]:
    """Return the actions, with a pattern for many that begin with the same word."""
    words: dict[str, list[str]] = defaultdict(list)
    for action in sorted(actions):
        found = re.match(r"[^:]+:[A-Z][a-z]*", action)
        words[found.group() if found else action].append(action)
    return sorted(one for word, alike in words.items() for one in ([f"{word}*"] if len(alike) >= ALIKE else alike))
