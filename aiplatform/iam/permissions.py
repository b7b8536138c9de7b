"""The IAM policies of the role that deploys a stack, and of the role that previews it."""

import json
import string
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from aiplatform.errors import CallError
from aiplatform.iam.existing import existing_statements
from aiplatform.iam.names import Values, arns, covered, of_type
from aiplatform.iam.passing import pass_role_statements
from aiplatform.preview.plan import Plan
from config.settings import Settings

LIMIT = 6144
"""Maximum characters of a managed policy without white space.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

POLICIES = 10
"""Maximum managed policies of a role: the same page."""

VERSION = "2012-10-17"
Statement = dict[str, Any]

DATA = ("identities", "look", "network", "cluster", "data", "ingress", "operations")
"""The files of statements. Beside IAM's own keys, a statement has four of ours.

`For`: the Pulumi types, by their beginning, of which the plan needs one. Default: every plan needs it.
`With`: an input that one of these resources has.
`Held`: the tag Project of this project on the resource (`ours`), in the request (`new`), or in the request while the
resource has none or the same (`tagging`).
`Read`: a preview needs it.
"""

LINKED = {
    "aws:autoscaling/group": ("autoscaling",),
    "eks:": ("autoscaling", "eks", "eks-nodegroup", "spot"),
    "aws:backup/": ("backup",),
    "aws:chatbot/": ("management.chatbot",),
    "aws:ecr/replicationConfiguration": ("replication.ecr",),
    "aws:efs/": ("elasticfilesystem",),
    "aws:elasticache/": ("elasticache",),
    "aws:lb/": ("elasticloadbalancing",),
    "aws:rds/": ("rds",),
    "aws:wafv2/": ("wafv2",),
}
"""Services that make their service-linked role when the first resource of a type is created."""

POLICY = "iam:PolicyARN"


class Context(NamedTuple):
    """What the statements are completed with."""

    plan: Plan
    values: Values
    regions: tuple[str, ...]

    def has(self, types: Sequence[str]) -> bool:
        """Return whether the plan has a resource of one of these types."""
        return any(resource.type.startswith(tuple(types)) for resource in self.plan.resources)

    def needs(self, statement: Statement) -> bool:
        """Return whether the plan has a resource that a statement is for."""
        types, name = tuple(statement.get("For", [""])), statement.get("With")
        return any(one.type.startswith(types) and (name is None or name in one.inputs) for one in self.plan.resources)

    def list_of(self, key: str) -> list[str]:
        """Return the values for a placeholder of a condition."""
        match key:
            case "@regions":
                return list(self.regions)
            case "@names":
                return _domains(self.plan)
            case _:
                services = {one for type_, linked in LINKED.items() if self.has([type_]) for one in linked}
                return sorted(f"{one}.amazonaws.com" for one in services)


def deployer_policies(plan: Plan, values: Values) -> list[dict[str, Any]]:
    """Return the policies of the role that deploys a plan, each within IAM's limit.

    Services and types that the plan lacks are left out.

    Raises:
        CallError: a statement alone exceeds the limit, or the policies are more than a role can have.
    """
    context = _context(plan, values)
    statements = [_completed(one, context) for one in _read() if context.needs(one)]
    apart = [*existing_statements(plan, values), *pass_role_statements(plan, values)]
    policies = list(_packed([*filter(None, statements), *apart]))
    if len(policies) > POLICIES:
        raise CallError(f"needs {len(policies)} policies, and a role can have {POLICIES}; give names by rule")
    return policies


def reader_policies(plan: Plan, values: Values) -> list[dict[str, Any]]:
    """Return the policies of a role that previews a plan: it changes nothing, and reads no value of a secret."""
    context = _context(plan, values)
    wanted = (one for one in _read() if one.get("Read") and context.needs(one))
    never = {
        "Sid": "NeverValuesOfSecrets",
        "Effect": "Deny",
        "Action": ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
        "Resource": "*",
    }
    return list(_packed([*filter(None, (_completed(one, context) for one in wanted)), never]))


def _read() -> Iterator[Statement]:
    for name in DATA:
        yield from json.loads((files("aiplatform.iam") / "data" / f"{name}.json").read_text(encoding="utf-8"))


def _context(plan: Plan, values: Values) -> Context:
    providers = {str(one.inputs["region"]) for one in of_type(plan, "pulumi:providers:aws") if "region" in one.inputs}
    set_ = {
        str(one.inputs["region"]) for one in plan.resources if one.type.startswith("aws:") and one.inputs.get("region")
    }
    return Context(plan, values, tuple(sorted({values["region"], *providers, *set_})))


def _completed(statement: Statement, context: Context) -> Statement | None:
    """Return a statement with the names of the plan; None if the plan has no resource of its kind."""
    resources = statement["Resource"]
    wanted = arns([resources] if isinstance(resources, str) else resources, context.plan, context.values)
    condition = _condition(statement, context)
    empty = any(value == [] for keys in condition.values() for value in keys.values())
    if not wanted or empty:
        return None
    return {
        "Sid": statement["Sid"],
        "Effect": statement.get("Effect", "Allow"),
        "Action": statement["Action"],
        "Resource": wanted[0] if len(wanted) == 1 else wanted,
        **({"Condition": condition} if condition else {}),
    }


def _condition(statement: Statement, context: Context) -> dict[str, dict[str, Any]]:
    text = string.Template(json.dumps(statement.get("Condition", {}))).safe_substitute(context.values)
    condition: dict[str, dict[str, Any]] = json.loads(text)
    for keys in condition.values():
        for key, value in keys.items():
            if isinstance(value, str) and value.startswith("@"):
                keys[key] = context.list_of(value)
    if POLICY in condition.get("ArnLike", {}):
        condition["ArnLike"][POLICY] = _attachable(statement["Condition"]["ArnLike"][POLICY], context)
    for operator, key in _HELD[statement.get("Held", "")]:
        condition.setdefault(operator, {})[key] = context.values["tag"]
    return condition


_NEW = ("StringEquals", "aws:RequestTag/Project")
_HELD: dict[str, tuple[tuple[str, str], ...]] = {
    "": (),
    "new": (_NEW,),
    "ours": (("StringEquals", "aws:ResourceTag/Project"),),
    "tagging": (_NEW, ("StringEqualsIfExists", "aws:ResourceTag/Project")),
}


def _attachable(patterns: Sequence[str], context: Context) -> list[str]:
    """Return the policies that roles may get: those of the project, and the managed ones of the plan."""
    allowed = arns(patterns, context.plan, context.values)
    attachments = of_type(context.plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    attached = sorted({str(one.inputs["policyArn"]) for one in attachments})
    return [*allowed, *(arn for arn in attached if arn.startswith("arn:aws:iam::aws:") and not covered(arn, allowed))]


def _domains(plan: Plan) -> list[str]:
    """Return the names of DNS records that the plan may change: those of its zones, hosts and their validations."""
    zones = [str(one.inputs["name"]) for one in of_type(plan, "aws:route53/zone:Zone")]
    records = [str(one.inputs["name"]).rstrip(".") for one in of_type(plan, "aws:route53/record:Record")]
    apart = [name for name in records if not any(name == zone or name.endswith(f".{zone}") for zone in zones)]
    return sorted({*zones, *(f"*.{zone}" for zone in zones), *apart})


def _packed(statements: Sequence[Statement]) -> Iterator[dict[str, Any]]:
    """Yield policy documents with as many statements as fit, in their order."""
    held: list[Statement] = []
    for statement in statements:
        if _length([statement]) > LIMIT:
            raise CallError(f"{statement['Sid']} is longer than the {LIMIT} characters of a policy; give names by rule")
        if held and _length([*held, statement]) > LIMIT:
            yield _document(held)
            held = []
        held.append(statement)
    yield _document(held)


def _document(statements: Sequence[Statement]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def _length(statements: Sequence[Statement]) -> int:
    return len(json.dumps(_document(statements), separators=(",", ":")))


def deployer_values(settings: Settings, state_bucket: str, account: str | None, stack: str) -> Values:
    """Return the values of the placeholders in the policies of a stack.

    Raises:
        CallError: the account is unknown, or differs from the stack's.
    """
    project = settings.project
    if account is None and project.account_id is None:
        raise CallError("has no project.accountId; set it, or pass --account")
    if account is not None and project.account_id not in {None, account}:
        raise CallError(f"may only be built in account {project.account_id}, and not in {account}")
    known = str(account or project.account_id)
    return {
        "project": project.name,
        "tag": project.default_tags()["Project"],
        "stack": stack,
        "region": project.region,
        "account": known,
        "cluster": settings.cluster_name(),
        "boundary": project.boundary_arn(known),
        "deployer": project.deployer or f"arn:aws:iam::{known}:role/{project.name}-deployer",
        "role": f"arn:aws:iam::{known}:role{project.role_path.rstrip('/')}",
        "stateBucket": state_bucket,
        "existing": " ".join(settings.existing_arns()),
    }
