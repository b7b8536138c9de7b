"""The KMS key of the state: of its bucket, and of its secrets."""

from collections.abc import Callable, Generator, Iterator

from aiplatform.bootstrap.step import Change, Kept, Step, found, request
from aiplatform.bootstrap.wanted import ALIAS, TAGS
from aiplatform.verify.model import Cloud, Json

DAYS = 30
"""Days in which a deletion can be cancelled: the maximum of KMS."""

_ABSENT = frozenset({"NotFoundException"})
_TAGS = [{"TagKey": name, "TagValue": value} for name, value in {**TAGS, "Alias": ALIAS}.items()]


def key_of(aws: Cloud) -> Json | None:
    """Return the metadata of the key with the alias; None if there is none."""
    answer = found(aws, "kms", "describe_key", _ABSENT, KeyId=ALIAS)
    return answer["KeyMetadata"] if answer else None


def key_steps(aws: Cloud) -> Generator[Step, None, str | None]:
    """Yield what the key lacks, and return its ARN; None in a dry run without a key."""
    key = key_of(aws)
    if key is None:
        key = _without_alias(aws)
        if key is None:
            create = request(aws, "kms", "create_key", Description="State and secrets of Pulumi", Tags=_TAGS)
            yield Change("create", "a KMS key", create)
            key = _without_alias(aws)
        target = key["KeyId"] if key else ""
        yield Change("create", ALIAS, request(aws, "kms", "create_alias", AliasName=ALIAS, TargetKeyId=target))
    if key is None:
        yield Change("set", f"yearly rotation of {ALIAS}", lambda: None)
        return None
    name = key["KeyId"]
    if key["KeyState"] == "PendingDeletion":
        yield Change("restore", f"{ALIAS}, a deletion of which is scheduled", _restored(aws, name))
    elif not key["Enabled"]:
        yield Change("restore", f"{ALIAS}, which is disabled", request(aws, "kms", "enable_key", KeyId=name))
    if not aws.call("kms", "get_key_rotation_status", KeyId=name)["KeyRotationEnabled"]:
        yield Change("set", f"yearly rotation of {ALIAS}", request(aws, "kms", "enable_key_rotation", KeyId=name))
    return str(key["Arn"])


def _restored(aws: Cloud, name: str) -> Callable[[], None]:
    def apply() -> None:
        aws.call("kms", "cancel_key_deletion", KeyId=name)
        aws.call("kms", "enable_key", KeyId=name)

    return apply


def _without_alias(aws: Cloud) -> Json | None:
    """Return the key that an earlier run created and that got no alias; None if there is none."""
    for name in _keys(aws):
        # A key policy can refuse its tags.
        answer = found(aws, "kms", "list_resource_tags", frozenset({"AccessDeniedException"}), KeyId=name)
        if answer and all(tag in answer["Tags"] for tag in _TAGS):
            key = aws.call("kms", "describe_key", KeyId=name)["KeyMetadata"]
            if key["KeyState"] in {"Enabled", "Disabled"}:
                return key
    return None


def _keys(aws: Cloud) -> Iterator[str]:
    page = aws.call("kms", "list_keys", Limit=1000)
    yield from (one["KeyId"] for one in page["Keys"])
    while page.get("Truncated"):
        page = aws.call("kms", "list_keys", Limit=1000, Marker=page["NextMarker"])
        yield from (one["KeyId"] for one in page["Keys"])


def key_removal(aws: Cloud) -> Iterator[Step]:
    """Yield the scheduled deletion of the key. The alias stays, so that the next bootstrap restores the key."""
    key = key_of(aws)
    if key is None:
        return
    if key["KeyState"] == "PendingDeletion":
        yield Kept(f"{ALIAS} is deleted at {key['DeletionDate']:%Y-%m-%d}")
        return
    schedule = request(aws, "kms", "schedule_key_deletion", KeyId=key["KeyId"], PendingWindowInDays=DAYS)
    yield Change("schedule", f"the deletion of {ALIAS} ({key['KeyId']}) in {DAYS} days", schedule)
    yield Kept(f"until then, `aws kms cancel-key-deletion --key-id {key['KeyId']}` keeps it")
