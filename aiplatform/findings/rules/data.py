"""Rules against public access to data and against accidental deletion."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given

_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_DATABASES = ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance")


def _public_database(database: Inputs) -> Iterator[Problem]:
    if given(database.get("publiclyAccessible")) is True:
        yield Problem("the database has a public IP address", "set publiclyAccessible to false")


def _public_bucket(block: Inputs) -> Iterator[Problem]:
    if missing := [name for name in _BLOCKS if given(block.get(name)) is not True]:
        yield Problem("the bucket can be made public", f"set {', '.join(missing)} to true")


def _master_password(database: Inputs) -> Iterator[Problem]:
    # A copy of another database has that one's password.
    copied = ("replicateSourceDb", "replicationSourceIdentifier", "snapshotIdentifier", "globalClusterIdentifier")
    if any(database.get(key) for key in copied):
        return
    if given(database.get("manageMasterUserPassword")) is not True:
        yield Problem(
            "its master password is in Pulumi's state and is not rotated", "set manageMasterUserPassword to true"
        )


def _lost(database: Inputs) -> Iterator[Problem]:
    if given(database.get("skipFinalSnapshot")) is True and given(database.get("deletionProtection")) is not True:
        yield Problem(
            "its deletion deletes the data: it has neither deletion protection nor a final snapshot",
            "set deletionProtection to true, or skipFinalSnapshot to false with a finalSnapshotIdentifier",
        )


def _emptied(bucket: Inputs) -> Iterator[Problem]:
    if given(bucket.get("forceDestroy")) is True:
        yield Problem(
            "its deletion deletes all objects", "set forceDestroy to false, and empty the bucket before a deletion"
        )


RULES = (
    Rule(
        "public-database",
        "error",
        _DATABASES,
        "Databases have no public IP address.",
        f"{_HUB}/rds-controls.html#rds-2",
        _public_database,
    ),
    Rule(
        "public-bucket",
        "error",
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
        "Buckets block public access.",
        f"{_HUB}/s3-controls.html#s3-8",
        _public_bucket,
    ),
    Rule(
        "master-password",
        "error",
        ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
        "RDS manages the master password.",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
        _master_password,
    ),
    Rule(
        "data-loss",
        "info",
        ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
        "Databases have deletion protection or a final snapshot.",
        f"{_HUB}/rds-controls.html#rds-8",
        _lost,
    ),
    Rule(
        "bucket-emptied",
        "warning",
        ("aws:s3/bucket:Bucket",),
        "Buckets with objects are not deleted.",
        "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
        _emptied,
    ),
)
