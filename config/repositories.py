"""ECR repositories."""

from typing import Annotated

from pydantic import AfterValidator, Field

from catalog.reading.model import Model
from config.types.arns import KmsKeyArn, RepositoryArn
from config.types.aws import Region
from config.types.existing import OrExisting
from config.types.storage import check_repository_name
from config.types.text import matching

RepositoryName = Annotated[str, AfterValidator(check_repository_name)]

TagPattern = Annotated[
    str,
    matching(
        r"(?!(?:[^*]*\*){5})[A-Za-z0-9._*-]{1,128}",
        "is not a tag pattern; write letters, digits, ._- and at most four *, like prod-*",
    ),
]
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"""

Puller = Annotated[
    str,
    matching(
        r"\d{12}|arn:aws:iam::\d{12}:(?:role|user)/[\w+=,.@/-]{1,512}",
        "is not an account or principal; write the 12 digits of an account in quotes, or the ARN of a role",
    ),
]


class ImageLifecycle(Model):
    """Lifecycle policy of a repository."""

    keep_tagged: int | None = Field(default=30, ge=1, le=10000)
    """Number of tagged images to keep, newest first; null keeps all."""

    tag_patterns: tuple[TagPattern, ...] = Field(default=("*",), min_length=1, max_length=4)
    """Patterns of tags that are counted, such as prod-*; images with other tags are kept."""

    untagged_days: int | None = Field(default=14, ge=1, le=3650)
    """Days after which untagged images are deleted; null keeps them."""


class Repository(OrExisting):
    """An entry of section `ai-platform:repositories`: an encrypted repository of images."""

    existing: RepositoryArn | None = None
    """ARN of a repository that exists, which the stack uses and does not change: docs/adopt.md. Default: the stack
    creates the repository."""

    name: RepositoryName | None = None
    """Name. Default: `<project>/<key>`, to which the deploying role's permissions are limited."""

    immutable_tags: bool = True
    """Whether tags are immutable; false allows a push to move a tag."""

    scan_on_push: bool = True
    """Whether ECR scans pushed images for vulnerabilities."""

    lifecycle: ImageLifecycle = ImageLifecycle()
    """Lifecycle policy."""

    pullers: tuple[Puller, ...] = ()
    """Other accounts, or roles in them, that can pull. In this account IAM policies apply; nodes can pull."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of the images. Default: a key of ECR."""

    replicate_to: Region | None = None
    """Region to which ECR replicates images that are pushed from now on. An account has one replication configuration
    for each region: only one of the stacks in a region can use it."""

    keep_images: bool = True
    """Whether a repository with images is kept; false allows `pulumi destroy` to delete them with the repository."""
