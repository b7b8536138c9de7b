"""Physical names of a plan that the policies allow: by the name of the project, or exactly."""

import fnmatch
import json
import re
import string
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiplatform.preview.plan import Plan, Resource

Values = Mapping[str, str]


class Kind(NamedTuple):
    """Resources whose names begin with the name of the project, unless a stack file sets another name."""

    pattern: str
    """The ARN pattern in the policies."""

    exact: tuple[str, ...]
    """ARNs with `${name}` for another name."""

    fields: Mapping[str, str]
    """The input with the name, by Pulumi type."""


_HERE = "${region}:${account}"
_KEY = re.compile(r"arn:aws:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+")
_RDS = "aws:rds/"
_CACHE = "aws:elasticache/"

KINDS = (
    Kind("${role}/${project}-*", ("${role}/${name}",), {"aws:iam/role:Role": "name"}),
    *(
        Kind(f"arn:aws:iam::${{account}}:{kind}/${{project}}-*", (f"arn:aws:iam::${{account}}:{kind}/${{name}}",), of)
        for kind, of in (
            ("policy", {"aws:iam/policy:Policy": "name"}),
            ("instance-profile", {"aws:iam/instanceProfile:InstanceProfile": "name"}),
        )
    ),
    Kind(
        f"arn:aws:rds:{_HERE}:*:${{project}}-*",
        (f"arn:aws:rds:{_HERE}:*:${{name}}",),
        {
            f"{_RDS}instance:Instance": "identifier",
            f"{_RDS}cluster:Cluster": "clusterIdentifier",
            f"{_RDS}clusterInstance:ClusterInstance": "identifier",
            f"{_RDS}subnetGroup:SubnetGroup": "name",
            f"{_RDS}parameterGroup:ParameterGroup": "name",
            f"{_RDS}clusterParameterGroup:ClusterParameterGroup": "name",
        },
    ),
    Kind(
        f"arn:aws:rds:{_HERE}:snapshot:${{project}}-*",
        (f"arn:aws:rds:{_HERE}:snapshot:${{name}}",),
        {f"{_RDS}instance:Instance": "snapshotIdentifier"},
    ),
    Kind(
        f"arn:aws:elasticache:{_HERE}:*:${{project}}-*",
        (f"arn:aws:elasticache:{_HERE}:*:${{name}}",),
        {
            f"{_CACHE}replicationGroup:ReplicationGroup": "replicationGroupId",
            f"{_CACHE}subnetGroup:SubnetGroup": "name",
            f"{_CACHE}parameterGroup:ParameterGroup": "name",
            f"{_CACHE}user:User": "userId",
            f"{_CACHE}userGroup:UserGroup": "userGroupId",
        },
    ),
    Kind(
        "arn:aws:ecr:*:${account}:repository/${project}/*",
        ("arn:aws:ecr:*:${account}:repository/${name}",),
        {"aws:ecr/repository:Repository": "name"},
    ),
    Kind(
        "arn:aws:backup:*:${account}:backup-vault:${project}-*",
        ("arn:aws:backup:*:${account}:backup-vault:${name}",),
        {"aws:backup/vault:Vault": "name"},
    ),
    Kind(
        f"arn:aws:secretsmanager:{_HERE}:secret:${{project}}/*",
        # Secrets Manager appends six random characters to each ARN.
        (f"arn:aws:secretsmanager:{_HERE}:secret:${{name}}-??????",),
        {"aws:secretsmanager/secret:Secret": "name"},
    ),
    Kind(
        f"arn:aws:lambda:{_HERE}:function:${{project}}-*",
        (f"arn:aws:lambda:{_HERE}:function:${{name}}",),
        {"aws:lambda/function:Function": "name"},
    ),
    # Some actions are checked for the group, and others for all of its streams.
    Kind(
        f"arn:aws:logs:{_HERE}:log-group:/aws/*/${{project}}-*",
        (f"arn:aws:logs:{_HERE}:log-group:${{name}}", f"arn:aws:logs:{_HERE}:log-group:${{name}}:*"),
        {"aws:cloudwatch/logGroup:LogGroup": "name"},
    ),
    Kind(
        f"arn:aws:autoscaling:{_HERE}:autoScalingGroup:*:autoScalingGroupName/${{project}}-*",
        (f"arn:aws:autoscaling:{_HERE}:autoScalingGroup:*:autoScalingGroupName/${{name}}",),
        {"aws:autoscaling/group:Group": "name"},
    ),
    Kind(
        f"arn:aws:events:{_HERE}:rule/${{project}}-*",
        (f"arn:aws:events:{_HERE}:rule/${{name}}",),
        {"aws:cloudwatch/eventRule:EventRule": "name"},
    ),
    Kind(
        "arn:aws:sns:*:${account}:${project}-*",
        ("arn:aws:sns:*:${account}:${name}",),
        {"aws:sns/topic:Topic": "name"},
    ),
    Kind(
        f"arn:aws:cloudwatch:{_HERE}:alarm:${{project}}-*",
        (f"arn:aws:cloudwatch:{_HERE}:alarm:${{name}}",),
        {"aws:cloudwatch/metricAlarm:MetricAlarm": "name"},
    ),
    Kind(
        "arn:aws:budgets::${account}:budget/${project}-*",
        ("arn:aws:budgets::${account}:budget/${name}",),
        {"aws:budgets/budget:Budget": "name"},
    ),
    Kind(
        "arn:aws:kms:*:${account}:alias/${project}-*",
        ("arn:aws:kms:*:${account}:${name}",),
        {"aws:kms/alias:Alias": "name"},
    ),
    Kind(
        "arn:aws:chatbot::${account}:chat-configuration/slack-channel/${project}-*",
        ("arn:aws:chatbot::${account}:chat-configuration/slack-channel/${name}",),
        {"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "configurationName"},
    ),
)

EXACT = {
    # IAM holds no bucket and no queue to a tag, and `shop-*` is the beginning of `shop-two-data` as well.
    "@buckets": ("aws:s3/bucket:Bucket", "bucket", ("arn:aws:s3:::${name}",)),
    "@bucketsAndObjects": ("aws:s3/bucket:Bucket", "bucket", ("arn:aws:s3:::${name}", "arn:aws:s3:::${name}/*")),
    "@queues": ("aws:sqs/queue:Queue", "name", (f"arn:aws:sqs:{_HERE}:${{name}}",)),
}
"""Resources that are allowed by the names of the plan alone."""


def arns(patterns: Sequence[str], plan: Plan, values: Values) -> list[str]:
    """Return the ARN patterns for a plan, and the ARNs of its resources with other names."""
    found: list[str] = []
    for pattern in patterns:
        if pattern == "@keys":
            found += _other_keys(plan)
        elif pattern in EXACT:
            type_, field, exact = EXACT[pattern]
            found += _named(plan, type_, field, exact, values)
        else:
            found.append(string.Template(pattern).substitute(values))
    for kind in KINDS:
        for type_, field in kind.fields.items() if kind.pattern in patterns else ():
            named = _named(plan, type_, field, kind.exact, values)
            found += [arn for arn in named if not covered(arn, found)]
    return list(dict.fromkeys(found))


def _named(plan: Plan, type_: str, field: str, exact: Sequence[str], values: Values) -> list[str]:
    names = (_name(resource, field) for resource in of_type(plan, type_))
    return [
        name if name.startswith("arn:") else string.Template(arn).substitute(values, name=name)
        for name in names
        if name is not None
        for arn in exact
    ]


def _other_keys(plan: Plan) -> list[str]:
    """Return the KMS keys of stack files, which the plan does not create and which may have other tags."""
    made = {resource.urn for resource in of_type(plan, "aws:kms/key:Key")}
    others = (one for one in plan.resources if one.type.startswith("aws:") and made.isdisjoint(one.dependencies))
    return sorted({arn for one in others for arn in _KEY.findall(json.dumps(dict(one.inputs), default=str))})


def _name(resource: Resource, field: str) -> str | None:
    """Return the physical name; a pattern if AWS completes it."""
    begins = resource.inputs.get("namePrefix")
    name = resource.inputs.get(field) or (f"{begins}*" if begins else None)
    return name if isinstance(name, str) else None


def of_type(plan: Plan, type_: str) -> list[Resource]:
    """Return the resources of a type."""
    return [resource for resource in plan.resources if resource.type == type_]


def covered(arn: str, patterns: Sequence[str]) -> bool:
    """Return whether a pattern matches an ARN, which may have wildcards itself."""
    return any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns)
