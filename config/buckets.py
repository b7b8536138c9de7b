"""S3 buckets."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.types.arns import KmsKeyArn
from config.types.aws import Region
from config.types.existing import OrExisting
from config.types.names import Name
from config.types.storage import BucketName

StorageClass = Literal["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
"""In the order in which S3 moves objects from one to another."""

MOST_DAYS = 2**31 - 1

NONCURRENT_DAYS = 90
"""Default retention of noncurrent versions of objects."""


class Transition(Model):
    """A transition of objects to a cheaper storage class."""

    days: int = Field(ge=0, le=MOST_DAYS)
    """Age in days at which objects are moved."""

    storage_class: StorageClass
    """Storage class. Objects in GLACIER and DEEP_ARCHIVE must be restored before they can be read, in GLACIER_IR
    not."""

    prefix: str = Field(default="", max_length=1024)
    """Key prefix of the objects. Default: all objects."""


class NoncurrentTransition(Model):
    """A transition of noncurrent versions of objects to a cheaper storage class."""

    days: int = Field(ge=0, le=MOST_DAYS)
    """Days after which a version is moved, from when it was overwritten or deleted."""

    storage_class: StorageClass
    """Storage class. Versions in GLACIER and DEEP_ARCHIVE must be restored before they can be read, in GLACIER_IR
    not."""


class Lifecycle(Model):
    """Lifecycle rules: expiration and transitions."""

    noncurrent_days: int | None = Field(default=NONCURRENT_DAYS, ge=1, le=MOST_DAYS)
    """Days after which noncurrent versions are deleted (000-sto-08). Default: 90, or 90 days after the last transition
    if it is at 90 days or later."""

    abort_multipart_days: int | None = Field(default=7, ge=1, le=MOST_DAYS)
    """Days after which incomplete multipart uploads are deleted (000-sto-09)."""

    expire_days: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Days after which objects are deleted; never by default."""

    transitions: dict[Name, Transition] = {}
    """Transitions by name."""

    noncurrent_transitions: dict[Name, NoncurrentTransition] = {}
    """Transitions of noncurrent versions by name, before `noncurrentDays` deletes them."""

    @model_validator(mode="after")
    def _deleted_after_transitions(self) -> Self:
        last = max((move.days for move in self.noncurrent_transitions.values()), default=0)
        if "noncurrent_days" not in self.model_fields_set and last >= NONCURRENT_DAYS:
            self.follow(noncurrent_days=last + NONCURRENT_DAYS)
        return self


class Bucket(OrExisting):
    """An entry of section `ai-platform:buckets`."""

    APPLIES: ClassVar[frozenset[str]] = frozenset({"encryption", "kms_key_arn"})

    existing: BucketName | None = None
    """Name of a bucket that exists, which the stack uses and does not change: docs/adopt.md. Its own `kmsKeyArn` gives
    clients the key. Default: the stack creates the bucket."""

    name: BucketName | None = None
    """Global name. Default: `<project>-<key>`."""

    versioning: bool = True
    """Whether overwritten and deleted objects are kept as noncurrent versions, until `lifecycle` deletes them."""

    encryption: Literal["AES256", "aws:kms"] = "AES256"
    """Default encryption: AES256 with keys of S3, or aws:kms."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key for `aws:kms`. Default: the account's aws/s3 key."""

    lifecycle: Lifecycle = Lifecycle()
    """Lifecycle rules."""

    replicate_to: Region | None = None
    """Region to which S3 replicates new versions of objects, delete markers included."""

    replica_name: BucketName | None = None
    """Global name of the replica. Default: `<name>-<region>`."""

    keep_objects: bool = True
    """Whether a bucket with objects is kept; false allows `pulumi destroy` to delete them with the bucket."""
