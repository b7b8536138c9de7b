"""What the platform is called, where it stands and how its resources are tagged."""

from pydantic import Field

from config.model import Model
from config.types import AccountId, EnvironmentName, ProjectName, Region, TagKey, TagValue


class Project(Model):
    """Section `ai-platform:project`."""

    name: ProjectName
    """Prefixes the name of every AWS resource."""

    environment: EnvironmentName
    """The tag `Environment` of every resource: production, development, ..."""

    region: Region
    """The AWS region of everything."""

    account_id: AccountId | None = None
    """The only account that this stack may be built in. Without it the account of the credentials is asked for."""

    tags: dict[TagKey, TagValue] = Field(default={}, max_length=40)
    """Tags of every resource, beside Project, Environment and ManagedBy."""

    def default_tags(self) -> dict[str, str]:
        """The tags that the AWS provider puts on everything."""
        return {"Project": self.name, "Environment": self.environment, "ManagedBy": "Pulumi", **self.tags}
