"""Physical names that fit the limits of AWS."""

import hashlib
from typing import Any

from catalog.aws import AWS_TYPES

LOAD_BALANCER_LIMIT = AWS_TYPES["aws:lb/loadBalancer:LoadBalancer"].limit
"""Also the limit of target groups."""

ROLE_LIMIT = AWS_TYPES["aws:iam/role:Role"].limit
POLICY_LIMIT = AWS_TYPES["aws:iam/policy:Policy"].limit
RULE_LIMIT = AWS_TYPES["aws:cloudwatch/eventRule:EventRule"].limit
QUEUE_LIMIT = AWS_TYPES["aws:sqs/queue:Queue"].limit


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
