"""IAM permissions of a tenant: its own bucket, repository and password only.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from collections.abc import Sequence

import pulumi

from components.identity.access import Objects, bucket_statements, secret_statement
from components.identity.policy import Statement
from components.kubeflow.names import login_secret
from components.sharing.tenants.names import any_of
from components.sharing.tenants.storage import TENANT_BUCKET, TenantStorage
from config.settings import Settings
from config.tenants import Tenant, Tenants

_PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:GetDownloadUrlForLayer",
    "ecr:ListImages",
)
_PUSH = ("ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart")


def storage_statements(storage: TenantStorage, *, region: str, delete_images: bool = False) -> list[Statement]:
    """Return the statements for a tenant's own bucket and repository."""
    deletion = ("ecr:BatchDeleteImage",) if delete_images else ()
    return [
        *bucket_statements("OwnObjects", (storage.objects, "readWrite"), browses=True),
        Statement("UseOwnRepository", (*_PULL, *_PUSH, *deletion), (storage.repository_arn,)),
        # The token is valid for the whole registry; the other statements limit its permissions.
        Statement(
            "LogInToRegistry",
            ("ecr:GetAuthorizationToken",),
            ("*",),
            {"StringEquals": {"aws:RequestedRegion": region}},
        ),
    ]


def login_statement(settings: Settings, tenant: Tenant, account_id: pulumi.Input[str]) -> Statement:
    """Return the statement for the secret with a tenant's password for Kubeflow.

    AWS appends six random characters to the name of a secret.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    """
    where = f"arn:aws:secretsmanager:{settings.project.region}"
    name = login_secret(settings.project.name, tenant.name)
    return secret_statement("ReadOwnLogin", pulumi.Output.format("{0}:{1}:secret:{2}-??????", where, account_id, name))


def instructor_statements(
    settings: Settings, section: Tenants, tenants: Sequence[Tenant], account_id: pulumi.Input[str]
) -> list[Statement]:
    """Return the statements to read all tenants' data, by the pattern of their names.

    A policy cannot list the names of a thousand tenants.
    """
    prefix, suffix = section.resource_prefix or settings.project.name, section.bucket_suffix
    names = any_of(section.prefix, [tenant.number for tenant in tenants])
    buckets = [Objects(f"arn:aws:s3:::{prefix}-{name}{suffix}", TENANT_BUCKET.kms_key_arn) for name in names]
    where = f"arn:aws:ecr:{settings.project.region}"
    repositories = [
        pulumi.Output.format("{0}:{1}:repository/{2}/{3}", where, account_id, prefix, name) for name in names
    ]
    return [
        *bucket_statements("ObjectsOfTenants", *((bucket, "read") for bucket in buckets), browses=True),
        Statement("ReadRepositoriesOfTenants", _PULL, tuple(repositories)),
    ]
