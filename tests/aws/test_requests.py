"""AWS would take every request of every stack."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.aws.model import expression, operation
from tests.aws.operations import OPERATIONS
from tests.aws.refusals import Judged, judge
from tests.aws.remote import aws_resources
from tests.components.base import EVERY_STACK, STACKS, recorded
from tests.each import each
from tests.parts.counts import proven


@functools.cache
def _judged(stack: str) -> Mapping[tuple[str, str], Judged]:
    plan = recorded(stack).plan
    provider = recorded(stack).one("pulumi:providers:aws", "aws")
    default_tags = json.loads(provider.inputs["defaultTags"])["tags"]
    return {
        (type_, name): judge(type_, name, inputs, identifier="a-name-of-its-own", default_tags=default_tags)
        for type_, name, inputs in aws_resources(iter(plan.resources))
    }


@EVERY_STACK
def test_aws_accepts_every_request_of_a_stack(stack: str) -> None:
    judged = _judged(stack)
    refusals = {f"{type_} {name}": found.refusals for (type_, name), found in judged.items() if found.refusals}
    assert refusals == {}
    requests = sum(len(found.asked) for found in judged.values())
    assert requests > 50
    proven("requests of stacks that AWS's service models accept", requests)


def test_every_entry_of_the_table_is_in_use() -> None:
    used: dict[str, set[str]] = {}
    for stack in STACKS:
        for (type_, _), found in _judged(stack).items():
            used.setdefault(type_, set()).update(found.used)
    said = {
        type_: {*entry.own, *(path for call in entry.calls for path in [*call.takes, *filter(None, [call.when])])}
        for type_, entry in OPERATIONS.items()
    }
    unused = {
        type_: sorted(paths - used.get(type_, set()) - {"tags"}) if type_ in used else "never"
        for type_, paths in said.items()
    }
    assert {type_: what for type_, what in unused.items() if what} == {}
    proven("types of AWS resources held against their operations", len(OPERATIONS))


def test_every_pattern_of_the_operations_is_parsed() -> None:
    def patterns(shape: Any, seen: frozenset[str] = frozenset()) -> set[str]:
        if shape.name in seen:
            return set()
        inner = [
            *getattr(shape, "members", {}).values(),
            *(part for name in ("member", "key", "value") if (part := getattr(shape, name, None)) is not None),
        ]
        own = {shape.metadata["pattern"]} if shape.metadata.get("pattern") else set()
        return own.union(*(patterns(part, seen | {shape.name}) for part in inner))

    calls = {(call.service, call.operation) for entry in OPERATIONS.values() for call in entry.calls}
    found = set().union(*(patterns(operation(*call).input_shape) for call in calls))
    assert len(found) >= 30
    for pattern in found:
        expression(pattern)


GOOD: Mapping[str, Mapping[str, Any]] = {
    "aws:lb/targetGroup:TargetGroup": {
        "name": "shop-mlflow",
        "port": 5000,
        "protocol": "HTTP",
        "targetType": "ip",
        "vpcId": "vpc-0123456789abcdef0",
        "healthCheck": {"path": "/health", "interval": 15, "timeout": 5, "protocol": "HTTP"},
    },
    "aws:iam/role:Role": {"name": "shop-nodes", "assumeRolePolicy": '{"Version": "2012-10-17", "Statement": []}'},
    "aws:rds/instance:Instance": {
        "identifier": "shop-runs",
        "instanceClass": "db.t4g.small",
        "engine": "postgres",
        "allocatedStorage": 20,
        "skipFinalSnapshot": True,
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "securityGroupId": "sg-0123456789abcdef0",
        "cidrIpv4": "10.0.0.0/16",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "description": "Kubernetes API",
    },
    "aws:kms/key:Key": {"description": "Kubernetes secrets", "deletionWindowInDays": 30},
    "aws:eks/nodeGroup:NodeGroup": {
        "clusterName": "shop-eks",
        "nodeGroupName": "cpu",
        "nodeRoleArn": "arn:aws:iam::123456789012:role/shop-eks-node",
        "subnetIds": ["subnet-0123456789abcdef0"],
        "scalingConfig": {"minSize": 1, "desiredSize": 2, "maxSize": 3},
        "taints": [{"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}],
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        "bucket": "shop-artifacts",
        "versioningConfiguration": {"status": "Enabled"},
    },
    "aws:backup/plan:Plan": {
        "name": "shop-backups",
        "rules": [
            {
                "ruleName": "daily",
                "targetVaultName": "shop-backups",
                "schedule": "cron(0 3 * * ? *)",
                "startWindow": 60,
                "completionWindow": 180,
            }
        ],
    },
    "aws:scheduler/schedule:Schedule": {
        "name": "stop",
        "scheduleExpression": "cron(0 20 ? * MON-FRI *)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": "arn:aws:scheduler:::aws-sdk:rds:stopDBInstance",
            "roleArn": "arn:aws:iam::123456789012:role/a",
        },
    },
}
"""Requests that AWS takes, to be spoiled one by one."""


@pytest.mark.parametrize("type_", sorted(GOOD))
def test_valid_request_is_accepted(type_: str) -> None:
    # The invalid ones below differ by one fault.
    judged = judge(type_, "name", GOOD[type_])
    assert judged.refusals == ()
    assert judged.asked


GROUP, ROLE, DATABASE = "aws:lb/targetGroup:TargetGroup", "aws:iam/role:Role", "aws:rds/instance:Instance"
RULE, NODES = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:eks/nodeGroup:NodeGroup"
SCHEDULE = "aws:scheduler/schedule:Schedule"


@each(
    ("type_", "fault", "refusal"),
    [
        (GROUP, {"targetType": "pod"}, "elbv2:CreateTargetGroup: TargetType: 'pod' is not one of instance, ip"),
        (GROUP, {"name": None}, 'elbv2:CreateTargetGroup: Missing required parameter in input: "Name"'),
        (GROUP, {"port": 70000}, "elbv2:CreateTargetGroup: Port: 70000 is above 65535"),
        (GROUP, {"port": 0}, "elbv2:CreateTargetGroup: Invalid value for parameter Port, value: 0"),
        (GROUP, {"port": "http"}, "elbv2:CreateTargetGroup: Invalid type for parameter Port, value: http"),
        (GROUP, {"colour": "red"}, "colour is not known to elbv2:CreateTargetGroup"),
        (GROUP, {"healthCheck": {"pathh": "/"}}, "healthCheck.pathh is not known to elbv2:CreateTargetGroup"),
        (GROUP, {"healthCheck": {"timeout": 20, "interval": 15}}, "waits 20 s and asks every 15 s"),
        (GROUP, {"name": "n" * 33}, "is not at most 32 letters"),
        (GROUP, {"name": "-shop"}, "is not at most 32 letters"),
        (GROUP, {"tags": {"aws:name": "x"}}, "tag aws:name: the prefix is AWS's own"),
        (GROUP, {"tags": {f"key-{number}": "x" for number in range(51)}}, "51 tags; AWS takes 50"),
        (GROUP, {"tags": {"colour": "r&d"}}, "Tags[0].Value: 'r&d' does not match"),
        (ROLE, {"name": "n" * 65}, "iam:CreateRole: RoleName: 65 characters"),
        (ROLE, {"name": "shop nodes"}, "iam:CreateRole: RoleName: 'shop nodes' does not match"),
        (ROLE, {"assumeRolePolicy": "{"}, "the policy is not JSON"),
        (ROLE, {"description": "Kapazität → GPU"}, "iam:CreateRole: Description"),
        (DATABASE, {"identifier": "shop--runs"}, "rds:CreateDBInstance: DBInstanceIdentifier"),
        (DATABASE, {"identifier": None}, 'rds:CreateDBInstance: Missing required parameter in input: "DBInstanceIde'),
        (DATABASE, {"maxAllocatedStorage": 20}, "MaxAllocatedStorage: 20 is not above 20"),
        (DATABASE, {"skipFinalSnapshot": False}, "the snapshot is named None"),
        (RULE, {"description": "a café"}, "has a character that EC2 refuses"),
        (RULE, {"cidrIpv4": "10.0.0.1/16"}, "CidrIp: 10.0.0.1/16 has host bits set"),
        (RULE, {"cidrIpv4": None}, "0 sources in a rule of one"),
        (RULE, {"fromPort": 444}, "ports 444 to 443"),
        ("aws:kms/key:Key", {"deletionWindowInDays": 31}, "kms:ScheduleKeyDeletion: "),
        (NODES, {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 3}}, "scalingConfig"),
        (NODES, {"taints": [{"key": "gpu", "value": "x" * 64, "effect": "NO_SCHEDULE"}]}, "taints[0].value: 64 char"),
        (NODES, {"taints": [{"key": "gpu", "value": "true", "effect": "NoSchedule"}]}, "is not one of NO_SCHEDULE"),
        ("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": {"status": "On"}}, "'On' is not one"),
        (SCHEDULE, {"scheduleExpression": "cron(0 20 * * MON-FRI *)"}, "ScheduleExpression"),
        (
            "aws:backup/plan:Plan",
            {"rules": [{"ruleName": "often", "targetVaultName": "shop-backups", "startWindow": 15}]},
            "often: begins within 15 minutes and ends within 10080",
        ),
        (SCHEDULE, {"groupName": "a/b"}, "scheduler:CreateSchedule: GroupName: 'a/b' does not match"),
        ("aws:kinesis/stream:Stream", {"name": "events"}, "aws:kinesis/stream:Stream is a type with no operation"),
    ],
)
def test_invalid_request_is_refused_with_operation_and_reason(
    type_: str, fault: Mapping[str, Any], refusal: str
) -> None:
    spoiled = {name: value for name, value in {**GOOD.get(type_, {}), **fault}.items() if value is not None}
    refusals = judge(type_, "name", spoiled).refusals
    assert any(refusal in line for line in refusals), refusals


def test_default_tags_count_with_resource_tags() -> None:
    own = {f"own-{number}": "x" for number in range(30)}
    default = {f"default-{number}": "x" for number in range(30)}
    assert judge(GROUP, "name", {**GOOD[GROUP], "tags": own}).refusals == ()
    both = judge(GROUP, "name", {**GOOD[GROUP], "tags": own}, default_tags=default).refusals
    assert both == ("elbv2:CreateTargetGroup: 60 tags; AWS takes 50",)
