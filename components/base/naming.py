"""Physical names that fit the limits of AWS."""

import hashlib
from typing import Any

LOAD_BALANCER_LIMIT = 32
"""Maximum length in characters of the name of a load balancer or target group:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""

ROLE_LIMIT = 64
"""Maximum length in characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

POLICY_LIMIT = 128
"""Maximum length in characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

RULE_LIMIT = 64
"""Maximum length in characters: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""

QUEUE_LIMIT = 80
"""Maximum length in characters:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"""


def fit(name: str, limit: int) -> str:
    """Return `name`, or, if it exceeds `limit`, its beginning and six characters of its SHA-256 digest."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: limit - 7].rstrip('-')}-{digest}"


def physical(name: str | None, prefix: str) -> dict[str, Any]:
    """Return the arguments that name a security group: `name` if one is given, otherwise `name_prefix`.

    AWS appends a suffix to a prefix, so a replacement group can be created before the old group is deleted.
    """
    return {"name": name} if name is not None else {"name_prefix": prefix}


TENANT_TAG = "Tenant"
"""Tag key on AWS resources of a tenant; the value is the tenant's name.

If it is activated as a cost allocation tag, AWS's bill is also divided by tenant."""


def tenant_tags(tenant: str) -> dict[str, str]:
    """Return the tags of AWS resources that belong to one tenant."""
    return {TENANT_TAG: tenant}
