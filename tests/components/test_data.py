"""Databases, buckets and secrets."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from aiplatform.preview.plan import SECRET, UNKNOWN
from components.data.bucket import Bucket
from components.data.database import Database
from components.data.secret import PASSWORD_LENGTH, Secret
from config.buckets import Bucket as BucketSettings
from config.databases import Database as DatabaseSettings
from tests.components.base import BOTH, EVERY_STACK, Found, alone, recorded, settings_from

INSTANCE, GROUP = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
POSTGRES = {"engine": "postgres", "engineVersion": "17", "instanceClass": "db.t4g.small", "databaseName": "runs"}
MYSQL = {"engine": "mysql", "engineVersion": "8.4", "instanceClass": "db.t4g.small", "databaseName": "shop"}


def database(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(DatabaseSettings, settings)

    def build() -> None:
        made = Database(
            "data",
            model,
            identifier="shop-runs-db",
            vpc_id="vpc-1",
            subnet_ids=["subnet-1", "subnet-2"],
            client_security_group_id="sg-nodes",
        )
        pulumi.export("port", made.port)
        pulumi.export("master", made.master_secret_arn)

    return alone(build, unknown=unknown)


@BOTH
@pytest.mark.parametrize(
    ("settings", "port", "family", "parameters", "logs"),
    [
        (POSTGRES, 5432, "postgres17", {"rds.force_ssl": "1"}, ["postgresql", "upgrade"]),
        (MYSQL, 3306, "mysql8.4", {"require_secure_transport": "ON"}, ["error", "slowquery"]),
        (
            {**POSTGRES, "parameters": {"log_min_duration_statement": "1000"}, "logExports": ["upgrade"]},
            5432,
            "postgres17",
            {"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
            ["upgrade"],
        ),
    ],
    ids=["postgres", "mysql", "with parameters"],
)
def test_engine_has_its_port_parameter_family_and_logs_and_requires_tls(
    *, settings: dict[str, Any], port: int, family: str, parameters: dict[str, str], logs: list[str], unknown: bool
) -> None:
    found = database(settings, unknown=unknown)
    inputs, group = found.inputs(INSTANCE), found.inputs(GROUP)
    assert (inputs["engine"], inputs["port"]) == (settings["engine"], port)
    assert group["family"] == family
    assert {item["name"]: item["value"] for item in group["parameters"]} == parameters
    assert inputs["enabledCloudwatchLogsExports"] == logs
    groups = {item.inputs["name"]: item for item in found.all("aws:cloudwatch/logGroup:LogGroup")}
    assert sorted(groups) == sorted(f"/aws/rds/instance/shop-runs-db/{log}" for log in logs)
    assert {item.urn for item in groups.values()} <= set(found.one(INSTANCE).dependencies), (
        "RDS would make them without retention"
    )
    (rule,) = found.all(INGRESS)
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (port, port, "tcp")
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"


@BOTH
def test_database_has_no_egress(unknown: bool) -> None:
    found = database(POSTGRES, unknown=unknown)
    assert found.all(EGRESS) == []
    group = found.inputs("aws:ec2/securityGroup:SecurityGroup")
    assert "egress" not in group
    assert "ingress" not in group, "rules inside and beside a group would fight each other"


@EVERY_STACK
@BOTH
def test_database_is_encrypted_private_and_rds_manages_its_master_password(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, settings in recording.settings.databases.items():
        inputs = recording.inputs(INSTANCE, f"database-{key}")
        assert inputs["storageEncrypted"] is True
        assert inputs["publiclyAccessible"] is False
        assert inputs["manageMasterUserPassword"] is True
        assert "password" not in inputs
        assert inputs["copyTagsToSnapshot"] is True
        assert inputs["multiAz"] == settings.multi_az
        assert inputs["deletionProtection"] == settings.deletion_protection
        assert inputs["backupRetentionPeriod"] == settings.backups.retention_days
        assert (inputs["backupWindow"], inputs["maintenanceWindow"]) == (
            settings.backups.window,
            settings.maintenance_window,
        )
        assert inputs["allocatedStorage"] == settings.storage.size_gib
        assert inputs.get("maxAllocatedStorage") == settings.storage.max_gib
        assert (inputs["storageType"], inputs.get("iops")) == (settings.storage.type, settings.storage.iops)
        assert inputs.get("kmsKeyId") == settings.storage.kms_key_arn
        assert inputs["skipFinalSnapshot"] == (not settings.final_snapshot)
        assert ("finalSnapshotIdentifier" in inputs) == settings.final_snapshot


LEGAL_SNAPSHOT = r"[a-z](?!.*--)[a-z0-9-]{0,253}[a-z0-9]"


@EVERY_STACK
def test_final_snapshot_name_is_valid_and_stable(stack: str) -> None:
    for item in recorded(stack).all(INSTANCE):
        name = item.inputs.get("finalSnapshotIdentifier")
        if name is not None:
            assert re.fullmatch(LEGAL_SNAPSHOT, name)
            assert name.startswith(f"{item.inputs['identifier']}-final-snapshot-")
            assert len(name.rsplit("-", 1)[1]) == 8
            assert recorded(stack, True).by_urn[item.urn].inputs["finalSnapshotIdentifier"] == UNKNOWN
    assert database(POSTGRES).plan == database(POSTGRES).plan


def test_final_snapshot_name_changes_when_the_database_is_replaced() -> None:
    # Its destroy would fail.
    one, two = (recorded(stack).all(INSTANCE)[0].inputs["finalSnapshotIdentifier"] for stack in ("inside", "offline"))
    assert one.rsplit("-", 1)[1] != two.rsplit("-", 1)[1], "it comes from the security group, one for each life"


def test_master_secret_arn_is_unknown_until_rds_creates_it() -> None:
    assert database(POSTGRES).plan.outputs["master"].startswith("arn:aws:secretsmanager:")
    assert database(POSTGRES, unknown=True).plan.outputs["master"] == UNKNOWN


def test_database_has_the_values_of_the_document() -> None:
    recording = recorded("mlflow")
    inputs = recording.inputs(INSTANCE)
    assert (inputs["instanceClass"], inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == (
        "db.t3.small",
        20,
        100,
    )
    assert inputs["multiAz"] is True
    assert inputs["deletionProtection"] is True
    assert recording.inputs("aws:rds/subnetGroup:SubnetGroup")["name"] == "mdpg-mlops-db-subnet"
    group = recording.inputs("aws:ec2/securityGroup:SecurityGroup", "database-mlflow")
    assert group["tags"]["Name"] == "mdpg-mlops-rds-sg"


# --- buckets ---


def bucket(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(BucketSettings, settings)
    return alone(lambda: Bucket("store", model, bucket_name="shop-store"), unknown=unknown)


@BOTH
def test_bucket_policy_denies_requests_without_tls(unknown: bool) -> None:
    text = bucket({}, unknown=unknown).inputs("aws:s3/bucketPolicy:BucketPolicy")["policy"]
    if unknown:
        assert text == UNKNOWN
        return
    assert json.loads(text)["Statement"] == [
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::shop-store", "arn:aws:s3:::shop-store/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


@EVERY_STACK
@BOTH
def test_bucket_blocks_public_access_and_enforces_owner(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key in recording.settings.buckets:
        name = f"bucket-{key}"
        block = recording.inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)
        flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert [block[flag] for flag in flags] == [True] * 4
        owner = recording.inputs("aws:s3/bucketOwnershipControls:BucketOwnershipControls", name)
        assert owner["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
        policy = recording.one("aws:s3/bucketPolicy:BucketPolicy", name)
        blocked = recording.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)
        assert blocked.urn in policy.dependencies, "S3 takes the two one at a time"
        assert recording.inputs("aws:s3/bucket:Bucket", name)["bucket"] == recording.settings.bucket_name(key)


@BOTH
@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({}, {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}),
        (
            {"encryption": "aws:kms"},
            {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True},
        ),
        (
            {"encryption": "aws:kms", "kmsKeyArn": "arn:aws:kms:us-west-2:111122223333:key/1"},
            {
                "applyServerSideEncryptionByDefault": {
                    "sseAlgorithm": "aws:kms",
                    "kmsMasterKeyId": "arn:aws:kms:us-west-2:111122223333:key/1",
                },
                "bucketKeyEnabled": True,
            },
        ),
    ],
    ids=["own keys", "kms", "a key of ours"],
)
def test_encryption(settings: dict[str, Any], rule: dict[str, Any], unknown: bool) -> None:
    type_ = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    assert bucket(settings, unknown=unknown).inputs(type_)["rules"] == [rule]


LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@BOTH
def test_lifecycle_rules_follow_the_settings_and_depend_on_versioning(unknown: bool) -> None:
    found = bucket(
        {
            "lifecycle": {
                "noncurrentDays": 30,
                "abortMultipartDays": 1,
                "expireDays": 400,
                "transitions": {"cold": {"days": 60, "storageClass": "GLACIER_IR", "prefix": "raw/"}},
            }
        },
        unknown=unknown,
    )
    everything = {"status": "Enabled", "filter": {"prefix": ""}}
    assert {rule["id"]: rule for rule in found.inputs(LIFECYCLE)["rules"]} == {
        "delete-old-versions": {
            "id": "delete-old-versions",
            **everything,
            "noncurrentVersionExpiration": {"noncurrentDays": 30},
        },
        "abort-incomplete-uploads": {
            "id": "abort-incomplete-uploads",
            **everything,
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
        },
        "expire": {"id": "expire", **everything, "expiration": {"days": 400}},
        "cold": {
            "id": "cold",
            "status": "Enabled",
            "filter": {"prefix": "raw/"},
            "transitions": [{"days": 60, "storageClass": "GLACIER_IR"}],
        },
    }
    assert found.one("aws:s3/bucketVersioning:BucketVersioning").urn in found.one(LIFECYCLE).dependencies


@BOTH
def test_lifecycle_is_left_out_without_rules(unknown: bool) -> None:
    # S3 refuses an empty one.
    found = bucket({"lifecycle": {"noncurrentDays": None, "abortMultipartDays": None}}, unknown=unknown)
    assert found.all(LIFECYCLE) == []


@pytest.mark.parametrize(("keep", "force"), [(True, False), (False, True)])
def test_destroy_deletes_objects_only_where_set(keep: bool, force: bool) -> None:
    assert bucket({"keepObjects": keep}).inputs("aws:s3/bucket:Bucket")["forceDestroy"] is force


@pytest.mark.parametrize(("versioning", "status"), [(True, "Enabled"), (False, "Suspended")])
def test_versioning(versioning: bool, status: str) -> None:
    inputs = bucket({"versioning": versioning}).inputs("aws:s3/bucketVersioning:BucketVersioning")
    assert inputs["versioningConfiguration"] == {"status": status}


# --- secrets ---


def secret(*, unknown: bool = False, **arguments: Any) -> Found:
    def build() -> None:
        provider = aws.Provider("aws", region="us-west-2")
        made = Secret(
            "login",
            secret_name="shop/login",  # noqa: S106, a name
            description="Login",
            opts=pulumi.ResourceOptions(providers=[provider]),
            **arguments,
        )
        pulumi.export("version", made.version_id())

    return alone(build, unknown=unknown)


@BOTH
def test_generated_secret_is_masked_and_not_replaced_by_a_later_run(unknown: bool) -> None:
    found = secret(unknown=unknown, generated=("password",), fixed={"username": "admin"})
    assert found.inputs("aws:secretsmanager/secretVersion:SecretVersion")["secretString"] == SECRET
    assert (found.plan.outputs["version"] == UNKNOWN) == unknown
    assert PASSWORD_LENGTH >= 32


@BOTH
def test_secret_of_the_user_has_no_version(unknown: bool) -> None:
    # An update would overwrite the value.
    found = secret(unknown=unknown, recovery_days=14)
    assert found.all("aws:secretsmanager/secretVersion:SecretVersion") == []
    assert found.inputs("aws:secretsmanager/secret:Secret")["recoveryWindowInDays"] == 14
    assert found.plan.outputs["version"] == ""


def test_generated_password_ignores_later_values() -> None:
    # AWS generates another in every run.
    seen: dict[str, list[str]] = {}

    def watch(args: pulumi.ResourceTransformationArgs) -> None:
        seen[args.type_] = args.opts.ignore_changes or []

    def build() -> None:
        Secret(
            "login",
            secret_name="shop/login",  # noqa: S106, a name
            description="Login",
            generated=("password",),
            opts=pulumi.ResourceOptions(transformations=[watch]),
        )

    alone(build)
    assert seen["aws:secretsmanager/secretVersion:SecretVersion"] == ["secretString"]


def test_secrets_section_is_built() -> None:
    recording = recorded("controller")
    names = {item.name: item.inputs["name"] for item in recording.all("aws:secretsmanager/secret:Secret")}
    assert names["secret-webhook"] == "shop/webhook"
    assert names["secret-token"] == "shop/token"
    versions = {item.name for item in recording.all("aws:secretsmanager/secretVersion:SecretVersion")}
    assert "secret-token" in versions
    assert "secret-webhook" not in versions
