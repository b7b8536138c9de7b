"""004: backups, recovery from each failure, and AWS permissions."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.requirements.query import Planned

HERE, THERE = "ap-northeast-2", "us-west-2"


def region(stack: Planned, resource: Any) -> str:
    (provider,) = [one for one in stack.plan.resources if one.urn == resource.provider]
    return str(provider.inputs["region"])


def rules(stack: Planned) -> dict[str, dict[str, Any]]:
    return {rule["ruleName"]: rule for rule in stack.one("aws:backup/plan:Plan").inputs["rules"]}


@pytest.mark.requirement("004-bak-04", "004-ver-12", "004-sto-02")
def test_volumes_are_backed_up_daily_at_03_00_in_seoul_and_kept_seven_days(openwebui: Planned) -> None:
    daily = rules(openwebui)["daily"]
    assert (daily["schedule"], daily["scheduleExpressionTimezone"]) == ("cron(0 3 * * ? *)", "Asia/Seoul")
    utc = datetime(2026, 11, 21, 3, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)
    assert (utc.day, utc.hour) == (20, 18)
    assert daily["lifecycle"] == {"deleteAfter": 7}
    selection = openwebui.one("aws:backup/selection:Selection").inputs
    assert f"arn:aws:ec2:{HERE}:123456789012:volume/*" in selection["resources"]
    ((condition,),) = [one["stringEquals"] for one in selection["conditions"]]
    storage_class = openwebui.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs["parameters"]
    key, _, value = storage_class["tagSpecification_1"].partition("=")
    assert condition == {"key": f"aws:ResourceTag/{key}", "value": value}


@pytest.mark.requirement("004-bak-05")
def test_rds_keeps_its_own_backups_for_seven_days(openwebui: Planned) -> None:
    for database in openwebui.all("aws:rds/instance:Instance"):
        assert database.inputs["backupRetentionPeriod"] == 7
        assert database.inputs["tags"]["Backup"] == "openwebui"


@pytest.mark.requirement("004-bak-06", "004-bak-07")
def test_recovery_point_is_one_hour_by_hourly_backups(openwebui: Planned) -> None:
    hourly = rules(openwebui)["hourly"]
    assert hourly["schedule"] == "cron(0 * * * ? *)"
    assert hourly["copyActions"][0]["destinationVaultArn"].split(":")[3] == THERE


@pytest.mark.requirement("004-bak-09")
def test_region_loss_leaves_backups_images_and_objects_in_another_region(openwebui: Planned) -> None:
    (copies,) = [one for one in openwebui.all("aws:backup/vault:Vault") if region(openwebui, one) == THERE]
    for rule in rules(openwebui).values():
        assert [one["destinationVaultArn"] for one in rule["copyActions"]] == [
            f"arn:aws:backup:{THERE}:123456789012:backup-vault:{copies.inputs['name']}"
        ]
    copied = [one.inputs["bucket"] for one in openwebui.all("aws:s3/bucketReplicationConfig:BucketReplicationConfig")]
    assert copied == ["openwebui-files-dev"]
    images = openwebui.one("aws:ecr/replicationConfiguration:ReplicationConfiguration").inputs
    for rule in images["replicationConfiguration"]["rules"]:
        assert [one["region"] for one in rule["destinations"]] == [THERE]


@pytest.mark.requirement("004-iam-03")
def test_developers_read_the_cluster_push_and_pull_images_and_read_logs(openwebui: Planned) -> None:
    assert access(openwebui, "developer") == "AmazonEKSViewPolicy"
    actions = rights(openwebui, "developer")
    assert {"ecr:GetAuthorizationToken", "ecr:PutImage", "ecr:BatchGetImage"} <= actions
    assert {"logs:FilterLogEvents", "logs:GetLogEvents"} <= actions
    assert not {action for action in actions if action.startswith(("ec2:", "iam:", "eks:"))} - {"eks:DescribeCluster"}


@pytest.mark.requirement("004-iam-04")
def test_operators_manage_the_cluster_and_instances_and_use_monitoring(openwebui: Planned) -> None:
    assert access(openwebui, "operator") == "AmazonEKSClusterAdminPolicy"
    actions = rights(openwebui, "operator")
    assert {"ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances", "ec2:DescribeInstances"} <= actions
    assert {"cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"} <= actions


def access(stack: Planned, person: str) -> str:
    (found,) = [
        one
        for one in stack.all("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
        if one.name.endswith(f"-{person}")
    ]
    return str(found.inputs["policyArn"]).rpartition("/")[2]


def rights(stack: Planned, person: str) -> set[str]:
    (policy,) = [one for one in stack.all("aws:iam/rolePolicy:RolePolicy") if one.name == f"rights-{person}"]
    return {action for statement in json.loads(policy.inputs["policy"])["Statement"] for action in statement["Action"]}
