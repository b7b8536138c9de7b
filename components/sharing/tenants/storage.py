"""A tenant's bucket and registry."""

import json
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.log_target import LogTarget
from components.base.naming import tenant_tags
from components.data.bucket import Bucket
from components.sharing.tenants.names import ARTIFACTS
from config.buckets import Bucket as BucketSettings
from config.tenants import Tenant

UNTAGGED_DAYS = 14

TENANT_BUCKET = BucketSettings()


class TenantStorage(Component):
    """Bucket and image repository of one tenant, which are retained after the tenant's removal.

    A tenant with `removed: keep` keeps this component under the same name, so nothing in it is replaced.

    With `removed: delete` AWS refuses to delete a bucket with objects or a repository with images: the update fails
    with that error, and an administrator has to empty them. This program never empties one.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantStorage"

    def __init__(
        self, name: str, *, tenant: Tenant, logs: LogTarget | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self._bucket = Bucket(
            name,
            TENANT_BUCKET,
            bucket_name=tenant.bucket,
            tags=tenant_tags(tenant.name),
            logs=logs,
            opts=self.child(),
        )
        self.bucket_name = self._bucket.bucket_name
        self.objects = self._bucket.objects
        self.folders: list[pulumi.Resource] = [
            aws.s3.BucketObjectv2(
                f"{name}-{key.rstrip('/')}",
                bucket=self.bucket_name,
                key=key,
                content="",
                content_type="application/x-directory",
                # An object has at most ten tags, a platform up to fifty:
                # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
                override_provider=aws.s3.BucketObjectv2OverrideProviderArgs(
                    default_tags=aws.s3.BucketObjectv2OverrideProviderDefaultTagsArgs(tags={})
                ),
                opts=self.child(depends_on=[self._bucket]),
            )
            for key in ARTIFACTS
        ]
        repository = aws.ecr.Repository(
            name,
            name=tenant.repository,
            # A tag always refers to the same image.
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256")],
            force_delete=False,
            tags=named(tenant.repository, tenant_tags(tenant.name)),
            opts=self.child(),
        )
        self.ready: list[pulumi.Resource] = [*self.folders, repository]
        """Dependencies of pods: the bucket, its folders, and the image repository."""
        self.repository_arn: pulumi.Output[str] = repository.arn
        self.repository_url: pulumi.Output[str] = repository.repository_url
        aws.ecr.LifecyclePolicy(name, repository=repository.name, policy=_expire_untagged(), opts=self.child())
        self.finish(bucket_name=self.bucket_name, repository_url=self.repository_url)


def _expire_untagged() -> str:
    """Return the lifecycle policy of untagged images.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
    """
    selection = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": UNTAGGED_DAYS,
    }
    rule = {
        "rulePriority": 1,
        "description": "What a push has left without a tag",
        "selection": selection,
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]})
