"""S3 buckets."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.aws import Arn, Region
from config.types.names import Name
from config.types.storage import BucketName

StorageClass = Literal["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]


class Transition(Model):
    """Moves objects to a cheaper storage class."""

    days: int = Field(ge=0)
    """The age at which they move."""

    storage_class: StorageClass
    """GLACIER and DEEP_ARCHIVE objects must be restored before they can be read; GLACIER_IR ones need not."""

    prefix: str = ""
    """Only objects whose key begins so; all of them when empty."""


class NoncurrentTransition(Model):
    """Moves old versions of objects to a cheaper storage class; what an object is today stays where it is."""

    days: int = Field(ge=0)
    """How long after it was overwritten or deleted a version moves."""

    storage_class: StorageClass
    """GLACIER and DEEP_ARCHIVE versions must be restored before they can be read; GLACIER_IR ones need not."""


class Lifecycle(Model):
    """What S3 deletes and moves by itself."""

    noncurrent_days: int | None = Field(default=90, ge=1)
    """Old versions are deleted after so many days (000-sto-08)."""

    abort_multipart_days: int | None = Field(default=7, ge=1)
    """Uploads that never ended are deleted after so many days (000-sto-09)."""

    expire_days: int | None = Field(default=None, ge=1)
    """Objects are deleted after so many days."""

    transitions: dict[Name, Transition] = {}
    """Rules by name."""

    noncurrent_transitions: dict[Name, NoncurrentTransition] = {}
    """Moves of old versions by name, before `noncurrentDays` deletes them."""


class Bucket(Model):
    """Named in section `ai-platform:buckets`."""

    name: BucketName | None = None
    """The global name; `<project>-<key>` when left out."""

    versioning: bool = True
    """Keeps what is overwritten or deleted, for as long as `lifecycle` says."""

    encryption: Literal["AES256", "aws:kms"] = "AES256"
    """AES256 with keys of S3's own, or aws:kms."""

    kms_key_arn: Arn | None = None
    """The key of `aws:kms`; the account's aws/s3 key when left out."""

    lifecycle: Lifecycle = Lifecycle()
    """What S3 deletes or moves, and when."""

    replicate_to: Region | None = None
    """Another region, to which S3 copies each new version of each object, deletions too."""

    replica_name: BucketName | None = None
    """The global name of the bucket there; `<name>-<region>` when left out."""

    keep_objects: bool = True
    """A bucket that holds objects is not deleted; false lets `pulumi destroy` delete them with it."""
