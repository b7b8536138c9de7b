"""What the platform is called, where it stands and how its resources are tagged."""

from pydantic import Field

from catalog.reading.model import Model
from config.naming import Naming
from config.types.aws import AccountId, Region
from config.types.names import EnvironmentName, ProjectName, TagKey, TagValue


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

    max_instances: int | None = Field(default=None, ge=1, le=10_000)
    """The most EC2 instances that may come to run at once, by the largest sizes of node groups, the limits of node
    pools, and servers; no limit when left out."""

    naming: Naming | None = None
    """A rule that the names of AWS resources follow, and that `aiplatform plan` checks; none when left out."""

    def called(self, kind: str) -> str:
        """The default name of something of this platform: `<project>-<kind>`, or what the naming rule makes of it."""
        if self.naming is None:
            return f"{self.name}-{kind}"
        return self.naming.name(kind, project=self.name, environment=self.environment)

    def follows_naming(self, name: str) -> bool:
        """Whether a name is as the naming rule wants it; every name is where there is none."""
        return self.naming is None or self.naming.follows(name, project=self.name, environment=self.environment)

    def default_tags(self) -> dict[str, str]:
        """The tags that the AWS provider puts on everything."""
        return {"Project": self.name, "Environment": self.environment, "ManagedBy": "Pulumi", **self.tags}
