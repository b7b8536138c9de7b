"""Buckets for access logs of load balancers and buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.base.log_target import BALANCERS, LogTarget
from components.data.bucket import Bucket
from config.buckets import Bucket as BucketSettings
from config.buckets import Lifecycle
from config.settings import Settings


class AccessLogBucket(Component):
    """A bucket that only the log delivery services of this account's load balancers and buckets can write to.

    It has no access logs of its own: each log would be a request that is logged again.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """

    TOKEN: ClassVar[str] = "ai-platform:data:AccessLogBucket"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        region: str,
        account_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        logs = settings.access_logs

        def grants(arn: pulumi.Output[str]) -> Iterator[dict[str, Any]]:
            if logs.buckets:
                yield _of_buckets(arn, account_id)
            if logs.load_balancers and region == settings.project.region:
                yield from _of_balancers(arn, account_id, region)

        bucket = Bucket(
            name,
            BucketSettings(
                lifecycle=Lifecycle(expire_days=logs.retention_days, noncurrent_days=1),
                keep_objects=logs.keep_objects,
            ),
            bucket_name=settings.log_bucket_name(region),
            grants=grants,
            opts=self.child(),
        )
        self.target = LogTarget(bucket.bucket_name, bucket.policy)
        self.finish(bucket_name=bucket.bucket_name)


class AccessLogs:
    """Creates the bucket of a region when the first resource logs to it."""

    def __init__(
        self, settings: Settings, *, account_id: pulumi.Input[str], options: Callable[[str], pulumi.ResourceOptions]
    ) -> None:
        """Remember how to create buckets; `options` returns the options of resources in a region."""
        self._settings = settings
        self._account_id = account_id
        self._options = options
        self._made: dict[str, LogTarget] = {}

    def of_buckets(self, region: str | None = None) -> LogTarget | None:
        """Return the target of the buckets of a region, by default the platform's; None if they are not logged."""
        return self._in(region or self._settings.project.region) if self._settings.access_logs.buckets else None

    def of_balancers(self) -> LogTarget | None:
        """Return the target of load balancers; None if they are not logged."""
        return self._in(self._settings.project.region) if self._settings.access_logs.load_balancers else None

    def _in(self, region: str) -> LogTarget:
        if region not in self._made:
            home = region == self._settings.project.region
            name = "access-logs" if home else f"access-logs-{region}"
            built = AccessLogBucket(
                name, self._settings, region=region, account_id=self._account_id, opts=self._options(region)
            )
            self._made[region] = built.target
        return self._made[region]


def _allow(
    sid: str, service: str, action: str, resource: pulumi.Output[str], condition: dict[str, Any]
) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def _of_buckets(arn: pulumi.Output[str], account_id: pulumi.Input[str]) -> dict[str, Any]:
    """Return the statement for S3 server access logs.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general
    """
    own = {"StringEquals": {"aws:SourceAccount": account_id}}
    objects = pulumi.Output.format("{0}/s3/*", arn)
    return _allow("LogsOfBuckets", "logging.s3.amazonaws.com", "s3:PutObject", objects, own)


def _of_balancers(arn: pulumi.Output[str], account_id: pulumi.Input[str], region: str) -> Iterator[dict[str, Any]]:
    """Yield the statements for an ALB and for an NLB, which another service writes for.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
    """
    objects = pulumi.Output.format("{0}/{1}/AWSLogs/{2}/*", arn, BALANCERS, account_id)
    balancers = pulumi.Output.format("arn:aws:elasticloadbalancing:{0}:{1}:loadbalancer/*", region, account_id)
    yield _allow(
        "LogsOfApplicationLoadBalancers",
        "logdelivery.elasticloadbalancing.amazonaws.com",
        "s3:PutObject",
        objects,
        {"ArnLike": {"aws:SourceArn": balancers}},
    )
    delivery = "delivery.logs.amazonaws.com"
    own = {"aws:SourceAccount": account_id}
    source = {"ArnLike": {"aws:SourceArn": pulumi.Output.format("arn:aws:logs:{0}:{1}:*", region, account_id)}}
    yield _allow("LogsOfNetworkLoadBalancersLook", delivery, "s3:GetBucketAcl", arn, {"StringEquals": own, **source})
    acl = {"StringEquals": {**own, "s3:x-amz-acl": "bucket-owner-full-control"}, **source}
    yield _allow("LogsOfNetworkLoadBalancers", delivery, "s3:PutObject", objects, acl)
