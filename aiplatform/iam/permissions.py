"""The IAM policies of the role that deploys a stack."""

import fnmatch
import json
import string
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from aiplatform.errors import CallError
from aiplatform.preview.plan import Plan, Resource
from config.settings import Settings

LIMIT = 6144
"""Maximum characters of a managed policy without white space; a role can have ten:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

VERSION = "2012-10-17"
Statement = dict[str, Any]
Values = Mapping[str, str]


class Kind(NamedTuple):
    """A kind of resource that the policies allow by the project's name, or by an explicit name."""

    pattern: str
    """The ARN pattern in the policies."""

    type: str
    field: str
    exact: tuple[str, ...]
    """ARNs with `${name}` for an explicit name."""

    elsewhere: bool = False
    """Whether only resources in another region than the platform's are meant."""


_IN_REGION = "${region}:${account}"

KINDS = (
    Kind(
        f"arn:aws:eks:{_IN_REGION}:*/${{project}}-*",
        "eks:index:Cluster",
        "name",
        (f"arn:aws:eks:{_IN_REGION}:*/${{name}}", f"arn:aws:eks:{_IN_REGION}:*/${{name}}/*"),
    ),
    *(
        Kind(
            f"arn:aws:iam::${{account}}:{kind}/${{project}}-*",
            type_,
            "name",
            (f"arn:aws:iam::${{account}}:{kind}/${{name}}",),
        )
        for kind, type_ in (
            ("role", "aws:iam/role:Role"),
            ("policy", "aws:iam/policy:Policy"),
            ("instance-profile", "aws:iam/instanceProfile:InstanceProfile"),
        )
    ),
    *(
        Kind(f"arn:aws:rds:{_IN_REGION}:*:${{project}}-*", type_, field, (f"arn:aws:rds:{_IN_REGION}:*:${{name}}",))
        for type_, field in (
            ("aws:rds/instance:Instance", "identifier"),
            ("aws:rds/cluster:Cluster", "clusterIdentifier"),
            ("aws:rds/clusterInstance:ClusterInstance", "identifier"),
            ("aws:rds/subnetGroup:SubnetGroup", "name"),
            ("aws:rds/parameterGroup:ParameterGroup", "name"),
            ("aws:rds/clusterParameterGroup:ClusterParameterGroup", "name"),
        )
    ),
    *(
        Kind(
            f"arn:aws:elasticache:{_IN_REGION}:*:${{project}}-*",
            type_,
            field,
            (f"arn:aws:elasticache:{_IN_REGION}:*:${{name}}",),
        )
        for type_, field in (
            ("aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId"),
            ("aws:elasticache/subnetGroup:SubnetGroup", "name"),
            ("aws:elasticache/parameterGroup:ParameterGroup", "name"),
        )
    ),
    Kind("arn:aws:s3:::${project}-*", "aws:s3/bucket:Bucket", "bucket", ("arn:aws:s3:::${name}",)),
    Kind("arn:aws:s3:::${project}-*/*", "aws:s3/bucket:Bucket", "bucket", ("arn:aws:s3:::${name}/*",)),
    Kind(
        f"arn:aws:ecr:{_IN_REGION}:repository/${{project}}/*",
        "aws:ecr/repository:Repository",
        "name",
        (f"arn:aws:ecr:{_IN_REGION}:repository/${{name}}",),
    ),
    *(
        Kind(
            f"arn:aws:backup:{region}:${{account}}:backup-vault:${{project}}-*",
            "aws:backup/vault:Vault",
            "name",
            (f"arn:aws:backup:{region}:${{account}}:backup-vault:${{name}}",),
            elsewhere,
        )
        for region, elsewhere in (("${region}", False), ("${secondRegion}", True))
    ),
    Kind(
        "arn:aws:ecr:${secondRegion}:${account}:repository/${project}/*",
        "aws:ecr/repository:Repository",
        "name",
        ("arn:aws:ecr:${secondRegion}:${account}:repository/${name}",),
        elsewhere=True,
    ),
    Kind(
        f"arn:aws:secretsmanager:{_IN_REGION}:secret:${{project}}/*",
        "aws:secretsmanager/secret:Secret",
        "name",
        # Secrets Manager appends six random characters to each ARN.
        (f"arn:aws:secretsmanager:{_IN_REGION}:secret:${{name}}-??????",),
    ),
    Kind(
        f"arn:aws:lambda:{_IN_REGION}:function:${{project}}-*",
        "aws:lambda/function:Function",
        "name",
        (f"arn:aws:lambda:{_IN_REGION}:function:${{name}}",),
    ),
    # Of a log group with one of its places, all places are meant.
    Kind(
        f"arn:aws:logs:{_IN_REGION}:log-group:/aws/ec2/${{project}}-*",
        "aws:cloudwatch/logGroup:LogGroup",
        "name",
        (f"arn:aws:logs:{_IN_REGION}:log-group:${{name}}", f"arn:aws:logs:{_IN_REGION}:log-group:${{name}}:*"),
    ),
    Kind(
        f"arn:aws:events:{_IN_REGION}:rule/${{project}}-*",
        "aws:cloudwatch/eventRule:EventRule",
        "name",
        (f"arn:aws:events:{_IN_REGION}:rule/${{name}}",),
    ),
    Kind(
        f"arn:aws:sqs:{_IN_REGION}:${{project}}-*",
        "aws:sqs/queue:Queue",
        "name",
        (f"arn:aws:sqs:{_IN_REGION}:${{name}}",),
    ),
    *(
        Kind(
            f"arn:aws:sns:{region}:${{account}}:${{project}}-*",
            "aws:sns/topic:Topic",
            "name",
            (f"arn:aws:sns:{region}:${{account}}:${{name}}",),
        )
        for region in ("${region}", "${smsRegion}")
    ),
    Kind(
        "arn:aws:budgets::${account}:budget/${project}-*",
        "aws:budgets/budget:Budget",
        "name",
        ("arn:aws:budgets::${account}:budget/${name}",),
    ),
)
"""Kinds of resources with physical names, which begin with the project's name unless a stack file sets another."""

POLICY = "iam:PolicyARN"


def deployer_policies(plan: Plan, values: Values) -> list[dict[str, Any]]:
    """Return the policies of the role that deploys a plan: those of iam/data, with the explicit names of the plan.

    `values` are project, region, account, stateBucket, secondRegion and smsRegion. Each policy is within IAM's limit.

    Raises:
        CallError: a statement alone exceeds the limit.
    """
    statements = [
        _extended(statement, plan, values)
        for document in sorted((files("aiplatform.iam") / "data").iterdir(), key=lambda file: file.name)
        if document.name.startswith("deployer-policy")
        for statement in json.loads(document.read_text(encoding="utf-8"))["Statement"]
    ]
    return list(_packed(statements))


def _extended(statement: Statement, plan: Plan, values: Values) -> Statement:
    resources = statement["Resource"]
    one = isinstance(resources, str)
    wanted = _with_names([resources] if one else resources, plan, values)
    found = {**statement, "Resource": wanted[0] if one and len(wanted) == 1 else wanted}
    condition = json.loads(string.Template(json.dumps(statement.get("Condition", {}))).substitute(values))
    if POLICY in condition.get("ArnLike", {}):
        allowed = _with_names(statement["Condition"]["ArnLike"][POLICY], plan, values)
        attached = {
            str(one.inputs["policyArn"]) for one in _of(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        }
        managed = (arn for arn in sorted(attached) if arn.startswith("arn:aws:iam::aws:"))
        condition["ArnLike"][POLICY] = [*allowed, *(arn for arn in managed if not _covered(arn, allowed))]
    return {**found, "Condition": condition} if condition else found


def _with_names(patterns: Sequence[str], plan: Plan, values: Values) -> list[str]:
    """Return the ARN patterns of the project, and the ARNs of resources with other names."""
    found = [string.Template(pattern).substitute(values) for pattern in patterns]
    for kind in KINDS:
        if kind.pattern not in patterns:
            continue
        for resource in _of(plan, kind.type):
            if kind.elsewhere and not _elsewhere(resource, plan, values["region"]):
                continue
            name = _name(resource, kind.field)
            for exact in kind.exact if name is not None else ():
                arn = string.Template(exact).substitute(values, name=name)
                if not _covered(arn, found):
                    found.append(arn)
    return found


def _name(resource: Resource, field: str) -> str | None:
    """Return the physical name; a pattern if AWS completes it."""
    begins = resource.inputs.get("namePrefix")
    name = resource.inputs.get(field) or (f"{begins}*" if begins else None)
    return name if isinstance(name, str) else None


def _elsewhere(resource: Resource, plan: Plan, region: str) -> bool:
    """Return whether the provider of a resource is of another region than the platform's."""
    providers = {one.urn: one.inputs.get("region") for one in _of(plan, "pulumi:providers:aws")}
    return providers.get(resource.provider or "", region) != region


def _of(plan: Plan, type_: str) -> list[Resource]:
    return [resource for resource in plan.resources if resource.type == type_]


def _covered(arn: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns)


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


def deployer_values(settings: Settings, state_bucket: str, account: str | None) -> Values:
    """Return the values of the placeholders in the policies of a stack.

    Raises:
        CallError: the account is unknown, or differs from the stack's.
    """
    known = settings.project.account_id
    if account is None and known is None:
        raise CallError("has no project.accountId; set it, or pass --account")
    if account is not None and known not in {None, account}:
        raise CallError(f"may only be built in account {known}, and not in {account}")
    return {
        "project": settings.project.name,
        "region": settings.project.region,
        "account": str(account or known),
        "stateBucket": state_bucket,
        # If a stack has neither, statements about these regions have no effect.
        "secondRegion": next(iter(settings.other_regions()), settings.project.region),
        "smsRegion": settings.sms_region(),
    }
