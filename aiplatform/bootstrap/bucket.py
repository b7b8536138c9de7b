"""The bucket of the state: versioned, encrypted, private, and read and written over TLS alone."""

import json
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from aiplatform.bootstrap.step import Change, Kept, Step, found, request
from aiplatform.bootstrap.wanted import Wanted
from aiplatform.errors import AccessError
from aiplatform.verify.model import Cloud, Json
from aiplatform.verify.problem import FORBIDDEN, RefusedError

OLD_VERSIONS, UPLOADS = 30, 7
"""Days after which older versions of a state, and unfinished uploads, are removed."""

_RULE = "aiplatform-state"
_SID = "TlsOnly"


class Setting(NamedTuple):
    """A setting of a bucket."""

    what: str
    read: str
    write: str
    absent: frozenset[str]
    change: Callable[[Wanted, str | None, Json], Mapping[str, Any] | None]
    """Returns the arguments that set it, from the answer of `read` (empty without one); None if it is right."""


def _versioning(_: Wanted, _key: str | None, now: Json) -> Mapping[str, Any] | None:
    right = now.get("Status") == "Enabled"
    return None if right else {"VersioningConfiguration": {"Status": "Enabled"}}


_PRIVATE = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def _private(_: Wanted, _key: str | None, now: Json) -> Mapping[str, Any] | None:
    right = now.get("PublicAccessBlockConfiguration") == _PRIVATE
    return None if right else {"PublicAccessBlockConfiguration": _PRIVATE}


def _ownership(_: Wanted, _key: str | None, now: Json) -> Mapping[str, Any] | None:
    wanted = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    return None if now.get("OwnershipControls") == wanted else {"OwnershipControls": wanted}


def kms_key(now: Json) -> str | None:
    """Return the KMS key that encrypts new objects by the answer of GetBucketEncryption; None without one."""
    for rule in now.get("ServerSideEncryptionConfiguration", {}).get("Rules", ()):
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if default.get("SSEAlgorithm", "").startswith("aws:kms") and default.get("KMSMasterKeyID"):
            return str(default["KMSMasterKeyID"])
    return None


def _encryption(_: Wanted, key: str | None, now: Json) -> Mapping[str, Any] | None:
    if kms_key(now):
        return None
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _tls(wanted: Wanted, _key: str | None, now: Json) -> Mapping[str, Any] | None:
    arn = f"arn:aws:s3:::{wanted.bucket}"
    rule = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.loads(now.get("Policy") or "{}")
    statements = policy.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    if any({name: value for name, value in one.items() if name != "Sid"} == rule for one in statements):
        return None
    others = [one for one in statements if one.get("Sid") != _SID]
    document = {"Version": "2012-10-17", **policy, "Statement": [*others, {"Sid": _SID, **rule}]}
    return {"Policy": json.dumps(document)}


def _lifecycle(_: Wanted, _key: str | None, now: Json) -> Mapping[str, Any] | None:
    rules = [one for one in now.get("Rules", ()) if one.get("ID") != _RULE]
    whole = [one for one in rules if one["Status"] == "Enabled" and one.get("Filter", {}) in ({}, {"Prefix": ""})]
    needed = {
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOADS},
    }
    # Another rule for the whole bucket has days of its own.
    needed = {name: value for name, value in needed.items() if not any(name in one for one in whole)}
    own = {"ID": _RULE, "Status": "Enabled", "Filter": {"Prefix": ""}, **needed}
    there = [one for one in now.get("Rules", ()) if one.get("ID") == _RULE]
    if not needed or there == [own]:
        return None
    return {"LifecycleConfiguration": {"Rules": [*rules, own]}}


SETTINGS = (
    Setting("versioning", "get_bucket_versioning", "put_bucket_versioning", frozenset(), _versioning),
    Setting(
        "no public access",
        "get_public_access_block",
        "put_public_access_block",
        frozenset({"NoSuchPublicAccessBlockConfiguration"}),
        _private,
    ),
    Setting(
        "ownership of all objects",
        "get_bucket_ownership_controls",
        "put_bucket_ownership_controls",
        frozenset({"OwnershipControlsNotFoundError"}),
        _ownership,
    ),
    Setting(
        "encryption with the KMS key",
        "get_bucket_encryption",
        "put_bucket_encryption",
        frozenset({"ServerSideEncryptionConfigurationNotFoundError"}),
        _encryption,
    ),
    Setting("TLS only", "get_bucket_policy", "put_bucket_policy", frozenset({"NoSuchBucketPolicy"}), _tls),
    Setting(
        f"removal of versions older than {OLD_VERSIONS} days and of unfinished uploads",
        "get_bucket_lifecycle_configuration",
        "put_bucket_lifecycle_configuration",
        frozenset({"NoSuchLifecycleConfiguration"}),
        _lifecycle,
    ),
)


def bucket_steps(aws: Cloud, wanted: Wanted, key: str | None) -> Generator[Step, None, str | None]:
    """Yield what the bucket lacks, and return the key that encrypts it; None in a dry run without a key.

    Raises:
        AccessError: the bucket belongs to another account, or is in another region.
    """
    there = exists(aws, wanted)
    if not there:
        yield Change("create", f"the bucket {wanted.bucket} in {wanted.region}", _creation(aws, wanted))
        there = exists(aws, wanted)
    used = key
    for setting in SETTINGS:
        now = found(aws, "s3", setting.read, setting.absent, **_of(wanted)) if there else None
        used = kms_key(now or {}) or used
        change = setting.change(wanted, key, now or {})
        if change is not None:
            write = request(aws, "s3", setting.write, **_of(wanted), **change)
            yield Change("set", f"{setting.what} of the bucket {wanted.bucket}", write)
    return used


def _of(wanted: Wanted) -> dict[str, str]:
    return {"Bucket": wanted.bucket, "ExpectedBucketOwner": wanted.account}


def _creation(aws: Cloud, wanted: Wanted) -> Callable[[], object]:
    where = {"CreateBucketConfiguration": {"LocationConstraint": wanted.region}}

    def apply() -> None:
        try:
            # us-east-1 is no value of the constraint.
            aws.call("s3", "create_bucket", Bucket=wanted.bucket, **({} if wanted.region == "us-east-1" else where))
        except RefusedError as error:
            if error.code == "BucketAlreadyExists":
                raise AccessError(_of_another(wanted)) from error
            if error.code != "BucketAlreadyOwnedByYou":
                raise

    return apply


def _of_another(wanted: Wanted) -> str:
    return (
        f"the bucket {wanted.bucket} belongs to another account than {wanted.account}, or your policies deny it; names "
        "are global: choose another with --state-bucket"
    )


def exists(aws: Cloud, wanted: Wanted) -> bool:
    """Return whether the account has the bucket.

    Raises:
        AccessError: it belongs to another account, or is in another region.
    """
    try:
        answer = aws.call("s3", "head_bucket", **_of(wanted))
    except RefusedError as error:
        if error.code in {"404", "NoSuchBucket"}:
            return False
        if error.code in FORBIDDEN:
            raise AccessError(_of_another(wanted)) from error
        raise
    region = answer.get("BucketRegion", wanted.region)
    if region != wanted.region:
        raise AccessError(f"the bucket {wanted.bucket} is in {region}, not in {wanted.region}; pass --region {region}")
    return True


def bucket_removal(aws: Cloud, wanted: Wanted) -> Generator[Step, None, bool]:
    """Yield the deletion of the bucket if it is empty, and return whether it stays."""
    if not exists(aws, wanted):
        return False
    held = aws.call("s3", "list_object_versions", MaxKeys=1, **_of(wanted))
    if held.get("Versions") or held.get("DeleteMarkers"):
        yield Kept(f"left: the bucket {wanted.bucket}, which has objects: the states of stacks, or their old versions")
        return True
    yield Change("delete", f"the bucket {wanted.bucket}", request(aws, "s3", "delete_bucket", **_of(wanted)))
    return False
