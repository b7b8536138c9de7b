"""MLflow's permissions, workspaces and garbage collection."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.names import Name
from config.types.text import matching
from config.types.times import KubernetesSchedule, TimeZone
from config.workloads.resources import Amounts, Resources

Permission = Literal["NO_PERMISSIONS", "READ", "USE", "EDIT", "MANAGE"]
"""https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/"""

DEFAULT_WORKSPACE = "default"
"""The workspace that always exists, with everything from before workspaces were enabled."""

GC_RESOURCES = Resources(requests=Amounts(cpu="100m", memory="320Mi"), limits=Amounts(memory="640Mi"))
"""CPU and memory of garbage collection, which uses 240 MiB."""

TENANT_GC_RESOURCES = Resources(requests=GC_RESOURCES.requests, limits=Amounts(cpu="500m", memory="640Mi"))
"""The same for a tenant, whose quota requires a limit of CPU."""

WorkspaceName = Annotated[
    str,
    matching(
        r"(?!(?:workspaces|api|ajax-api|static-files)$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]",
        "is not a workspace name; write 2-63 lower-case letters, digits and hyphens, and not workspaces, api, ajax-api "
        "or static-files",
    ),
]


class Workspace(Model):
    """A workspace of MLflow: experiments, models and prompts that only its users see."""

    description: str = Field(default="", max_length=500)
    """Description, which is set when the workspace is created."""

    users: tuple[Name, ...] = ()
    """Users (keys of `users`) who create resources, own those, and have `defaultPermission` for the others."""

    admins: tuple[Name, ...] = ()
    """Users (keys of `users`) who manage every resource and the roles of the workspace."""


class GarbageCollection(Model):
    """A CronJob with `mlflow gc`: it deletes runs, experiments and logged models, with their artifacts, some days after
    users deleted them. Until then they can be restored."""

    schedule: KubernetesSchedule = "30 3 * * *"
    """When."""

    time_zone: TimeZone = "UTC"
    """Time zone of the schedule."""

    older_than_days: int = Field(default=30, ge=1, le=3650)
    """Days from the deletion by a user. A registered model of a deleted run loses its files too."""
