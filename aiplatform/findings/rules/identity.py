"""Rules for IAM policies and trust policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import holds, mapping, sequence, statements

_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"
_BEST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"
_POLICIES = ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy")
_RESOURCE_POLICIES = (
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:kms/key:Key",
)
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def _allowed(policy: Inputs) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the Allow statements of a policy with their names."""
    for index, one in enumerate(statements(policy.get("policy"))):
        if one.get("Effect") == "Allow":
            yield str(one.get("Sid") or f"statement {index}"), one


def _everything(policy: Inputs) -> Iterator[Problem]:
    for name, one in _allowed(policy):
        if "NotAction" in one or holds(one.get("Action"), "*"):
            yield Problem(f"{name} allows every action", "set the actions that are needed")


def _whole_service(policy: Inputs) -> Iterator[Problem]:
    for name, one in _allowed(policy):
        if not holds(one.get("Resource"), "*") or one.get("Condition"):
            continue
        for action in sequence(one.get("Action")):
            service, _, rest = str(action).partition(":")
            if rest == "*":
                yield Problem(
                    f"{name} allows all actions of {service} on every resource", "restrict the actions or the resources"
                )


def _passed_on(policy: Inputs) -> Iterator[Problem]:
    for name, one in _allowed(policy):
        everywhere = holds(one.get("Resource"), "*") and not one.get("Condition")
        if everywhere and holds(one.get("Action"), "iam:PassRole"):
            yield Problem(
                f"{name} allows passing any role of the account to any service, which grants the permissions of all "
                "roles",
                "set the roles, or add a condition on the service (iam:PassedToService)",
            )


def _trusted(role: Inputs) -> Iterator[Problem]:
    for one in statements(role.get("assumeRolePolicy")):
        if one.get("Effect") != "Allow":
            continue
        if _is_anybody(one) and not one.get("Condition"):
            yield Problem("any AWS principal can assume the role", "set the principals, or add a condition")
        if holds(one.get("Action"), "sts:AssumeRoleWithWebIdentity"):
            yield from _web_identity(one)


def _open_policy(holder: Inputs) -> Iterator[Problem]:
    for index, one in enumerate(statements(holder.get("policy"))):
        if one.get("Effect") == "Allow" and _is_anybody(one) and not one.get("Condition"):
            yield Problem(
                f"{one.get('Sid') or f'statement {index}'} allows any AWS principal",
                "set the principals, or add a condition",
            )


def _is_anybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    return principal == "*" or any(holds(value, "*") for value in mapping(principal).values())


def _web_identity(statement: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that conditions compare service account (`sub`) and audience (`aud`) of a token by `StringEquals`."""
    exact = [
        key.rpartition(":")[2]
        for operator, pairs in mapping(statement.get("Condition")).items()
        if operator.startswith("StringEquals")
        for key in mapping(pairs)
    ]
    if missing := [claim for claim in ("sub", "aud") if claim not in exact]:
        yield Problem(
            f"other service accounts can assume the role, because {' and '.join(missing)} is not compared",
            "compare sub with one service account and aud with sts.amazonaws.com by StringEquals",
        )


def _administrator(attachment: Inputs) -> Iterator[Problem]:
    if attachment.get("policyArn") == _ADMINISTRATOR:
        yield Problem("the role has AdministratorAccess", "attach a policy with only the permissions that it needs")


RULES = (
    Rule(
        "every-action",
        "error",
        _POLICIES,
        "Policies do not allow every action.",
        f"{_HUB}/iam-controls.html#iam-1",
        _everything,
    ),
    Rule(
        "whole-service",
        "warning",
        _POLICIES,
        "Policies do not allow all actions of a service on every resource.",
        f"{_HUB}/iam-controls.html#iam-21",
        _whole_service,
    ),
    Rule("pass-role", "error", _POLICIES, "iam:PassRole is limited to roles or services.", f"{_BEST}", _passed_on),
    Rule(
        "trust",
        "error",
        ("aws:iam/role:Role",),
        "Trust policies are limited to principals or service accounts.",
        f"{_BEST}",
        _trusted,
    ),
    Rule(
        "open-policy",
        "error",
        _RESOURCE_POLICIES,
        "Resource policies are limited to principals.",
        f"{_HUB}/s3-controls.html#s3-6",
        _open_policy,
    ),
    Rule(
        "administrator",
        "error",
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment",),
        "Roles do not have AdministratorAccess.",
        f"{_HUB}/iam-controls.html#iam-1",
        _administrator,
    ),
)
