"""Physical names that fit the limits of AWS."""

import hashlib
from typing import Any

LOAD_BALANCER_LIMIT = 32
"""Also the limit of target groups:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""

ROLE_LIMIT = 64
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

POLICY_LIMIT = 128
"""Same page."""

RULE_LIMIT = 64
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""

QUEUE_LIMIT = 80
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"""


def fit(name: str, limit: int) -> str:
    """`name`, or where it is too long its beginning and six characters that still tell it from others."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: limit - 7].rstrip('-')}-{digest}"


def physical(name: str | None, prefix: str) -> dict[str, Any]:
    """The arguments that name a security group: exactly where a name is given, else by a beginning that AWS completes,
    with which a new group can come before the old one goes."""
    return {"name": name} if name is not None else {"name_prefix": prefix}


TENANT_TAG = "Tenant"
"""On AWS resources of a tenant, with its name; as an activated cost allocation tag it divides AWS's own bill too."""


def tenant_tags(tenant: str) -> dict[str, str]:
    """Return the tags of AWS resources that belong to one tenant."""
    return {TENANT_TAG: tenant}
