"""Rules for encryption at rest and in transit."""

from collections.abc import Callable, Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping, sequence, statements

_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"


def _must_be_true(key: str, what: str) -> Callable[[Inputs], Iterator[Problem]]:
    def check(inputs: Inputs) -> Iterator[Problem]:
        if given(inputs.get(key)) is not True:
            yield Problem(f"{what} is not encrypted", f"set {key} to true; it cannot be changed later")

    return check


def _cache_in_transit(cache: Inputs) -> Iterator[Problem]:
    if (
        given(cache.get("transitEncryptionEnabled")) is not True
        or given(cache.get("transitEncryptionMode", "required")) != "required"
    ):
        yield Problem(
            "clients can connect without TLS",
            "set transitEncryptionEnabled to true and transitEncryptionMode to required",
        )


def _disks(machine: Inputs) -> Iterator[Problem]:
    """Check disks of a launch template, or of an instance without a launch template."""
    if mapping(machine.get("launchTemplate")):
        return
    nested = [mapping(one).get("ebs") for one in sequence(machine.get("blockDeviceMappings"))]
    own = [*sequence(machine.get("rootBlockDevice")), *sequence(machine.get("ebsBlockDevices"))]
    disks = [disk for disk in map(mapping, (*nested, *own)) if disk]
    if not disks:
        yield Problem("the encryption of its disk depends on its AMI", "set a disk with encrypted: true")
    if any(given(disk.get("encrypted")) is not True for disk in disks):
        yield Problem("a disk is not encrypted", "set encrypted to true for each disk")


def _queue(queue: Inputs) -> Iterator[Problem]:
    if given(queue.get("sqsManagedSseEnabled")) is not True and queue.get("kmsMasterKeyId") is None:
        yield Problem("its messages are not encrypted", "set sqsManagedSseEnabled to true")


def _key(key: Inputs) -> Iterator[Problem]:
    symmetric = key.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if symmetric and given(key.get("enableKeyRotation")) is not True:
        yield Problem("the key is never rotated", "set enableKeyRotation to true")


def _bucket_policy(policy: Inputs) -> Iterator[Problem]:
    known = statements(policy.get("policy"))
    refuses = any(
        one.get("Effect") == "Deny"
        and holds(mapping(mapping(one.get("Condition")).get("Bool")).get("aws:SecureTransport"), "false")
        for one in known
    )
    if known and not refuses:
        yield Problem(
            "the bucket policy allows requests without TLS",
            "add a statement that denies s3:* if aws:SecureTransport is false",
        )


RULES = (
    Rule(
        "database-encryption",
        "error",
        ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
        "Database storage is encrypted; this cannot be changed later.",
        f"{_HUB}/rds-controls.html#rds-3",
        _must_be_true("storageEncrypted", "its storage"),
    ),
    Rule(
        "cache-encryption",
        "error",
        ("aws:elasticache/replicationGroup:ReplicationGroup",),
        "Caches are encrypted at rest.",
        f"{_HUB}/elasticache-controls.html#elasticache-4",
        _must_be_true("atRestEncryptionEnabled", "data at rest"),
    ),
    Rule(
        "cache-tls",
        "error",
        ("aws:elasticache/replicationGroup:ReplicationGroup",),
        "Caches require TLS.",
        f"{_HUB}/elasticache-controls.html#elasticache-5",
        _cache_in_transit,
    ),
    Rule(
        "file-system-encryption",
        "error",
        ("aws:efs/fileSystem:FileSystem", "aws:ebs/volume:Volume"),
        "File systems and volumes are encrypted.",
        f"{_HUB}/efs-controls.html#efs-1",
        _must_be_true("encrypted", "data at rest"),
    ),
    Rule(
        "disk-encryption",
        "error",
        ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
        "Disks of nodes and EC2 instances are encrypted.",
        f"{_HUB}/ec2-controls.html#ec2-3",
        _disks,
    ),
    Rule(
        "queue-encryption",
        "error",
        ("aws:sqs/queue:Queue",),
        "Queues are encrypted at rest.",
        f"{_HUB}/sqs-controls.html#sqs-1",
        _queue,
    ),
    Rule(
        "key-rotation",
        "warning",
        ("aws:kms/key:Key",),
        "KMS keys are rotated each year.",
        f"{_HUB}/kms-controls.html#kms-4",
        _key,
    ),
    Rule(
        "bucket-tls",
        "error",
        ("aws:s3/bucketPolicy:BucketPolicy",),
        "Bucket policies deny requests without TLS.",
        f"{_HUB}/s3-controls.html#s3-5",
        _bucket_policy,
    ),
)
