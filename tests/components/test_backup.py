"""Backup and restore test of an environment's schema."""

import json
from typing import Any

import pytest

from catalog.versions import AWS_CLI_IMAGE, POSTGRES_CLIENT_IMAGE
from components.data.bucket import Bucket
from components.identity.workload_identity import IdentityProvider
from components.operations.backup.backup import DatabaseBackup
from config.buckets import Bucket as BucketSettings
from config.environments import Backup
from tests.components.base import BOTH, Found, alone, settings_from

CRON_JOB = "kubernetes:batch/v1:CronJob"
PROVIDER = IdentityProvider("irsa", "shop-eks", "arn:aws:iam::123456789012:oidc-provider/issuer", "issuer")
KEY = "arn:aws:kms:us-west-2:123456789012:key/1"


def backup(*, environment: str = "prod", key: str | None = None, unknown: bool = False, **settings: Any) -> Found:
    model = settings_from(Backup, {"bucket": "dumps", **settings})

    keyed = {"encryption": "aws:kms", "kmsKeyArn": key} if key else {}

    def build() -> None:
        bucket = Bucket("dumps", settings_from(BucketSettings, keyed), bucket_name="shop-dumps")
        DatabaseBackup(
            f"{environment}-backup",
            model,
            project="shop",
            region="us-west-2",
            environment=environment,
            namespace=environment,
            restore_database="restore_shop" if model.restore_test else None,
            bucket=bucket,
            secret_name="db-credentials",  # noqa: S106, a name
            identity_provider=PROVIDER,
            pod_labels={"team": "shop", "app.kubernetes.io/name": "another"},
            pod_annotations={"version": "1"},
            priority_class="prod-high",
        )

    return alone(build, unknown=unknown)


def pod(found: Found, name: str) -> Any:
    return found.inputs(CRON_JOB, name)["spec"]["jobTemplate"]["spec"]["template"]


def variables(container: Any) -> dict[str, str]:
    return {
        item["name"]: item.get("value") or "{name}/{key}".format(**item["valueFrom"]["secretKeyRef"])
        for item in container["env"]
    }


def statements(found: Found, role: str) -> list[Any]:
    policy = found.one("aws:iam/policy:Policy", role).inputs["policy"]
    document: list[Any] = json.loads(policy)["Statement"]
    return document


@BOTH
def test_backup_cron_job_has_time_zone_forbids_overlap_and_has_a_deadline(unknown: bool) -> None:
    found = backup(unknown=unknown, schedule="30 1 * * *", timeZone="Asia/Seoul")
    job = found.inputs(CRON_JOB, "prod-db-backup")
    assert (job["metadata"]["namespace"], job["metadata"]["name"]) == ("prod", "prod-db-backup")
    spec = job["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["suspend"]) == ("30 1 * * *", "Asia/Seoul", False)
    assert spec["concurrencyPolicy"] == "Forbid"
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 3)
    assert spec["startingDeadlineSeconds"] == 3600
    inner = spec["jobTemplate"]["spec"]
    assert (inner["backoffLimit"], inner["activeDeadlineSeconds"]) == (2, 14400)
    assert inner["template"]["spec"]["restartPolicy"] == "OnFailure"


def test_backup_schedule_defaults_to_02_00_utc() -> None:
    spec = backup().inputs(CRON_JOB, "prod-db-backup")["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("0 2 * * *", "UTC")


@BOTH
@pytest.mark.requirement("003-bak-07")
def test_backup_steps_have_their_image_and_only_the_credentials_they_need(unknown: bool) -> None:
    spec = pod(backup(unknown=unknown), "prod-db-backup")["spec"]
    (dump,), (upload,) = spec["initContainers"], spec["containers"]
    assert (dump["image"], dump["command"]) == (POSTGRES_CLIENT_IMAGE, ["/scripts/dump.sh"])
    assert (upload["image"], upload["command"]) == (AWS_CLI_IMAGE, ["/scripts/upload.sh"])
    keys = ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "DB_SCHEMA")
    assert variables(dump) == {
        "HOME": "/tmp",  # noqa: S108
        "ENVIRONMENT": "prod",
        "PGSSLMODE": "require",
        **{key: f"db-credentials/{key}" for key in keys},
    }
    assert variables(upload) == {
        "HOME": "/tmp",  # noqa: S108
        "ENVIRONMENT": "prod",
        "BUCKET": "shop-dumps",
        "PREFIX": "prod/",
        "AWS_REGION": "us-west-2",
    }
    assert spec["serviceAccountName"] == "prod-db-backup"
    assert spec["automountServiceAccountToken"] is False


@BOTH
@pytest.mark.requirement("003-bak-07")
def test_backup_volumes_exist_and_scripts_are_executable(unknown: bool) -> None:
    found = backup(unknown=unknown, scratch="40Gi")
    for name in ("prod-db-backup", "prod-db-restore-test"):
        spec = pod(found, name)["spec"]
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        assert volumes["backup"]["emptyDir"] == {"sizeLimit": "40Gi"}
        assert volumes["scripts"]["configMap"] == {"name": "prod-db-backup", "defaultMode": 0o755}
        for container in (*spec["initContainers"], *spec["containers"]):
            assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
            assert container["resources"]["requests"]["ephemeral-storage"] == "40Gi"
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            script = container["command"][0].removeprefix("/scripts/")
            assert found.inputs("kubernetes:core/v1:ConfigMap")["data"][script].startswith("#!/bin/sh\n")


def test_backup_role_cannot_read_dumps_and_restore_role_cannot_write_them() -> None:
    found = backup()
    bucket, objects = "arn:aws:s3:::shop-dumps", "arn:aws:s3:::shop-dumps/prod/*"
    listing = {
        "Sid": "ListDumps",
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [bucket],
        "Condition": {"StringLike": {"s3:prefix": ["prod", "prod/*"]}},
    }
    writing, reading = statements(found, "prod-backup"), statements(found, "prod-backup-restore-test")
    assert writing[0] == reading[0] == listing
    assert [(one["Action"], one["Resource"]) for one in writing[1:]] == [
        (["s3:PutObject", "s3:AbortMultipartUpload"], [objects])
    ]
    assert [(one["Action"], one["Resource"]) for one in reading[1:]] == [(["s3:GetObject"], [objects])]


def test_bucket_with_its_own_key_adds_permissions_for_that_key() -> None:
    found = backup(key=KEY)
    assert statements(found, "prod-backup")[-1]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statements(found, "prod-backup-restore-test")[-1]["Action"] == ["kms:Decrypt"]
    assert {statements(found, role)[-1]["Resource"][0] for role in ("prod-backup", "prod-backup-restore-test")} == {KEY}


def test_backup_roles_trust_one_service_account_and_database_steps_have_no_role() -> None:
    found = backup()
    for name, step in (("prod-db-backup", "dump"), ("prod-db-restore-test", "restore")):
        role = found.one("aws:iam/role:Role", {"prod-db-backup": "prod-backup"}.get(name, "prod-backup-restore-test"))
        assert f"system:serviceaccount:prod:{name}" in role.inputs["assumeRolePolicy"]
        assert role.inputs["name"] == f"shop-{name}"
        assert pod(found, name)["metadata"]["annotations"]["eks.amazonaws.com/skip-containers"] == step


def test_restore_test_downloads_a_dump_and_restores_it_to_the_scratch_database() -> None:
    found = backup(restoreTest={"schedule": "15 5 * * 6", "suspended": True})
    outer = found.inputs(CRON_JOB, "prod-db-restore-test")["spec"]
    assert (outer["schedule"], outer["timeZone"], outer["suspend"]) == ("15 5 * * 6", "UTC", True)
    spec = outer["jobTemplate"]["spec"]["template"]["spec"]
    (download,), (restore,) = spec["initContainers"], spec["containers"]
    assert (download["image"], download["command"]) == (AWS_CLI_IMAGE, ["/scripts/download.sh"])
    assert (restore["image"], restore["command"]) == (POSTGRES_CLIENT_IMAGE, ["/scripts/restore.sh"])
    assert variables(restore)["PGDATABASE"] == "restore_shop"
    assert "PGDATABASE" not in variables(download)


def test_restore_test_is_left_out_without_its_setting() -> None:
    found = backup(restoreTest=None)
    assert [job.name for job in found.all(CRON_JOB)] == ["prod-db-backup"]
    assert [role.inputs["name"] for role in found.all("aws:iam/role:Role")] == ["shop-prod-db-backup"]


def test_backup_pods_have_environment_labels_and_their_own_name() -> None:
    template = pod(backup(), "prod-db-backup")
    assert template["metadata"]["labels"].items() >= {
        ("team", "shop"),
        ("app.kubernetes.io/name", "prod-db-backup"),
        ("sidecar.istio.io/inject", "false"),
    }
    assert template["metadata"]["annotations"]["version"] == "1"
    assert template["metadata"]["annotations"]["karpenter.sh/do-not-disrupt"] == "true"
    assert template["spec"]["priorityClassName"] == "prod-high"


def test_dump_prefix_of_the_stack_file_is_used() -> None:
    found = backup(prefix="dumps/shop/")
    assert variables(pod(found, "prod-db-backup")["spec"]["containers"][0])["PREFIX"] == "dumps/shop/"
    assert statements(found, "prod-backup")[1]["Resource"] == ["arn:aws:s3:::shop-dumps/dumps/shop/*"]


def test_cron_job_names_leave_room_for_the_suffix_of_kubernetes() -> None:
    found = backup(environment="e" * 40)
    names = [job.inputs["metadata"]["name"] for job in found.all(CRON_JOB)]
    assert max(map(len, names)) <= 52
    assert len(set(names)) == 2
