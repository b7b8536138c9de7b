"""IAM permissions of an environment's services: access to its buckets."""

from collections.abc import Mapping
from typing import Literal

import pulumi

from components.data.bucket import Bucket
from components.identity.policy import Statement
from config.buckets import Bucket as BucketSettings

READ = ("s3:GetObject",)
WRITE = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


def bucket_statements(
    rights: Mapping[str, Literal["read", "readWrite"]],
    buckets: Mapping[str, Bucket],
    settings: Mapping[str, BucketSettings],
) -> list[Statement]:
    """Return the statements of a role with access to these buckets only."""
    statements = []
    if rights:
        statements.append(Statement("ListBuckets", ("s3:ListBucket",), tuple(buckets[key].arn for key in rights)))
    for sid, right, actions, key_actions in (
        ("Read", "read", READ, ("kms:Decrypt",)),
        ("ReadAndWrite", "readWrite", (*READ, *WRITE), ("kms:Decrypt", "kms:GenerateDataKey")),
    ):
        chosen = [key for key in rights if rights[key] == right]
        if chosen:
            objects = tuple(pulumi.Output.format("{0}/*", buckets[key].arn) for key in chosen)
            statements.append(Statement(f"{sid}Objects", actions, objects))
        keys = tuple(dict.fromkeys(arn for key in chosen if (arn := settings[key].kms_key_arn) is not None))
        if keys:
            statements.append(Statement(f"{sid}WithKeys", key_actions, keys))
    return statements
