"""Applies the naming rule of a stack to the default names of its resources."""

from collections.abc import Callable

import pulumi

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import LIMIT
from components.base.naming import given_names, renamed
from config.settings import Settings

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def renaming(settings: Settings) -> list[Transformation]:
    """Return the transformations that apply the naming rule to default names, or none if the stack has no rule.

    A name from the stack file is unchanged; `aiplatform plan` reports it if it breaks the rule. A name with a slash is
    unchanged, because AWS or a policy depends on that path.
    """
    if settings.project.naming is None:
        return []
    given = given_names(settings)

    def rename(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:"):
            return None
        props = dict(args.props)
        known = AWS_TYPES.get(args.type_)
        limit = known.limit if known is not None else LIMIT
        for key in ("name", "name_prefix", "configuration_name"):
            name = props.get(key)
            if isinstance(name, str):
                props[key] = renamed(name, settings.project, given, limit)
        tags = props.get("tags")
        if isinstance(tags, dict) and isinstance(tags.get("Name"), str):
            props["tags"] = {**tags, "Name": renamed(tags["Name"], settings.project, given, LIMIT)}
        return pulumi.ResourceTransformationResult(props=props, opts=args.opts)

    return [rename]
