"""ECR repositories."""

from typing import Annotated

from pydantic import AfterValidator, Field

from catalog.reading.model import Model
from config.types.aws import Arn, Region
from config.types.storage import check_repository_name
from config.types.text import matching

RepositoryName = Annotated[str, AfterValidator(check_repository_name)]

TagPattern = Annotated[
    str, matching(r"[A-Za-z0-9._*-]{1,128}", "is no pattern of tags; write letters, digits, ._- and *, like prod-*")
]
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"""

Puller = Annotated[
    str,
    matching(
        r"\d{12}|arn:aws:iam::\d{12}:(?:role|user)/[\w+=,.@/-]{1,512}",
        "is nobody who could pull; write an account's 12 digits in quotes, or the ARN of a role",
    ),
]


class ImageLifecycle(Model):
    """What ECR deletes by itself."""

    keep_tagged: int | None = Field(default=30, ge=1, le=10000)
    """How many tagged images stay, the newest; null keeps all."""

    tag_patterns: tuple[TagPattern, ...] = Field(default=("*",), min_length=1, max_length=4)
    """The tags that are counted together, such as prod-*; images with other tags stay."""

    untagged_days: int | None = Field(default=14, ge=1, le=3650)
    """Images that lost their tag are deleted after so many days; null keeps them."""


class Repository(Model):
    """Named in section `ai-platform:repositories`: images of one application, encrypted."""

    name: RepositoryName | None = None
    """`<project>/<key>` when left out, which is what the deploying role may change."""

    immutable_tags: bool = True
    """What a tag names today is what it names tomorrow; false lets a push move a tag."""

    scan_on_push: bool = True
    """ECR looks each pushed image through for known weaknesses."""

    lifecycle: ImageLifecycle = ImageLifecycle()
    """What ECR deletes, and when."""

    pullers: tuple[Puller, ...] = ()
    """Other accounts, or roles of theirs, that may pull. In this account IAM decides, and nodes may."""

    kms_key_arn: Arn | None = None
    """The key that encrypts the images; ECR's own when left out."""

    replicate_to: Region | None = None
    """Another region, to which ECR copies each image that is pushed from now on. An account has one replication
    configuration a region: of the stacks that share both only one may use this."""

    keep_images: bool = True
    """A repository that holds images is not deleted; false lets `pulumi destroy` delete them with it."""
