"""Check the names of a plan against the stack's naming rule."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.preview.plan import UNKNOWN, Plan, Resource
from catalog.aws import AWS_TYPES
from components.base.naming import WAF_LOGS
from config.settings import Settings

_NOT_NAMES = ("name", "statementId", "targetId")
OWN_NAMES = {
    **{token: (type_.name,) for token, type_ in AWS_TYPES.items() if type_.name not in _NOT_NAMES},
    "eks:index:Cluster": ("name",),
    "eks:index:ManagedNodeGroup": ("nodeGroupName",),
}
"""The input with the name of a resource, if not `name` or `namePrefix`."""

ALIAS = "alias/"


def names(plan: Plan, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each name that does not follow the rule, and for each unused exception."""
    naming = settings.project.naming
    if naming is None:
        return
    pattern = naming.pattern
    seen: set[str] = set()
    for resource in plan.resources:
        for name in physical_names(resource):
            if name not in seen and not settings.project.follows_naming(name):
                yield Finding(
                    "naming",
                    "warning",
                    resource.urn,
                    f"{name} of {resource.type.rpartition(':')[2]} {resource.name} does not follow {pattern}",
                    "rename it, or add it to project.naming.exceptions",
                )
            seen.add(name)
    for name in naming.exceptions:
        if name not in seen:
            yield Finding(
                "naming-exception",
                "info",
                "",
                f"no resource is named {name}, an exception in project.naming",
                "remove it from project.naming.exceptions",
            )


def physical_names(resource: Resource) -> Iterator[str]:
    """Yield the name and the Name tag of an AWS resource. Paths and DNS names are omitted: they have other rules."""
    if not resource.type.startswith(("aws:", "eks:")):
        return
    values = [resource.inputs.get(key) for key in OWN_NAMES.get(resource.type, ("name", "namePrefix"))]
    tags = resource.inputs.get("tags")
    values.append(tags.get("Name") if isinstance(tags, dict) else None)
    for value in values:
        if isinstance(value, str) and value != UNKNOWN:
            name = value.removeprefix(ALIAS).removeprefix(WAF_LOGS).removesuffix("-")
            if "/" not in name and "." not in name:
                yield name
