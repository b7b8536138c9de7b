"""Name, environment, region, account and tags of the platform."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.naming import Naming
from config.types.aws import AccountId, QuotaCode, Region
from config.types.names import EnvironmentName, ProjectName, TagKey, TagValue


class Project(Model):
    """Section `ai-platform:project`."""

    name: ProjectName
    """Name of the platform: the prefix of the names of AWS resources."""

    environment: EnvironmentName
    """Value of the tag `Environment` of every resource, such as production or development."""

    region: Region
    """AWS region of the platform."""

    account_id: AccountId | None = None
    """The account to which this stack can be deployed. Default: the account of the credentials."""

    tags: dict[TagKey, TagValue] = Field(default={}, max_length=40)
    """Tags of every resource, in addition to Project, Environment and ManagedBy."""

    max_instances: int | None = Field(default=None, ge=1, le=10_000)
    """Maximum EC2 instances that can run at the same time, by the maximum of node groups, the limits of node pools, and
    `instances`. Default: no limit."""

    quotas: dict[QuotaCode, Annotated[int, Field(ge=0, le=10**9)]] = {}
    """Quotas that AWS has increased for the account, by quota code: `L-1216C47A: 64`. Default: the default quotas."""

    deletion_protection: bool | None = None
    """Whether Pulumi refuses to delete what holds data or an identity; see `aiplatform unprotect`. Default: true in
    environment production or prod, or if `deletionProtection` of the cluster, load balancer or a database is true."""

    retain_on_delete: bool = True
    """Whether volumes, file systems and buckets of a protected stack stay in the account when Pulumi deletes them."""

    naming: Naming | None = None
    """Naming rule of AWS resources, which `aiplatform plan` checks. Default: none."""

    def is_production(self) -> bool:
        """Return whether the platform is in production."""
        return self.environment in {"production", "prod"}

    def called(self, kind: str) -> str:
        """Return the default name of a kind of resource: `<project>-<kind>`, or the name by the naming rule."""
        if self.naming is None:
            return f"{self.name}-{kind}"
        return self.naming.name(kind, project=self.name, environment=self.environment)

    def follows_naming(self, name: str) -> bool:
        """Return whether a name follows the naming rule; True without a rule."""
        return self.naming is None or self.naming.follows(name, project=self.name, environment=self.environment)

    def default_tags(self) -> dict[str, str]:
        """Return the default tags of the AWS provider."""
        return {"Project": self.name, "Environment": self.environment, "ManagedBy": "Pulumi", **self.tags}
