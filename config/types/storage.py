"""Names of buckets, image repositories and secrets."""

import re
from typing import Annotated

from pydantic import AfterValidator

from config.types.text import quoted


def check_bucket_name(value: str) -> str:
    """Return a valid bucket name.

    Raises:
        ValueError: S3 does not accept it, or it has a dot.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValueError(
            f"{quoted(value)} is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, "
            "beginning and ending with a letter or digit"
        )
    reserved = value.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or value.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    )
    if reserved or re.fullmatch(r"\d+\.\d+\.\d+\.\d+", value):
        raise ValueError(f"{quoted(value)} is reserved by S3; choose another bucket name")
    if "." in value:
        raise ValueError(f"{quoted(value)} has a dot, which breaks TLS to the bucket's host name; use hyphens")
    return value


BucketName = Annotated[str, AfterValidator(check_bucket_name)]
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; dots are rejected because of TLS."""


def check_repository_name(value: str) -> str:
    """Return a valid repository name: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html

    Raises:
        ValueError: ECR does not accept it.
    """
    part = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
    if not re.fullmatch(rf"(?=.{{2,256}}\Z){part}(?:/{part})*", value):
        raise ValueError(
            f"{quoted(value)} is not an ECR repository name; write 2-256 lower-case letters, digits and single "
            "dots, underscores and hyphens, with / between parts"
        )
    return value


def check_secret_name(value: str) -> str:
    """Return a valid secret name: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html

    Raises:
        ValueError: Secrets Manager does not accept it, or takes its end for the suffix of an ARN.
    """
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,200}", value):
        raise ValueError(f"{quoted(value)} is not a Secrets Manager name; write letters, digits and /_+=.@-")
    if re.search(r"-[A-Za-z0-9]{6}\Z", value):
        raise ValueError(
            f"{quoted(value)} ends with a hyphen and six characters, like the suffix that Secrets Manager adds; choose "
            "another name"
        )
    return value


SecretName = Annotated[str, AfterValidator(check_secret_name)]
