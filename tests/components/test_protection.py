"""What a protected stack refuses to delete, and what it leaves in the account."""

from collections import Counter
from pathlib import Path

import pytest

from aiplatform.preview.plan import Resource
from components.base.protection import PROTECTED, SECRET
from config.loader import load_file
from tests.components.base import EVERY_STACK, SHIPPED, recorded, settings_of

GUARDED = {"mlflow", "nemo", "pingvas", "prod"}


def _kinds(resources: list[Resource]) -> Counter[str]:
    return Counter(one.type.rpartition(":")[2] for one in resources)


def test_shipped_stack_is_protected_in_production_or_where_aws_protects() -> None:
    assert {stack for stack in SHIPPED if settings_of(stack).is_protected()} == GUARDED


@EVERY_STACK
def test_protected_stack_protects_every_resource_with_data_or_identity(stack: str) -> None:
    protected = settings_of(stack).is_protected()
    for one in recorded(stack).plan.resources:
        assert one.protect == (protected and one.type in PROTECTED), one.urn


@pytest.mark.parametrize(
    "type_",
    [
        *("aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"),
        *("aws:elasticache/replicationGroup:ReplicationGroup", "aws:s3/bucket:Bucket", "aws:efs/fileSystem:FileSystem"),
        *("aws:kms/key:Key", SECRET, "aws:ecr/repository:Repository", "aws:ebs/volume:Volume", "aws:ec2/eip:Eip"),
        *("aws:route53/zone:Zone", "eks:index:Cluster", "aws:backup/vault:Vault", "aws:ec2/instance:Instance"),
        *("kubernetes:core/v1:Namespace", "kubernetes:core/v1:PersistentVolumeClaim", "kubernetes:apps/v1:StatefulSet"),
        *("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:lb/loadBalancer:LoadBalancer"),
    ],
)
def test_type_with_data_or_identity_is_protected(type_: str) -> None:
    assert type_ in PROTECTED


@pytest.mark.parametrize(
    "type_",
    [
        # A rotation replaces it; certificates, launch templates and rules follow ordinary edits of the stack file.
        *("aws:secretsmanager/secretVersion:SecretVersion", "aws:acm/certificate:Certificate"),
        *("aws:ec2/launchTemplate:LaunchTemplate", "eks:index:ManagedNodeGroup", "kubernetes:apps/v1:Deployment"),
        *("kubernetes:batch/v1:Job", "aws:route53/record:Record", "aws:lb/targetGroup:TargetGroup"),
    ],
)
def test_type_that_ordinary_edits_replace_is_not_protected(type_: str) -> None:
    assert type_ not in PROTECTED


def test_prod_retains_its_volumes_and_buckets() -> None:
    kept = _kinds([one for one in recorded("prod").plan.resources if one.retain_on_delete])
    assert kept == {"Bucket": 5, "FileSystem": 1, "PersistentVolume": 1, "PersistentVolumeClaim": 1}
    assert all(not one.retain_on_delete for one in recorded("dev").plan.resources)


@EVERY_STACK
def test_retained_resource_is_protected_and_a_bucket_keeps_its_objects(stack: str) -> None:
    for one in recorded(stack).plan.resources:
        # A tag of an existing subnet stays, because other clusters use it: no stack protects it.
        if one.retain_on_delete and one.type != "aws:ec2/tag:Tag":
            assert one.protect
            assert not one.inputs.get("forceDestroy")


@pytest.mark.parametrize(("stack", "policy"), [("prod", "Retain"), ("mlflow", "Retain"), ("dev", "Delete")])
def test_storage_class_of_a_protected_stack_keeps_volumes(stack: str, policy: str) -> None:
    assert recorded(stack).inputs("kubernetes:storage.k8s.io/v1:StorageClass")["reclaimPolicy"] == policy


@EVERY_STACK
def test_name_of_a_deleted_secret_is_free_unless_the_stack_is_protected(stack: str) -> None:
    settings = settings_of(stack)
    chosen = {settings.secret_name(key): one.recovery_days for key, one in settings.secrets.items()}
    for one in recorded(stack).all(SECRET):
        default = 7 if settings.is_protected() else 0
        assert one.inputs["recoveryWindowInDays"] == (chosen.get(one.inputs["name"]) or default), one.urn


_FILE = """config:
  aws:region: us-east-1
  ai-platform:project: {name: shop, environment: ENVIRONMENT, region: us-east-1PROJECT}
  ai-platform:network: {cidr: 10.0.0.0/16, zones: [us-east-1a, us-east-1b]}
  ai-platform:cluster: {version: "1.35", endpoint: {public: false}, deletionProtection: CLUSTER}
  ai-platform:nodeGroups: {cpu: {instanceTypes: [t3.medium], scaling: {min: 1, desired: 1, max: 2}}}
"""


@pytest.mark.parametrize(
    ("environment", "project", "cluster", "protected", "warned"),
    [
        ("dev", "", "false", False, False),
        ("dev", "", "true", True, False),
        ("dev", ", deletionProtection: true", "false", True, False),
        ("production", "", "false", True, False),
        ("prod", "", "false", True, False),
        ("prod", ", deletionProtection: false", "false", False, False),
        ("prod", ", deletionProtection: false", "true", False, True),
        ("preprod", "", "false", False, False),
    ],
)
def test_project_decides_protection_or_else_production_and_aws(  # noqa: PLR0917, a row of the table
    environment: str, project: str, cluster: str, protected: bool, warned: bool, tmp_path: Path
) -> None:
    text = _FILE.replace("ENVIRONMENT", environment).replace("PROJECT", project).replace("CLUSTER", cluster)
    (tmp_path / "Pulumi.shop.yaml").write_text(text)
    loaded = load_file(tmp_path, "shop")
    assert loaded.settings.is_protected() is protected
    assert any("cluster.deletionProtection: AWS refuses" in line for line in loaded.warnings) is warned
