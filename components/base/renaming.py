"""A stack's naming rule, over what its components call their resources by default."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import LIMIT
from components.base.naming import fit
from config.project import Project
from config.settings import Settings

ALIAS = "alias/"
"""Begins the name of every KMS alias."""

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def renaming(settings: Settings) -> list[Transformation]:
    """The transformations that bring default names under the naming rule; none where there is no rule.

    A name that stands in the stack file stays as it is: `aiplatform plan` says where it breaks the rule. So does one
    with a slash, which is a path that AWS or a policy counts on.
    """
    if settings.project.naming is None:
        return []
    given = frozenset(_texts(settings.model_dump(by_alias=True)))

    def rename(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:"):
            return None
        props = dict(args.props)
        known = AWS_TYPES.get(args.type_)
        limit = known.limit if known is not None else LIMIT
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
    # What is too long is cut in the middle: the environment stays.
    around = len(project.called("x")) - 1
    return f"{begin}{project.called(fit(own.removeprefix(prefix), limit - around))}{end}"


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401, settings hold values of any type
    """Every text of the settings: keys name things, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
