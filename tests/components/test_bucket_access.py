"""Every role that uses objects of a bucket may use the key of the bucket, whoever writes the role."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from unittest import mock

from components.identity.access import Objects, Right, bucket_statements
from config.settings import Settings
from tests.components import base
from tests.components.base import Found, settings_of
from tests.each import each

STACKS = ("assistants", "environments", "inside", "lab", "pingvas", "vllm")
"""Stacks whose roles use buckets: as MLflow, Open WebUI, vLLM, services, backups and tenants do."""

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms-permissions
# https://github.com/mlflow/mlflow/issues/1764, https://github.com/mlflow/mlflow/issues/1662
READS, WRITES = "kms:Decrypt", "kms:GenerateDataKey"
REQUIRED = {"s3:GetObject": {READS}, "s3:PutObject": {READS, WRITES}}


def key(bucket: str) -> str:
    """The ARN of the key of a bucket."""
    return f"arn:aws:kms:us-west-2:111122223333:key/{bucket}"


def with_keys(settings: Settings) -> Settings:
    """Settings in which each bucket has a key of its own."""
    keyed = {
        name: bucket.model_copy(update={"encryption": "aws:kms", "kms_key_arn": key(settings.bucket_name(name))})
        for name, bucket in settings.buckets.items()
    }
    return settings.model_copy(update={"buckets": keyed})


def uses(found: Found, buckets: set[str]) -> Iterator[tuple[str, str, str, set[str]]]:
    """Yield the policies that use objects of buckets: name, bucket, action, actions that its key allows."""
    for policy in (*found.all("aws:iam/policy:Policy"), *found.all("aws:iam/rolePolicy:RolePolicy")):
        statements = json.loads(policy.inputs["policy"])["Statement"]
        for one in statements:
            for action in set(one["Action"]) & set(REQUIRED):
                for name in buckets:
                    if any(
                        fnmatchcase(f"arn:aws:s3:::{name}/x", f"{arn.partition('/')[0]}/*") for arn in one["Resource"]
                    ):
                        allowed = {
                            each for other in statements if key(name) in other["Resource"] for each in other["Action"]
                        }
                        yield policy.name, name, action, allowed


@each("stack", STACKS)
def test_roles_that_use_a_bucket_may_use_its_key(stack: str) -> None:
    settings = with_keys(settings_of(stack))
    with mock.patch.object(base, "settings_of", return_value=settings):
        found = base.record_stack(stack)
    listed = list(uses(found, {settings.bucket_name(name) for name in settings.buckets}))
    assert listed, "no role uses a bucket"
    for policy, bucket, action, allowed in listed:
        assert REQUIRED[action] <= allowed, f"{policy} may not use the key of {bucket} for {action}"


RIGHTS: dict[str, tuple[Right, list[list[str]]]] = {
    "a reader": ("read", [["s3:GetObject"], [READS]]),
    "who adds": ("add", [["s3:PutObject", "s3:AbortMultipartUpload"], [READS, WRITES]]),
    "a writer": (
        "readWrite",
        [
            [
                "s3:GetObject",
                "s3:PutObject",
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:ListMultipartUploadParts",
            ],
            [READS, WRITES],
        ],
    ),
}


@each("right", sorted(RIGHTS))
def test_bucket_statements_allow_a_right_below_a_folder_and_with_the_key(right: str) -> None:
    given, actions = RIGHTS[right]
    found = bucket_statements("Files", (Objects("arn:aws:s3:::files", key("files")).below("/a/b/"), given))
    assert [list(one.actions) for one in found] == [["s3:ListBucket"], *actions]
    assert found[0].conditions == {"StringLike": {"s3:prefix": ["a/b", "a/b/*"]}}
    assert found[2].resources == (key("files"),)


def test_bucket_without_a_key_of_its_own_adds_no_statement_for_keys() -> None:
    assert [one.sid for one in bucket_statements("Files", (Objects("arn:aws:s3:::files"), "readWrite"))] == [
        "ListFiles",
        "KeepFiles",
    ]


def test_role_without_buckets_has_no_statement() -> None:
    assert bucket_statements("Files") == []
