"""Buckets. https://docs.aws.amazon.com/AmazonS3/latest/API/."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry

_PUBLIC = "PublicAccessBlockConfiguration"

STORAGE: Mapping[str, Entry] = {
    "aws:s3/bucket:Bucket": Entry(
        (
            Call("s3", "CreateBucket"),
            Call("s3", "PutBucketTagging", {"tags": "Tagging.TagSet"}, also={"bucket": "Bucket"}),
        ),
        {"forceDestroy": "its objects are deleted first"},
        taggable=True,
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Entry((Call("s3", "PutBucketPolicy"),)),
    "aws:s3/bucketLogging:BucketLogging": Entry(
        (
            Call(
                "s3",
                "PutBucketLogging",
                {
                    "targetBucket": "BucketLoggingStatus.LoggingEnabled.TargetBucket",
                    "targetPrefix": "BucketLoggingStatus.LoggingEnabled.TargetPrefix",
                },
            ),
        )
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Entry((Call("s3", "PutBucketVersioning"),)),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Entry(
        (Call("s3", "PutBucketOwnershipControls", {"rule": "OwnershipControls.Rules"}),)
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Entry(
        (
            Call(
                "s3",
                "PutPublicAccessBlock",
                {
                    "blockPublicAcls": f"{_PUBLIC}.BlockPublicAcls",
                    "blockPublicPolicy": f"{_PUBLIC}.BlockPublicPolicy",
                    "ignorePublicAcls": f"{_PUBLIC}.IgnorePublicAcls",
                    "restrictPublicBuckets": f"{_PUBLIC}.RestrictPublicBuckets",
                },
            ),
        )
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Entry(
        (Call("s3", "PutBucketEncryption", {"rules": "ServerSideEncryptionConfiguration.Rules"}),)
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Entry(
        (Call("s3", "PutBucketLifecycleConfiguration", {"rules": "LifecycleConfiguration.Rules"}),)
    ),
}
