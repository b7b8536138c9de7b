"""AWS Backup, replicas in another region, and AWS permissions of users."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aiplatform.preview.plan import Resource
from tests.aiplatform.costing import stack_bill
from tests.components.base import EVERY_STACK, STACKS, recorded

PLAN, SELECTION, VAULT = "aws:backup/plan:Plan", "aws:backup/selection:Selection", "aws:backup/vault:Vault"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def kept() -> Any:
    return recorded("backups")


def region(resource: Resource) -> str:
    found: str = kept().by_urn[resource.provider].inputs["region"]
    return found


def rules() -> dict[str, dict[str, Any]]:
    return {rule["ruleName"]: rule for rule in kept().inputs(PLAN)["rules"]}


def statements(person: str) -> dict[str, dict[str, Any]]:
    document = json.loads(kept().inputs("aws:iam/rolePolicy:RolePolicy", f"rights-{person}")["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


# --- backups ---


def test_daily_plan_runs_at_03_00_in_seoul_which_is_18_00_utc() -> None:
    rule = rules()["daily"]
    assert (rule["schedule"], rule["scheduleExpressionTimezone"]) == ("cron(0 3 * * ? *)", "Asia/Seoul")
    at_three = datetime(2026, 11, 21, 3, tzinfo=ZoneInfo(rule["scheduleExpressionTimezone"]))
    assert at_three.astimezone(UTC) == datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert rule["lifecycle"] == {"deleteAfter": 7}


def test_hourly_plan_backs_up_and_copies_for_a_recovery_point_of_one_hour() -> None:
    rule = rules()["hourly"]
    assert rule["schedule"] == "cron(0 * * * ? *)"
    assert rule["startWindow"] == 60, "AWS Backup takes no shorter one"
    assert kept().settings.backups.plans["hourly"].longest_gap() == 60


def test_copies_are_stored_in_the_second_region_for_the_configured_days() -> None:
    (copies,) = [vault for vault in kept().all(VAULT) if region(vault) == "us-west-2"]
    arn = f"arn:aws:backup:us-west-2:123456789012:backup-vault:{copies.inputs['name']}"
    for name, days in (("hourly", 2), ("daily", 7)):
        assert rules()[name]["copyActions"] == [{"destinationVaultArn": arn, "lifecycle": {"deleteAfter": days}}]
    assert "copyActions" not in rules()["monthly"]


def test_vault_has_a_key_of_its_own_region() -> None:
    # KMS keys are regional.
    keys = {key.name: key for key in kept().all("aws:kms/key:Key")}
    for vault in kept().all(VAULT):
        key = keys[f"{vault.name}-key"]
        assert region(key) == region(vault)
        assert vault.inputs["kmsKeyArn"].startswith(f"arn:aws:kms:{region(vault)}:")
        assert key.urn in vault.dependencies
        assert key.inputs["enableKeyRotation"] is True


def test_selection_takes_tagged_resources_of_this_project_only() -> None:
    selection = kept().inputs(SELECTION)
    assert selection["conditions"] == [{"stringEquals": [{"key": "aws:ResourceTag/Backup", "value": "keep"}]}]
    assert "selectionTags" not in selection, "any one of those would do, and another project's volumes be taken too"
    here = "ap-northeast-2:123456789012"
    assert selection["resources"] == [
        f"arn:aws:ec2:{here}:volume/*",
        f"arn:aws:rds:{here}:db:*",
        f"arn:aws:rds:{here}:cluster:*",
    ]


def test_volumes_of_the_csi_driver_and_databases_have_the_backup_tag() -> None:
    parameters = kept().inputs("kubernetes:storage.k8s.io/v1:StorageClass")["parameters"]
    assert parameters["tagSpecification_1"] == "Backup=keep"
    assert kept().inputs("aws:rds/instance:Instance")["tags"]["Backup"] == "keep"
    assert kept().inputs("aws:rds/cluster:Cluster")["tags"]["Backup"] == "keep"


@EVERY_STACK
def test_volumes_have_the_backup_tag_only_where_backups_are_configured(stack: str) -> None:
    wanted = recorded(stack).settings.backups is not None
    assert bool(recorded(stack).all(PLAN)) is wanted
    for one in recorded(stack).all("kubernetes:storage.k8s.io/v1:StorageClass"):
        assert ("tagSpecification_1" in one.inputs["parameters"]) is wanted


def test_backup_role_has_only_the_aws_policies_for_backup_and_restore() -> None:
    role = kept().one("aws:iam/role:Role", "backups")
    attached = [
        item.inputs["policyArn"]
        for item in kept().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if role.urn in item.dependencies
    ]
    assert sorted(attached) == [
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    ]
    assert [one for one in kept().all("aws:iam/rolePolicy:RolePolicy") if role.urn in one.dependencies] == []
    assert kept().inputs(SELECTION)["iamRoleArn"] == kept().plan.outputs["backup_role_arn"]


def test_selection_waits_for_the_policies_of_its_role() -> None:
    # The first backup would fail without them.
    before = kept().before(kept().one(SELECTION))
    rights = [
        one.urn
        for one in kept().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if one.name.startswith("backups-")
    ]
    assert len(rights) == 2
    assert set(rights) <= before


def test_vault_is_locked_only_where_set() -> None:
    locks = kept().all("aws:backup/vaultLockConfiguration:VaultLockConfiguration")
    assert {lock.inputs["backupVaultName"] for lock in locks} == {"keep-safe", "keep-safe-copies"}
    for lock in locks:
        assert (lock.inputs["minRetentionDays"], lock.inputs["maxRetentionDays"]) == (1, 35)
        assert "changeableForDays" not in lock.inputs, "such a lock nobody could ever take off again"


# --- buckets and images ---


def test_lifecycle_moves_old_versions_and_never_the_current_one() -> None:
    rules = kept().inputs("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket-state")["rules"]
    moves = [rule for rule in rules if rule["id"] == "move-old-versions"]
    assert [rule["noncurrentVersionTransitions"] for rule in moves] == [
        [
            {"noncurrentDays": 90, "storageClass": "STANDARD_IA"},
            {"noncurrentDays": 365, "storageClass": "GLACIER"},
        ]
    ]
    assert not any("transitions" in rule or "noncurrentVersionExpiration" in rule for rule in rules)


def test_state_bucket_has_exact_name_versions_and_aes256_in_both_regions() -> None:
    names = {
        "bucket-state": "keep-terraform-state-4f7a2c",
        "bucket-state-replica": "keep-terraform-state-4f7a2c-us-west-2",
    }
    for name, bucket_name in names.items():
        assert kept().inputs("aws:s3/bucket:Bucket", name)["bucket"] == bucket_name
        versions = kept().inputs("aws:s3/bucketVersioning:BucketVersioning", name)
        assert versions["versioningConfiguration"] == {"status": "Enabled"}
        encryption = kept().inputs(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", name
        )
        (rule,) = encryption["rules"]
        assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
        assert kept().inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)["blockPublicAcls"] is True


def test_bucket_is_replicated_as_a_whole_to_the_second_region() -> None:
    for key, replica in (("state", "keep-terraform-state-4f7a2c-us-west-2"), ("uploads", "keep-uploads-elsewhere")):
        found = kept().one(REPLICATION, f"bucket-{key}-replica")
        (rule,) = found.inputs["rules"]
        assert rule["destination"]["bucket"] == f"arn:aws:s3:::{replica}"
        assert (rule["filter"], rule["deleteMarkerReplication"]) == ({"prefix": ""}, {"status": "Enabled"})
        assert region(found) == "ap-northeast-2"
        assert region(kept().one("aws:s3/bucket:Bucket", f"bucket-{key}-replica")) == "us-west-2"
        versions = [
            one.urn
            for one in kept().all("aws:s3/bucketVersioning:BucketVersioning")
            if one.name in {f"bucket-{key}", f"bucket-{key}-replica"}
        ]
        assert len(versions) == 2
        assert set(versions) <= kept().before(found), "S3 refuses the rule while one of them has no versions"
    assert len(kept().all(REPLICATION)) == 2


def test_replication_role_reads_one_bucket_and_writes_the_other() -> None:
    document = json.loads(kept().inputs("aws:iam/rolePolicy:RolePolicy", "bucket-uploads-replica")["policy"])
    rights = {statement["Sid"]: statement["Resource"] for statement in document["Statement"]}
    assert rights == {
        "ReadTheRule": ["arn:aws:s3:::keep-uploads"],
        "ReadVersions": ["arn:aws:s3:::keep-uploads/*"],
        "WriteCopies": ["arn:aws:s3:::keep-uploads-elsewhere/*"],
    }
    trust = json.loads(kept().inputs("aws:iam/role:Role", "bucket-uploads-replica")["assumeRolePolicy"])
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_image_replicas_have_the_rules_of_their_repository() -> None:
    configuration = kept().inputs("aws:ecr/replicationConfiguration:ReplicationConfiguration")
    (rule,) = configuration["replicationConfiguration"]["rules"]
    assert rule["destinations"] == [{"region": "us-west-2", "registryId": "123456789012"}]
    assert [one["filter"] for one in rule["repositoryFilters"]] == ["keep/gateway", "keep/pages"]
    there = {one.inputs["name"]: one for one in kept().all("aws:ecr/repository:Repository") if region(one) != HERE}
    assert set(there) == {"keep/pages", "keep/gateway"}
    for name, copy in there.items():
        (original,) = [
            one
            for one in kept().all("aws:ecr/repository:Repository")
            if one.inputs["name"] == name and region(one) == HERE
        ]
        assert original.inputs == copy.inputs


HERE = "ap-northeast-2"


# --- people ---


def test_developer_pushes_and_pulls_images_and_reads_logs_of_this_platform() -> None:
    found = statements("developer")
    assert set(found) == {"LogInToTheRegistry", "PushAndPullImages", "FindLogs", "ReadLogs"}
    images = found["PushAndPullImages"]
    assert {"ecr:PutImage", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"} <= set(images["Action"])
    assert images["Resource"] == [
        f"arn:aws:ecr:{HERE}:123456789012:repository/keep/{name}" for name in ("gateway", "pages", "tools")
    ]
    logs = found["ReadLogs"]
    assert {"logs:FilterLogEvents", "logs:GetLogEvents"} <= set(logs["Action"])
    assert f"arn:aws:logs:{HERE}:123456789012:log-group:/aws/eks/keep-eks/*" in logs["Resource"]
    assert all(":log-group:/aws/" in arn and "keep" in arn for arn in logs["Resource"])
    assert not any(action.startswith(("logs:Delete", "logs:Put", "ecr:Delete")) for action in _actions("developer"))


def test_operator_manages_instances_of_this_project_and_reads_monitoring() -> None:
    found = statements("operator")
    manage = found["ManageInstances"]
    assert {"ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances"} <= set(manage["Action"])
    for sid in ("ManageInstances", "OpenShells"):
        assert found[sid]["Resource"] == [f"arn:aws:ec2:{HERE}:123456789012:instance/*"]
        assert found[sid]["Condition"] == {"StringEquals": {"aws:ResourceTag/Project": "keep"}}
    assert {"cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"} <= _actions("operator")
    assert not any(action.startswith(("iam:", "ec2:Run", "ec2:Create")) for action in _actions("operator"))


def _actions(person: str) -> set[str]:
    return {action for statement in statements(person).values() for action in statement["Action"]}


def test_permissions_are_attached_to_the_listed_access_roles_only() -> None:
    policies = [one for one in kept().all("aws:iam/rolePolicy:RolePolicy") if one.name.startswith("rights-")]
    assert {one.inputs["role"] for one in policies} == {"keep-access-developer", "keep-access-operator"}
    for stack in STACKS:
        wanted = {key for key, one in recorded(stack).settings.cluster.access.items() if one.aws}
        assert {one.name for one in recorded(stack).all("ai-platform:cluster:AwsPermissions")} == {
            f"rights-{key}" for key in wanted
        }


# --- the bill ---


def test_replicas_are_priced_in_the_second_region() -> None:
    lines = [
        (line.owner.urn.rpartition("::")[2], line.item, line.rate.expected) for line in stack_bill("backups").lines
    ]
    images = [float(rate) for name, item, rate in lines if item == "ecr_storage_gb_month"]
    buckets = {name: float(rate) for name, item, rate in lines if item == "s3_standard_gb_month"}
    assert len(images) == 5
    assert buckets["bucket-uploads"] == 0.025
    assert buckets["bucket-uploads-replica"] == 0.023


def test_backups_cost_vault_storage_and_transfer_to_the_second_region() -> None:
    lines = stack_bill("backups").lines
    assumptions = kept().settings.costs.assumptions
    for vault in {line.owner.urn for line in lines if line.note.startswith("recovery points of")}:
        stored = [line.quantity.expected for line in lines if line.owner.urn == vault]
        assert float(sum(stored)) == assumptions.vault_gb
    assert len({line.owner.urn for line in lines if line.note.startswith("recovery points of")}) == 2
    moved = [line for line in lines if line.item == "data_transfer_inter_region_out_gb"]
    # Of the plan, a database, two buckets and the registry; 0.08 USD a GB out of Seoul.
    assert [float(line.monthly.expected) for line in moved] == [pytest.approx(30 * 0.08)] * 5
    assert stack_bill("backups").missing == ()
