"""Applies the naming rule of a stack to the default names of its resources."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi

from components.base.naming import LOAD_BALANCER_LIMIT, POLICY_LIMIT, QUEUE_LIMIT, ROLE_LIMIT, RULE_LIMIT, fit
from config.project import Project
from config.settings import Settings

ALIAS = "alias/"
"""Prefix of the name of every KMS alias."""

LIMITS = {
    "aws:iam/role:Role": ROLE_LIMIT,
    "aws:iam/policy:Policy": POLICY_LIMIT,
    "aws:lb/loadBalancer:LoadBalancer": LOAD_BALANCER_LIMIT,
    "aws:lb/targetGroup:TargetGroup": LOAD_BALANCER_LIMIT,
    "aws:cloudwatch/eventRule:EventRule": RULE_LIMIT,
    "aws:scheduler/schedule:Schedule": RULE_LIMIT,
    "aws:lambda/function:Function": 64,
    "aws:sqs/queue:Queue": QUEUE_LIMIT,
    "aws:elasticache/user:User": 40,
}
LIMIT = 255

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def renaming(settings: Settings) -> list[Transformation]:
    """Return the transformations that apply the naming rule to default names, or none if the stack has no rule.

    A name from the stack file is unchanged; `aiplatform plan` reports it if it breaks the rule. A name with a slash is
    unchanged, because AWS or a policy depends on that path.
    """
    if settings.project.naming is None:
        return []
    given = frozenset(_texts(settings.model_dump(by_alias=True)))

    def rename(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:"):
            return None
        props = dict(args.props)
        limit = LIMITS.get(args.type_, LIMIT)
        for key in ("name", "name_prefix", "configuration_name"):
            name = props.get(key)
            if isinstance(name, str):
                props[key] = _renamed(name, settings.project, given, limit)
        tags = props.get("tags")
        if isinstance(tags, dict) and isinstance(tags.get("Name"), str):
            props["tags"] = {**tags, "Name": _renamed(tags["Name"], settings.project, given, LIMIT)}
        return pulumi.ResourceTransformationResult(props=props, opts=args.opts)

    return [rename]


def _renamed(name: str, project: Project, given: frozenset[str], limit: int) -> str:
    begin = ALIAS if name.startswith(ALIAS) else ""
    end = "-" if name.endswith("-") else ""
    own = name.removeprefix(begin).removesuffix(end)
    prefix = f"{project.name}-"
    if own in given or "/" in own or not own.startswith(prefix) or project.follows_naming(own):
        return name
    # A name that is too long is shortened in the middle, so that the environment remains.
    around = len(project.called("x")) - 1
    return f"{begin}{project.called(fit(own.removeprefix(prefix), limit - around))}{end}"


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
