"""File systems and the driver that mounts them."""

import json
from collections.abc import Mapping
from typing import Any

import parliament
import pulumi
import pytest

from aiplatform.preview.plan import UNKNOWN
from components.data.file_system import FileSystem
from config.file_systems import FileSystem as FileSystemSettings
from tests.components.base import BOTH, EVERY_STACK, Found, alone, recorded, settings_from

FILES, POINT = "aws:efs/fileSystem:FileSystem", "aws:efs/accessPoint:AccessPoint"
TARGET, POLICY = "aws:efs/mountTarget:MountTarget", "aws:efs/fileSystemPolicy:FileSystemPolicy"
BACKUPS, GROUP = "aws:efs/backupPolicy:BackupPolicy", "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ADDON, SUBNET = "eks:index:Addon", "aws:ec2/subnet:Subnet"
ZONES = {"us-west-2a": "subnet-1", "us-west-2b": "subnet-2"}
ONE = {"accessPoints": {"models": {"path": "/models"}}}
TWO = {"accessPoints": {"models": {"path": "/models"}, "scratch": {"path": "/scratch/all", "uid": 2000, "gid": 3000}}}


def files(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(FileSystemSettings, settings)

    def build() -> None:
        made = FileSystem(
            "files",
            model,
            file_system_name="shop-models-efs",
            vpc_id="vpc-1",
            subnet_ids=ZONES,
            client_security_group_id="sg-nodes",
        )
        pulumi.export("id", made.file_system_id)
        pulumi.export("arn", made.arn)
        pulumi.export("points", made.access_point_ids)
        pulumi.export("targets", len(made.mount_targets))

    return alone(build, unknown=unknown)


def statements(found: Found) -> dict[str, dict[str, Any]]:
    document = json.loads(found.inputs(POLICY)["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


@BOTH
def test_file_system_is_encrypted_and_named(unknown: bool) -> None:
    inputs = files(ONE, unknown=unknown).inputs(FILES)
    assert (inputs["encrypted"], inputs["performanceMode"], inputs["throughputMode"]) == (
        True,
        "generalPurpose",
        "elastic",
    )
    assert inputs["tags"] == {"Name": "shop-models-efs"}
    assert "kmsKeyId" not in inputs, "the account's own key"
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    other = files({**ONE, "kmsKeyArn": key, "throughput": "bursting"}, unknown=unknown).inputs(FILES)
    assert (other["kmsKeyId"], other["throughputMode"]) == (key, "bursting")


@BOTH
@pytest.mark.parametrize(("days", "move"), [(1, "AFTER_1_DAY"), (30, "AFTER_30_DAYS"), (365, "AFTER_365_DAYS")])
def test_lifecycle_moves_unread_files_and_returns_them_on_first_access(days: int, move: str, unknown: bool) -> None:
    inputs = files({**ONE, "infrequentAccessDays": days}, unknown=unknown).inputs(FILES)
    # One transition a block: EFS takes no second one in it.
    assert inputs["lifecyclePolicies"] == [
        {"transitionToIa": move},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    assert "lifecyclePolicies" not in files({**ONE, "infrequentAccessDays": None}, unknown=unknown).inputs(FILES)


@BOTH
@pytest.mark.parametrize(("wanted", "status"), [(True, "ENABLED"), (False, "DISABLED")])
def test_backup_policy_is_set_in_both_cases(wanted: bool, status: str, unknown: bool) -> None:
    # EFS would choose by itself.
    found = files({**ONE, "backups": wanted}, unknown=unknown)
    assert found.inputs(BACKUPS)["backupPolicy"] == {"status": status}
    assert found.one(FILES).urn in found.one(BACKUPS).dependencies


@BOTH
def test_access_point_has_one_folder_and_one_user(unknown: bool) -> None:
    found = files(TWO, unknown=unknown)
    points = {
        item.name: (item.inputs["posixUser"], item.inputs["rootDirectory"], item.inputs["tags"]["Name"])
        for item in found.all(POINT)
    }
    assert points == {
        "files-models": (
            {"uid": 1000, "gid": 1000},
            {"path": "/models", "creationInfo": {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0755"}},
            "shop-models-efs-models",
        ),
        "files-scratch": (
            {"uid": 2000, "gid": 3000},
            {"path": "/scratch/all", "creationInfo": {"ownerUid": 2000, "ownerGid": 3000, "permissions": "0755"}},
            "shop-models-efs-scratch",
        ),
    }


@BOTH
def test_each_zone_has_one_mount_target_that_depends_on_the_policy(unknown: bool) -> None:
    found = files(TWO, unknown=unknown)
    targets = {item.name: item for item in found.all(TARGET)}
    assert {name: item.inputs["subnetId"] for name, item in targets.items()} == {
        "files-us-west-2a": "subnet-1",
        "files-us-west-2b": "subnet-2",
    }
    for item in targets.values():
        assert found.one(POLICY).urn in item.dependencies, "until then everybody mounts as root"
        assert {found.by_urn[urn].type for urn in item.dependencies} >= {FILES, GROUP}
        assert len(item.inputs["securityGroups"]) == 1
    assert found.plan.outputs["targets"] == 2


@BOTH
def test_file_system_allows_nfs_from_nodes_only_and_has_no_egress(unknown: bool) -> None:
    found = files(ONE, unknown=unknown)
    (rule,) = found.all(INGRESS)
    assert {key: rule.inputs.get(key) for key in ("ipProtocol", "fromPort", "toPort", "cidrIpv4")} == {
        "ipProtocol": "tcp",
        "fromPort": 2049,
        "toPort": 2049,
        "cidrIpv4": None,
    }
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert found.all(EGRESS) == []
    group = found.inputs(GROUP)
    assert group["tags"] == {"Name": "shop-models-efs-sg"}
    assert not {"ingress", "egress"} & set(group), "rules inside and beside a group would fight each other"


@BOTH
def test_policy_requires_access_points_tls_and_no_root(unknown: bool) -> None:
    found = files(TWO, unknown=unknown)
    if unknown:
        assert found.inputs(POLICY)["policy"] == UNKNOWN
        return
    arn = found.plan.outputs["arn"]
    points = [f"arn:aws:elasticfilesystem:us-west-2:123456789012:access-point/{point}" for point in _points(found)]
    assert statements(found) == {
        "MountThroughAccessPoints": {
            "Sid": "MountThroughAccessPoints",
            "Effect": "Allow",
            # The driver shows no identity.
            "Principal": {"AWS": "*"},
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": arn,
            "Condition": {
                "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
                "StringEquals": {"elasticfilesystem:AccessPointArn": points},
            },
        },
        "DenyInsecureTransport": {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "*",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    }
    text = found.inputs(POLICY)["policy"]
    assert "ClientRootAccess" not in text
    assert parliament.analyze_policy_string(text).is_valid is True


def _points(found: Found) -> list[str]:
    return list(found.plan.outputs["points"].values())


def test_access_points_are_outputs_by_name() -> None:
    found = files(TWO)
    assert list(found.plan.outputs["points"]) == ["models", "scratch"]
    assert [point[:5] for point in _points(found)] == ["fsap-", "fsap-"]
    assert found.plan.outputs["arn"].endswith(f":file-system/{found.plan.outputs['id']}")
    assert files(TWO, unknown=True).plan.outputs["id"] == UNKNOWN


# --- stacks ---


@EVERY_STACK
@BOTH
def test_file_systems_have_mount_targets_in_every_zone_of_data(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    tiers = recording.settings.network.tiers()
    zones = dict.fromkeys(subnet.zone for subnet in tiers.data or tiers.private)
    tier = "data" if tiers.data else "private"
    for key, settings in recording.settings.file_systems.items():
        targets = [item for item in recording.all(TARGET) if item.name.startswith(f"files-{key}-")]
        assert [item.name for item in targets] == [f"files-{key}-{zone}" for zone in zones]
        for item, zone in zip(targets, zones, strict=True):
            stands = {recording.by_urn[urn].name for urn in item.dependencies if recording.by_urn[urn].type == SUBNET}
            assert stands == {f"network-{tier}-{zone}"}
        assert recording.inputs(FILES, f"files-{key}")["tags"]["Name"] == recording.settings.file_system_name(key)
        points = {item.name for item in recording.all(POINT)}
        assert {f"files-{key}-{point}" for point in settings.access_points} <= points
        (rule,) = (item for item in recording.all(INGRESS) if item.name == f"files-{key}-from-nodes")
        groups = {recording.by_urn[urn].name for urn in rule.dependencies}
        assert groups == {f"files-{key}", "cluster-security-groups-nodes"}


@EVERY_STACK
@BOTH
def test_efs_driver_is_installed_only_where_a_file_system_exists(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings
    addons = [item for item in recording.all(ADDON) if item.inputs["addonName"] == "aws-efs-csi-driver"]
    assert len(addons) == (1 if settings.file_systems and settings.addons.efs_csi.enabled else 0)
    for item in addons:
        # EKS refuses a number of replicas here, and asks for 200m a container by itself.
        assert item.inputs["configurationValues"] == {
            "controller": {"resources": {"requests": {"cpu": "10m", "memory": "64Mi"}}}
        }
        attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
        policies = {recording.by_urn[urn].inputs["policyArn"] for urn in item.dependencies if attachment in urn}
        assert policies == {"arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"}


def test_driver_controller_and_nodes_share_one_role() -> None:
    trust = json.loads(recorded("data").inputs("aws:iam/role:Role", "efs-csi")["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    ((_, subjects),) = (item for item in statement["Condition"]["StringEquals"].items() if item[0].endswith(":sub"))
    assert subjects == [
        "system:serviceaccount:kube-system:efs-csi-controller-sa",
        "system:serviceaccount:kube-system:efs-csi-node-sa",
    ]
    role = recorded("data").inputs(ADDON, "efs-csi")["serviceAccountRoleArn"]
    assert role == "arn:aws:iam::123456789012:role/lake-efs-csi-controller"


def test_pod_identity_associations_of_both_accounts_precede_the_driver() -> None:
    recording = recorded("controller")
    association = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    found = [item for item in recording.all(association) if "efs-csi" in item.name]
    assert [item.inputs["serviceAccount"] for item in found] == ["efs-csi-controller-sa", "efs-csi-node-sa"]
    assert len({item.inputs["roleArn"] for item in found}) == 1
    driver = recording.one(ADDON, "efs-csi")
    assert {item.urn for item in found} <= set(driver.dependencies)
    assert "serviceAccountRoleArn" not in driver.inputs


@pytest.mark.parametrize(
    ("stack", "outputs"), [("data", {"efs_id_models", "efs_id_archive"}), ("controller", {"efs_id"}), ("dev", set())]
)
def test_file_system_ids_are_outputs(stack: str, outputs: set[str]) -> None:
    found = recorded(stack).plan.outputs
    assert {name for name in found if name.startswith("efs_")} == outputs
    assert all(found[name].startswith("fs-") for name in outputs)
