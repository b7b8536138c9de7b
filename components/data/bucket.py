"""An S3 bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.documents import json_document
from components.base.log_target import LogTarget
from components.identity.access import Objects
from config.buckets import Bucket as BucketSettings

Grants = Callable[[pulumi.Output[str]], Iterable[Mapping[str, Any]]]
"""Further statements of a bucket policy, from the ARN of the bucket."""


class Bucket(Component):
    """A bucket with versioning, encryption, public access block, TLS-only policy, lifecycle rules and access logs.

    An existing bucket has no resources: the component only names it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Bucket"

    def __init__(
        self,
        name: str,
        settings: BucketSettings,
        *,
        bucket_name: str,
        tags: Mapping[str, str] | None = None,
        logs: LogTarget | None = None,
        grants: Grants | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        if settings.existing is not None:
            self.bucket_name: pulumi.Output[str] = pulumi.Output.from_input(settings.existing)
            self.arn: pulumi.Output[str] = self.bucket_name.apply("arn:aws:s3:::{0}".format)
            self.objects = Objects(self.arn, settings.kms_key_arn)
            self.finish(bucket_name=self.bucket_name, arn=self.arn)
            return
        bucket = aws.s3.Bucket(
            name,
            bucket=bucket_name,
            force_destroy=not settings.keep_objects,
            tags=named(bucket_name, tags),
            opts=self.child(),
        )
        self.bucket_name = bucket.bucket
        self.arn = bucket.arn
        self.objects = Objects(bucket.arn, settings.kms_key_arn)
        """Its objects, for the statements of roles."""
        aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self.child(),
        )
        blocked = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child(),
        )
        versioning = aws.s3.BucketVersioning(
            name,
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled" if settings.versioning else "Suspended"
            ),
            opts=self.child(),
        )
        self._encrypt(bucket)
        self.policy = aws.s3.BucketPolicy(
            name,
            bucket=bucket.id,
            policy=tls_only(bucket.arn, grants),
            # S3 rejects concurrent changes to a bucket's policy and its public access block.
            opts=self.child(depends_on=[blocked]),
        )
        rules = self._lifecycle_rules()
        if rules:
            aws.s3.BucketLifecycleConfiguration(
                name, bucket=bucket.id, rules=rules, opts=self.child(depends_on=[versioning])
            )
        if logs is not None:
            aws.s3.BucketLogging(
                name,
                bucket=bucket.id,
                target_bucket=logs.bucket_name,
                target_prefix=self.bucket_name.apply("s3/{0}/".format),
                opts=self.child(depends_on=[logs.policy]),
            )
        self.finish(bucket_name=self.bucket_name, arn=self.arn)

    def _encrypt(self, bucket: aws.s3.Bucket) -> None:
        kms = self._settings.encryption == "aws:kms"
        aws.s3.BucketServerSideEncryptionConfiguration(
            self.name,
            bucket=bucket.id,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=(
                        aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm=self._settings.encryption,
                            kms_master_key_id=self._settings.kms_key_arn,
                        )
                    ),
                    # One data key for each bucket instead of each object: a hundredth of the KMS requests.
                    bucket_key_enabled=True if kms else None,
                )
            ],
            opts=self.child(),
        )

    def _lifecycle_rules(self) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
        lifecycle = self._settings.lifecycle
        rules = []
        if lifecycle.noncurrent_days is not None:
            expiration = aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=lifecycle.noncurrent_days
            )
            rules.append(_rule("delete-old-versions", noncurrent_version_expiration=expiration))
        moves = sorted(lifecycle.noncurrent_transitions.values(), key=lambda move: move.days)
        if moves:
            old = [
                aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionTransitionArgs(
                    noncurrent_days=move.days, storage_class=move.storage_class
                )
                for move in moves
            ]
            rules.append(_rule("move-old-versions", noncurrent_version_transitions=old))
        if lifecycle.abort_multipart_days is not None:
            abortion = aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=lifecycle.abort_multipart_days
            )
            rules.append(_rule("abort-incomplete-uploads", abort_incomplete_multipart_upload=abortion))
        if lifecycle.expire_days is not None:
            end = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=lifecycle.expire_days)
            rules.append(_rule("expire", expiration=end))
        for name, transition in lifecycle.transitions.items():
            move = aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
                days=transition.days, storage_class=transition.storage_class
            )
            rules.append(_rule(name, prefix=transition.prefix, transitions=[move]))
        return rules


def _rule(name: str, *, prefix: str = "", **action: Any) -> aws.s3.BucketLifecycleConfigurationRuleArgs:  # noqa: ANN401
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=name,
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
        **action,
    )


def tls_only(bucket_arn: pulumi.Output[str], grants: Grants | None = None) -> pulumi.Output[str]:
    """Return a bucket policy that denies every request without TLS, and has the statements of `grants`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    """
    return json_document(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "DenyInsecureTransport",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket_arn, bucket_arn.apply("{0}/*".format)],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
                *(grants(bucket_arn) if grants else ()),
            ],
        }
    )
