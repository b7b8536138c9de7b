"""Access logs of load balancers and buckets."""

from pydantic import Field

from catalog.reading.model import Model
from config.types.storage import BucketName


class AccessLogs(Model):
    """Section `ai-platform:accessLogs`: a bucket in each region with the logs of its load balancers and buckets."""

    load_balancers: bool = False
    """Whether requests and connections of load balancers are logged. An NLB only logs connections to TLS listeners.
    Default: true in environment production or prod."""

    buckets: bool = False
    """Whether requests to buckets are logged, by S3 server access logs. Default: true in environment production or
    prod."""

    retention_days: int = Field(default=90, ge=1, le=3650)
    """Days after which logs are deleted."""

    keep_objects: bool = True
    """Whether a bucket with logs is kept; false allows `pulumi destroy` to delete them with the bucket."""

    bucket: BucketName | None = None
    """Global name of the bucket, encrypted with keys of S3, because an ALB and S3 cannot write logs with a KMS key.
    Default: `<project>-access-logs`. In another region, the region is appended."""
