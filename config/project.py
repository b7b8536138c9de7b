"""Name, environment, region, account and tags of the platform."""

from typing import Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.naming import Naming
from config.types.aws import AccountId, ManagedPolicy, Region, RolePath
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

    permissions_boundary: ManagedPolicy | None = None
    """Permissions boundary of every IAM role, by name or ARN. `aiplatform permissions` writes its document, and allows
    the deploying role to make no role without it. Default: none.
    """

    role_path: RolePath = "/"
    """Path of every IAM role. A change replaces the roles of a running platform."""

    tags: dict[TagKey, TagValue] = Field(default={}, max_length=40)
    """Tags of every resource, in addition to Project, Environment and ManagedBy."""

    max_instances: int | None = Field(default=None, ge=1, le=10_000)
    """Maximum EC2 instances that can run at the same time, by the maximum of node groups, the limits of node pools, and
    `instances`. Default: no limit."""

    naming: Naming | None = None
    """Naming rule of AWS resources, which `aiplatform plan` checks. Default: none."""

    @model_validator(mode="after")
    def _boundary_of_this_account(self) -> Self:
        arn = self.permissions_boundary or ""
        if self.account_id and arn.startswith("arn:") and arn.split(":")[4] not in {self.account_id, "aws"}:
            raise ValueError(
                f"permissionsBoundary: {arn} is in another account than accountId {self.account_id}; "
                "a boundary is a policy of the account of its roles"
            )
        return self

    def boundary_arn(self, account: str) -> str:
        """Return the ARN of the permissions boundary. Without a setting it is the policy `<project>-boundary`."""
        policy = self.permissions_boundary or f"{self.name}-boundary"
        return policy if policy.startswith("arn:") else f"arn:aws:iam::{account}:policy/{policy}"

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
