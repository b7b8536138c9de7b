"""Stores that exist already, with settings of what is created, or under a name of something else."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

_BUCKET = "    artifacts: {}\n"
_END = ""
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"
_ARN = "arn:aws:secretsmanager:us-west-2:111122223333:secret:shared/slack-a1B2c3"


def bucket(settings: str, *lines: str) -> Case:
    """A case of the bucket."""
    return Case(((_BUCKET, f"    artifacts: {{{settings}}}\n"),), lines, _S3)


def secret(settings: str, *lines: str) -> Case:
    """A case of a secret, on line 28."""
    return Case(((_END, f"  ai-platform:secrets:\n    slack: {{description: Slack, {settings}}}\n"),), lines, _SECRETS)


def repository(settings: str, *lines: str) -> Case:
    """A case of a repository, on line 28."""
    return Case(((_END, f"  ai-platform:repositories:\n    api: {{{settings}}}\n"),), lines, _ECR)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "an existing bucket with a name and a lifecycle": bucket(
        "existing: acme-data, name: other, lifecycle: {expireDays: 3}",
        "22: buckets.artifacts.lifecycle: has no effect on an existing bucket, which the stack does not change; remove it",
        "22: buckets.artifacts.name: has no effect on an existing bucket, which the stack does not change; remove it",
    ),
    "an existing bucket that is deleted with the stack": bucket(
        "existing: acme-data, keepObjects: false",
        "22: buckets.artifacts.keepObjects: has no effect on an existing bucket, which the stack does not change; remove it",
    ),
    "an existing bucket that is replicated": bucket(
        "existing: acme-data, replicateTo: us-east-1",
        "22: buckets.artifacts.replicateTo: has no effect on an existing bucket, which the stack does not change; remove it",
    ),
    "an existing bucket by its ARN": bucket(
        "existing: 'arn:aws:s3:::acme-data'",
        "22: buckets.artifacts.existing: 'arn:aws:s3:::acme-data' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    ),
    "an existing secret that is generated": secret(
        f"existing: '{_ARN}', generate: true",
        "28: secrets.slack.generate: has no effect on an existing secret, which the stack does not change; remove it",
    ),
    "an existing secret by its name": secret(
        "existing: shared/slack",
        "28: secrets.slack.existing: 'shared/slack' is not an ARN; write it like arn:aws:secretsmanager:us-west-2:111122223333:secret:shared/database-a1B2c3",
    ),
    "an existing secret in another region": secret(
        f"existing: '{_ARN.replace('us-west-2', 'us-east-1')}'",
        "28: secrets.slack.existing: is in us-east-1; set a secret in us-west-2, the region of the platform",
    ),
    "an existing repository by the ARN of a bucket": repository(
        "existing: 'arn:aws:s3:::acme-data'",
        "28: repositories.api.existing: is the ARN of a resource of s3; set the ARN of an ECR repository, like arn:aws:ecr:us-west-2:111122223333:repository/shared/app",
    ),
    "an existing repository with tags of its own": repository(
        "existing: 'arn:aws:ecr:us-west-2:111122223333:repository/shared/api', immutableTags: false, pullers: ['444455556666']",
        "28: repositories.api.immutableTags: has no effect on an existing repository, which the stack does not change; remove it",
        "28: repositories.api.pullers: has no effect on an existing repository, which the stack does not change; remove it",
    ),
}
# fmt: on
