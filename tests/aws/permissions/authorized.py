"""What IAM is asked for a request: the action, each resource with its tags, and the condition keys.

The resources of an action, and where a request tag counts, are AWS's own table as parliament packages it:
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import parliament

from tests.aws.requests import Request

OURS = "ours-0123456789"
"""Placeholder for the part of an ARN that AWS makes up."""

SERVICES = {"elbv2": "elasticloadbalancing", "efs": "elasticfilesystem"}
ACTIONS = {
    # IAM's name of an action, where the API has another one.
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
FIELDS = {
    # The member of a request with the name of a resource, by IAM's kind of resource.
    "autoscaling:autoScalingGroup": ("AutoScalingGroupName",),
    "backup:backupVault": ("BackupVaultName",),
    "budgets:budget": ("Budget.BudgetName",),
    "cloudwatch:alarm": ("AlarmName",),
    "ec2:subnet": ("SubnetId", "Resources"),
    "ec2:vpc": ("VpcId", "ResourceIds"),
    "ecr:repository": ("repositoryName",),
    "chatbot:ChatbotConfiguration": ("ConfigurationName",),
    "eks:access-entry": ("clusterName",),
    "eks:addon": ("clusterName",),
    "eks:cluster": ("clusterName", "name"),
    "eks:nodegroup": ("clusterName",),
    "eks:podidentityassociation": ("clusterName",),
    "elasticache:parametergroup": ("CacheParameterGroupName",),
    "elasticache:replicationgroup": ("ReplicationGroupId",),
    "elasticache:snapshot": (),
    "elasticache:securitygroup": (),
    "elasticache:subnetgroup": ("CacheSubnetGroupName",),
    "elasticache:user": ("UserId", "UserIds"),
    "elasticache:usergroup": ("UserGroupId", "UserGroupIds"),
    "events:rule-on-default-event-bus": ("Name", "Rule"),
    "iam:instance-profile": ("InstanceProfileName",),
    "iam:policy": ("PolicyName",),
    "iam:role": ("RoleName",),
    "kms:alias": ("AliasName",),
    "lambda:function": ("FunctionName",),
    "logs:log-group": ("logGroupName",),
    "rds:cluster": ("DBClusterIdentifier",),
    "rds:cluster-pg": ("DBClusterParameterGroupName",),
    "rds:db": ("DBInstanceIdentifier",),
    "rds:pg": ("DBParameterGroupName",),
    "rds:cluster-snapshot": ("FinalDBSnapshotIdentifier",),
    "rds:snapshot": ("DBSnapshotIdentifier", "FinalDBSnapshotIdentifier"),
    "rds:subgrp": ("DBSubnetGroupName",),
    "s3:bucket": ("Bucket",),
    "s3:object": ("Bucket",),
    "scheduler:schedule": ("GroupName",),
    "scheduler:schedule-group": ("Name",),
    "secretsmanager:Secret": ("Name", "SecretId"),
    "sns:topic": ("Name", "TopicArn"),
    "sqs:queue": ("QueueName", "QueueUrl"),
    "wafv2:loadbalancer/app/": ("ResourceArn",),
    "wafv2:webacl": ("WebACLArn", "LoggingConfiguration.ResourceArn", "Name"),
}
NEVER = {
    # Kinds of resources that the action has in the table, and that no request of a plan refers to.
    "elasticloadbalancing:loadbalancer/net/",
    "elasticloadbalancing:loadbalancer",
    "elasticloadbalancing:listener/net",
    "events:rule-on-custom-event-bus",
    "ec2:group",
    "route53:healthcheck",
    "rds:og",
    "s3:accesspoint",
    "s3:accesspointobject",
    "logs:log-stream",
    "elasticache:globalreplicationgroup",
}
TAGGED_BY = {
    "acm": "AddTagsToCertificate",
    "ec2": "CreateTags",
    "elasticache": "AddTagsToResource",
    "elasticloadbalancing": "AddTags",
    "rds": "AddTagsToResource",
    "sqs": "TagQueue",
}
"""The action that a request with tags needs as well, where it is not `TagResource`."""

IAM_TAGGED_BY = {"role": "TagRole", "policy": "TagPolicy", "instance-profile": "TagInstanceProfile"}
RECEIVERS = {
    "backup": "backup",
    "chatbot": "chatbot",
    "eks": "eks",
    "lambda": "lambda",
    "rds": "monitoring.rds",
    "scheduler": "scheduler",
}
WITHOUT_TAGS_IN_IAM = {"s3", "chatbot", "route53", "budgets"}
"""Services whose actions see no tag of a resource."""


class Asked(NamedTuple):
    """One question to IAM."""

    action: str
    resource: str
    context: Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Place:
    """Where the requests go, and what is theirs."""

    region: str
    account: str
    project: str
    tag: str
    tags: Mapping[str, str] = field(default_factory=dict)
    boundary: Mapping[str, str] = field(default_factory=dict)
    """The boundary of each role by its name."""

    paths: Mapping[str, str] = field(default_factory=dict)
    """The path of each role by its name."""

    existing: frozenset[str] = frozenset()
    """The IDs of what the stack uses and does not create: it has no tags of the project."""


@functools.cache
def _definition(service: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the actions and the resources of a service; the table has some services twice, the newest last."""
    actions: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    for entry in parliament.iam_definition:
        if entry["prefix"] == service:
            actions |= {one["privilege"]: one for one in entry["privileges"]}
            resources |= {one["resource"]: one for one in entry["resources"]}
    return actions, resources


def known(action: str) -> bool:
    """Return whether IAM has an action."""
    service, _, name = action.partition(":")
    return name in _definition(service)[0]


def action_of(request: Request) -> str:
    """Return IAM's action for a request."""
    action = f"{SERVICES.get(request.service, request.service)}:{request.operation}"
    return ACTIONS.get(action, action)


def asked_of(request: Request, place: Place) -> Iterator[Asked]:
    """Yield everything that IAM is asked for a request."""
    action = action_of(request)
    tagged = bool({"Tags", "tags", "TagSpecifications", "BackupPlanTags", "BackupVaultTags"} & request.values.keys())
    tagged |= request.operation == "RestoreDBInstanceFromDBSnapshot"  # with the tags of the instance
    service = action.partition(":")[0]
    questions = list(_questions(action, request, place, tagged=tagged))
    yield from (one for one, _ in questions)
    if tagged and action != "ec2:CreateTags":
        for arn in (one.resource for one, new in questions if new):
            kind = arn.rpartition(":")[2].partition("/")[0]
            tagging = IAM_TAGGED_BY.get(kind, "TagOpenIDConnectProvider") if service == "iam" else None
            tagging = tagging or TAGGED_BY.get(service, "TagResource")
            created = {f"{service}:CreateAction": request.operation}
            if known(f"{service}:{tagging}") and (service == "chatbot" or arn != "*"):
                yield Asked(f"{service}:{tagging}", arn, {**_request_tags(place), **created, **_common(place)})
    yield from _passed(action, request, place)


def _questions(action: str, request: Request, place: Place, *, tagged: bool) -> Iterator[tuple[Asked, bool]]:
    """Yield the questions about the action itself, and whether it makes the resource."""
    service, _, name = action.partition(":")
    actions, _resources = _definition(service)
    rows = [one for one in actions[name]["resource_types"] if one["resource_type"]]
    common = {**_common(place), **_extra(action, request, place)}
    creates = name.startswith(("Create", "Allocate", "Request", "Run", "Restore", "Put")) and tagged
    if not rows:
        yield Asked(action, "*", {**common, **(_request_tags(place) if tagged else {})}), creates
        return
    for number, row in enumerate(rows):
        kind = row["resource_type"].rstrip("*")
        if f"{service}:{kind}" in NEVER:
            continue
        takes_tags = any("RequestTag" in key for key in row["condition_keys"])
        new = creates and (takes_tags if service == "ec2" else _is_new(service, name, kind, number))
        for arn in _arns(service, kind, request, place, required=row["resource_type"].endswith("*")):
            context = dict(common)
            if tagged and (takes_tags or service != "ec2"):
                context |= _request_tags(place)
            theirs = _of_nobody(name, kind, arn) or arn.rpartition("/")[2] in place.existing
            if not new and service not in WITHOUT_TAGS_IN_IAM and not theirs:
                context |= {"aws:ResourceTag/Project": place.tag, "aws:ResourceTag/eks:cluster-name": place.tags["c"]}
            yield Asked(action, arn, context), new


def _is_new(service: str, name: str, kind: str, number: int) -> bool:
    if service == "elasticache":
        return name.removeprefix("Create").removeprefix("Cache").lower().rstrip("s") == kind
    if service == "elasticloadbalancing":
        return name in {"CreateLoadBalancer", "CreateTargetGroup"}
    if service in {"autoscaling", "eks", "elasticfilesystem"}:
        return False
    return number == 0


def _of_nobody(action: str, kind: str, arn: str) -> bool:
    """Return whether a resource has no tags of ours: AWS's own, and what EC2 makes beside an instance."""
    beside = kind == "network-interface" and "NetworkInterface" not in action
    return kind in {"image", "key-pair"} or beside or ":default" in arn


def _arns(service: str, kind: str, request: Request, place: Place, *, required: bool) -> Iterator[str]:
    template = _definition(service)[1][kind]["arn"]
    # Tags are for resources of every kind.
    names = [one for one in _names(f"{service}:{kind}", request) if service != "ec2" or one.startswith(f"{kind}-")]
    if not names and not required and (f"{service}:{kind}" in FIELDS or not _refers(kind, request)):
        return
    for name in names or [f"{place.project}-{OURS}" if f"{service}:{kind}" in FIELDS else OURS]:
        if name.startswith("arn:") and (f":{service}:" in name or service == "wafv2"):
            yield name if service != "secretsmanager" else name.rpartition("-")[0] + "-a1b2c3"
            continue
        yield _filled(template, service, kind, name, place)


def _filled(template: str, service: str, kind: str, name: str, place: Place) -> str:
    arn = (
        template.replace("${Partition}", "aws").replace("${Region}", place.region).replace("${Account}", place.account)
    ).replace("${Scope}", "regional")
    head, _, rest = arn.partition("${")
    if not rest:
        return head
    tail = rest.partition("}")[2]
    while "${" in tail:
        before, _, after = tail.partition("${")
        tail = f"{before}{OURS}{after.partition('}')[2]}"
    if kind == "role":
        name = f"{place.paths.get(name, '/').lstrip('/')}{name}"
    if kind == "oidc-provider":
        name = f"oidc.eks.{place.region}.amazonaws.com/id/{OURS}"
    if f"{service}:{kind}" == "autoscaling:autoScalingGroup":
        # Tags are those of a group that EKS makes.
        tail = f":autoScalingGroupName/{f'eks-{OURS}' if name.endswith(OURS) else name}"
    if service == "secretsmanager":
        name = f"{name}-a1b2c3"
    if kind == "ChatbotConfiguration":
        head, tail = f"{head}slack-channel/", ""
    if kind == "alias":
        head = head.removesuffix("alias/")
    return f"{head}{name}{tail}"


def _names(kind: str, request: Request) -> list[str]:
    for member in FIELDS.get(kind, ()):
        value: Any = request.values
        for part in member.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            return [value.rpartition("/")[2] if member == "QueueUrl" else value]
        if isinstance(value, list):
            return [str(one) for one in value]
    return []


def _refers(kind: str, request: Request) -> bool:
    """Return whether a request mentions a resource of an optional kind, such as `SubnetId` for `subnet`."""
    plain = kind.replace("-", "").removesuffix("/app").removesuffix("/app/").rstrip("/").lower()
    plain = {"elasticip": "allocationid", "securitygroup": "securitygroup", "vpc": "vpcid"}.get(plain, plain)
    text = json.dumps(dict(request.values), default=str).lower().replace("networkinterfaces", "")
    return f'"{plain}' in text or (plain == "vpcid" and '"resourcetype": "vpc"' in text)


def _common(place: Place) -> dict[str, str]:
    return {"aws:RequestedRegion": place.region}


def _request_tags(place: Place) -> dict[str, str]:
    return {"aws:RequestTag/Project": place.tag}


def _extra(action: str, request: Request, place: Place) -> dict[str, str | list[str]]:
    """Return the condition keys of single services."""
    values = request.values
    match action.partition(":"):
        case ("iam", _, "CreateRole"):
            return {"iam:PermissionsBoundary": str(values.get("PermissionsBoundary", ""))}
        case ("iam", _, name) if name.endswith("RolePolicy"):
            bound = place.boundary.get(str(values["RoleName"]), "")
            return {"iam:PermissionsBoundary": bound, "iam:PolicyARN": str(values.get("PolicyArn", ""))}
        case ("route53", _, "ChangeResourceRecordSets"):
            changes = values["ChangeBatch"]["Changes"]
            names = [str(one["ResourceRecordSet"]["Name"]).rstrip(".").lower() for one in changes]
            return {"route53:ChangeResourceRecordSetsNormalizedRecordNames": names}
        case ("ec2", _, "CreateTags" | "DeleteTags"):
            return {"aws:TagKeys": [str(one["Key"]) for one in values.get("Tags", ())]}
        case ("kms", _, "CreateGrant"):
            return {"kms:GrantIsForAWSResource": "true"}
    return {}


def _passed(action: str, request: Request, place: Place) -> Iterator[Asked]:
    """Yield the roles that a request passes to a service."""
    service, _, name = action.partition(":")
    role = f"arn:aws:iam::{place.account}:role"
    if name == "AddRoleToInstanceProfile":
        passed, receiver = str(request.values["RoleName"]), "ec2"
        yield Asked(
            "iam:PassRole",
            f"{role}{place.paths.get(passed, '/')}{passed}",
            {"iam:PassedToService": f"{receiver}.amazonaws.com"},
        )
        return
    receiver = "vpc-flow-logs" if name == "CreateFlowLogs" else "s3" if name == "PutBucketReplication" else ""
    receiver = receiver or RECEIVERS.get(service, "")
    if name in {"AssociateAccessPolicy", "CreateAccessEntry", "DeleteAccessEntry", "UpdateAccessEntry"} or not receiver:
        return
    for text in _texts(request.values):
        # A recording has another account than some stack files.
        head, found, path = text.partition(":role/")
        if head.startswith("arn:aws:iam::") and found:
            yield Asked("iam:PassRole", f"{role}/{path}", {"iam:PassedToService": f"{receiver}.amazonaws.com"})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


INVERSES = {
    "AllocateAddress": ("ReleaseAddress",),
    "AssociateAddress": ("DisassociateAddress",),
    "AssociateRouteTable": ("DisassociateRouteTable",),
    "AttachInternetGateway": ("DetachInternetGateway",),
    "AttachRolePolicy": ("DetachRolePolicy",),
    "AttachVolume": ("DetachVolume",),
    "AddRoleToInstanceProfile": ("RemoveRoleFromInstanceProfile",),
    "AuthorizeSecurityGroupEgress": ("RevokeSecurityGroupEgress",),
    "AuthorizeSecurityGroupIngress": ("RevokeSecurityGroupIngress",),
    "CreateKey": ("ScheduleKeyDeletion",),
    "PutMetricAlarm": ("DeleteAlarms",),
    "PutTargets": ("RemoveTargets",),
    "RequestCertificate": ("DeleteCertificate",),
    "RunInstances": ("TerminateInstances", "StartInstances", "StopInstances"),
    "Subscribe": ("Unsubscribe",),
    "CreateVpcEndpoint": ("DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    "CreateFunction": ("DeleteFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration"),
    "CreateLaunchTemplate": ("DeleteLaunchTemplate", "CreateLaunchTemplateVersion", "ModifyLaunchTemplate"),
    "CreatePolicy": ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion"),
    "CreateRole": ("DeleteRole", "UpdateAssumeRolePolicy"),
}
"""What undoes or changes what a request made, where it is not Delete, Modify or Update with the same noun."""


def later(request: Request) -> Iterator[Request]:
    """Yield the requests that change and delete what a request made."""
    action = action_of(request)
    service, _, name = action.partition(":")
    noun = name.removeprefix("Create").removeprefix("Put")
    names = INVERSES.get(request.operation) or tuple(
        f"{verb}{noun}" for verb in ("Delete", "Modify", "Update") if noun != name
    )
    without = {key: value for key, value in request.values.items() if "ag" not in key or key == "Message"}
    for one in names:
        if known(f"{service}:{one}") and f"{service}:{one}" not in ACTIONS.values():
            yield Request(service, one, without)
