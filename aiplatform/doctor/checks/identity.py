"""What the deploying principal may do, simulated for every statement that the deployment needs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, unknown, wrong
from aiplatform.errors import CallError
from aiplatform.iam.permissions import deployer_policies, deployer_values

TITLE, ORDER = "Identity and permissions", 10

ANY_ACCOUNT, ANY_BUCKET = "000000000000", "any-state-bucket"
"""Placeholders: the account is known when the question is asked, and the state bucket by Pulumi alone."""

_STATE = frozenset({"LookAtState", "State"})
_TYPES = {"Bool": "boolean"}


Statements = Sequence[tuple[Mapping[str, Any], Sequence[str]]]
"""Statements of policies, with their actions that are no patterns."""


def questions(subject: Subject) -> Iterator[Question]:
    """Yield who asks, and one question for the actions of each service, with the resources and tags of the plan."""
    yield Question(_principal_wanted(subject), partial(_who, subject))
    project = subject.settings.project
    values = deployer_values(subject.settings, ANY_BUCKET, project.account_id or ANY_ACCOUNT, subject.stack)
    try:
        policies = deployer_policies(subject.plan, values)
    except CallError as error:
        why = str(error)
        yield Question("the policies of the deploying role", lambda _: unknown(why))
        return
    services: dict[str, list[tuple[Mapping[str, Any], Sequence[str]]]] = defaultdict(list)
    for statement in (one for policy in policies for one in policy["Statement"]):
        actions = [action for action in _list(statement["Action"]) if "*" not in action]
        if statement["Effect"] == "Allow" and actions and statement["Sid"] not in _STATE:
            services[actions[0].partition(":")[0]].append((statement, actions))
    for service, statements in sorted(services.items()):
        count = len({action for _, actions in statements for action in actions})
        yield Question(f"{count} actions of {service} on the stack's resources", partial(_may, subject, statements))


def _principal_wanted(subject: Subject) -> str:
    project = subject.settings.project
    of = f", in account {project.account_id}" if project.account_id else ""
    return f"credentials of {project.deployer or 'the principal that runs pulumi up'}{of}"


def _who(subject: Subject, account: Account) -> Answer:
    deployer = subject.settings.project.deployer
    if account.arn.endswith(":root"):
        return wrong("the root user has no limits", "log in as a role: `aiplatform bootstrap` makes one")
    if deployer and _principal(account) != deployer:
        kind, name = deployer.split(":")[5].split("/")[0], deployer.rpartition("/")[2]
        operation = {"role": ("get_role", "RoleName"), "user": ("get_user", "UserName")}.get(kind)
        if (
            operation
            and account.found(subject.region, "iam", operation[0], "NoSuchEntity", **{operation[1]: name}) is None
        ):
            return wrong(f"{deployer} does not exist", f"run `aiplatform bootstrap {subject.stack}`")
        return fine(f"{account.arn} asks; {deployer}, which deploys, exists")
    return fine(account.arn)


def _principal(account: Account) -> str:
    """Return the ARN of the user, or of the role whose session it is; the path of the role is unknown."""
    found = re.fullmatch(r"arn:(aws[\w-]*):sts::(\d+):assumed-role/([^/]+)/.*", account.arn)
    return f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}" if found else account.arn


def _source(subject: Subject, account: Account) -> str:
    """Return the principal whose permissions are simulated: the deployer of the stack file, or the caller."""
    deployer = subject.settings.project.deployer
    if deployer:
        return deployer
    principal = _principal(account)
    if ":role/" not in principal:
        return principal
    name = principal.rpartition("/")[2]
    return str(account.call(subject.region, "iam", "get_role", RoleName=name)["Role"]["Arn"])


def _may(subject: Subject, statements: Statements, account: Account) -> Answer:
    if account.arn.endswith(":root"):
        return fine("the root user may do everything")
    source = _source(subject, account)
    denied = [one for each in statements for one in _denied(subject.region, source, *each, account)]
    if not denied:
        return fine("allowed")
    names = listed(f"{one['EvalActionName']} on {one['EvalResourceName']}" for one in denied)
    if any(one.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False for one in denied):
        return wrong(f"a policy of the organization denies {names}", "ask the administrator of the organization")
    bound = "AllowedByPermissionsBoundary"
    if any(one.get("PermissionsBoundaryDecisionDetail", {}).get(bound) is False for one in denied):
        return wrong(f"the permissions boundary of {source} denies {names}", "deploy with another role")
    fix = f"attach the policies of `aiplatform permissions`, or make a role: `aiplatform bootstrap {subject.stack}`"
    return wrong(f"{source} may not {names}", fix)


def _denied(
    region: str, source: str, statement: Mapping[str, Any], actions: Sequence[str], account: Account
) -> Iterator[Any]:
    resource = _list(statement["Resource"])[0].replace(ANY_ACCOUNT, account.number)
    results = account.listed(
        region,
        "iam",
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=source,
        ActionNames=list(actions),
        ResourceArns=[resource if resource == "*" else resource.replace("*", "any")],
        ContextEntries=_context(statement.get("Condition", {}), account),
    )
    return (one for one in results if one["EvalDecision"] != "allowed")


def _context(condition: Mapping[str, Mapping[str, Any]], account: Account) -> list[dict[str, Any]]:
    """Return the keys of a condition with values that fulfil it; `Null` asks for no value, or for any."""
    values = {
        key: (operator, [one.replace(ANY_ACCOUNT, account.number).replace("*", "any") for one in _list(value)])
        for operator, keys in condition.items()
        for key, value in keys.items()
        if operator != "Null"
    }
    return [
        {
            "ContextKeyName": key,
            "ContextKeyValues": found[:1],
            "ContextKeyType": "stringList" if ":" in operator else _TYPES.get(operator, "string"),
        }
        for key, (operator, found) in values.items()
    ]


def _list(value: Any) -> list[str]:  # noqa: ANN401, JSON
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
