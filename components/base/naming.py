"""Physical names that fit the limits of AWS and follow the naming rule of a stack."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import LIMIT
from config.project import Project
from config.settings import Settings

LOAD_BALANCER_LIMIT = AWS_TYPES["aws:lb/loadBalancer:LoadBalancer"].limit
"""Maximum length in characters of the name of a load balancer or target group:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""

ROLE_LIMIT = AWS_TYPES["aws:iam/role:Role"].limit
"""Maximum length in characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

POLICY_LIMIT = AWS_TYPES["aws:iam/policy:Policy"].limit
"""Maximum length in characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

RULE_LIMIT = AWS_TYPES["aws:cloudwatch/eventRule:EventRule"].limit
"""Maximum length in characters: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""

QUEUE_LIMIT = AWS_TYPES["aws:sqs/queue:Queue"].limit
"""Maximum length in characters:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"""


ALIAS = "alias/"
"""Prefix of the name of every KMS alias."""


WAF_LOGS = "aws-waf-logs-"
"""Prefix of the name of every log group of AWS WAF."""


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


def deployed_names(settings: Settings, defaults: Iterable[str], limit: int = LIMIT) -> list[str]:
    """Return the names that resources or their Name tags have in AWS, from default names and their longest length."""
    if settings.project.naming is None:
        return list(defaults)
    given = given_names(settings)
    return [renamed(name, settings.project, given, limit) for name in defaults]


def web_acl_name(settings: Settings) -> str | None:
    """Return the name of the web ACL of the load balancer; None if there is none."""
    return deployed_names(settings, [f"{settings.project.name}-alb"])[0] if settings.ingress.waf is not None else None


def renamed(name: str, project: Project, given: frozenset[str], limit: int) -> str:
    """Return the name by the naming rule of a project, or the name itself if it is given by the stack file."""
    begin = ALIAS if name.startswith(ALIAS) else ""
    end = "-" if name.endswith("-") else ""
    own = name.removeprefix(begin).removesuffix(end)
    prefix = f"{project.name}-"
    if own in given or "/" in own or not own.startswith(prefix) or project.follows_naming(own):
        return name
    # A name that is too long is shortened in the middle, so that the environment remains.
    around = len(project.called("x")) - 1
    return f"{begin}{project.called(fit(own.removeprefix(prefix), limit - around))}{end}"


def given_names(settings: Settings) -> frozenset[str]:
    """Return every text of a stack file: a name among them is kept."""
    return frozenset(_texts(settings.model_dump(by_alias=True)))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401, settings hold values of any type
    """Yield every string in the settings, including keys, because keys are also names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
