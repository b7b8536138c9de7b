"""Check the names of a plan against the stack's naming rule."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.preview.plan import UNKNOWN, Plan, Resource
from config.settings import Settings

OWN_NAMES = {
    "aws:s3/bucket:Bucket": ("bucket",),
    "aws:rds/instance:Instance": ("identifier",),
    "aws:rds/cluster:Cluster": ("clusterIdentifier",),
    "aws:rds/clusterInstance:ClusterInstance": ("identifier",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("replicationGroupId",),
    "aws:elasticache/user:User": ("userId",),
    "aws:elasticache/userGroup:UserGroup": ("userGroupId",),
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
            name = value.removeprefix(ALIAS).removesuffix("-")
            if "/" not in name and "." not in name:
                yield name
