"""The permissions boundary and the path of every IAM role."""

from collections.abc import Callable
from typing import Any

import pulumi

from components.base.renaming import Transformation
from config.project import Project

ROLE = "aws:iam/role:Role"


def bounded(project: Project, *, account_id: Callable[[], pulumi.Input[str]]) -> list[Transformation]:
    """Return the transformation that sets the boundary and the path of each role, or none if the stack sets neither.

    One place for all components, so that a new one has no role without the boundary.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    if project.permissions_boundary is None and project.role_path == "/":
        return []

    def bound(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != ROLE:
            return None
        props: dict[str, Any] = dict(args.props)
        if project.permissions_boundary is not None:
            props["permissions_boundary"] = pulumi.Output.from_input(account_id()).apply(project.boundary_arn)
        if project.role_path != "/":
            props["path"] = project.role_path
        return pulumi.ResourceTransformationResult(props=props, opts=args.opts)

    return [bound]
