"""What readers and writers of a bucket, its key and a secret may do; every role takes its statements from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.identity.policy import Condition, Statement

Right = Literal["read", "add", "readWrite"]
"""`add` writes objects and can neither read nor delete them."""

LIST = ("s3:ListBucket",)
BROWSE = ("s3:GetBucketLocation",)
"""Requests of users who look into a bucket with the console or the AWS CLI."""

BROWSE_UPLOADS = ("s3:ListBucketMultipartUploads",)
"""The same of users who also write."""

_READ = ("s3:GetObject",)
_ADD = ("s3:PutObject", "s3:AbortMultipartUpload")
_OBJECTS: dict[Right, tuple[str, ...]] = {
    "read": _READ,
    "add": _ADD,
    "readWrite": (*_READ, *_ADD, "s3:DeleteObject", "s3:ListMultipartUploadParts"),
}
_KEYS: dict[Right, tuple[str, ...]] = {
    "read": ("kms:Decrypt",),
    # S3 decrypts the parts of a multipart upload to join them:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    "add": ("kms:Decrypt", "kms:GenerateDataKey"),
    "readWrite": ("kms:Decrypt", "kms:GenerateDataKey"),
}
_VERBS: dict[Right, str] = {"read": "Read", "add": "Add", "readWrite": "Keep"}


@dataclass(frozen=True)
class Objects:
    """The objects of a bucket with a prefix; the statements also cover the KMS key of the bucket."""

    bucket_arn: pulumi.Input[str]
    kms_key_arn: str | None = None
    prefix: str = ""
    """Prefix of the objects, with a trailing slash. Default: all objects."""

    def below(self, folder: str) -> "Objects":
        """Return the objects in a folder."""
        return Objects(self.bucket_arn, self.kms_key_arn, f"{folder.strip('/')}/")


def bucket_statements(noun: str, *granted: tuple[Objects, Right], browses: bool = False) -> list[Statement]:
    """Return the statements of a role for objects of buckets, and for the keys of these buckets.

    `noun` is what the objects are called in the IDs of the statements. The account's key aws/s3 needs no statement: its
    policy allows every principal of the account that may use the bucket.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    found = []
    if granted:
        writes = any(right != "read" for _, right in granted)
        actions = (*LIST, *(BROWSE if browses else ()), *(BROWSE_UPLOADS if browses and writes else ()))
        found.append(Statement(f"List{noun}", actions, tuple(one.bucket_arn for one, _ in granted), _below(granted)))
    for right, verb in _VERBS.items():
        chosen = [one for one, given in granted if given == right]
        if chosen:
            arns = tuple(pulumi.Output.format("{0}/{1}*", one.bucket_arn, one.prefix) for one in chosen)
            found.append(Statement(f"{verb}{noun}", _OBJECTS[right], arns))
        keys = tuple(dict.fromkeys(one.kms_key_arn for one in chosen if one.kms_key_arn is not None))
        if keys:
            found.append(Statement(f"{verb}{noun}WithKeys", _KEYS[right], keys))
    return found


def _below(granted: Sequence[tuple[Objects, Right]]) -> Condition:
    """Return the condition that requests list folders only: clients write a folder with or without its slash."""
    prefixes = [one.prefix for one, _ in granted]
    patterns = [pattern for one in prefixes for pattern in (one.rstrip("/"), f"{one}*")]
    return {"StringLike": {"s3:prefix": patterns}} if all(prefixes) else {}


def secret_statement(sid: str, *arns: pulumi.Input[str]) -> Statement:
    """Return the statement of a role that reads secrets. They are encrypted with the key aws/secretsmanager.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-authz
    """
    return Statement(sid, ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"), arns)
