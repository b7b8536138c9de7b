"""Name, environment, region, account and tags of the platform."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.naming import Naming
from config.types.arns import DeployerArn
from config.types.aws import AccountId, ManagedPolicy, ProfileName, QuotaCode, Region, RolePath
from config.types.imports import ImportKey
from config.types.names import EnvironmentName, ProjectName, Tags


def is_production(environment: str) -> bool:
    """Return whether an environment of this name is in production."""
    return environment in {"production", "prod"}


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

    tags: Tags = Field(default={}, max_length=40)
    """Tags of every resource, in addition to Project, Environment and ManagedBy."""

    deployer: DeployerArn | None = None
    """ARN of the IAM role or user that deploys the stack. EKS makes the creator of a cluster its administrator, so that
    it has no entry in `cluster.access`. Default: the principal of the credentials of the first `pulumi up`."""

    assume_deployer: bool = False
    """Whether the credentials assume the role `deployer`: in the AWS providers, the kubeconfig and `aiplatform
    verify`."""

    profile: ProfileName | None = None
    """Profile of the AWS configuration, for the AWS providers, the kubeconfig and `aiplatform verify`. Default:
    `AWS_PROFILE`, or the credentials of the environment."""

    max_instances: int | None = Field(default=None, ge=1, le=10_000)
    """Maximum EC2 instances that can run at the same time, by the maximum of node groups, the limits of node pools, and
    `instances`. Default: no limit."""

    deletion_protection: bool | None = None
    """Whether Pulumi refuses to delete what holds data or an identity; see `aiplatform unprotect`. Default: true in
    environment production or prod, or if `deletionProtection` of the cluster, load balancer or a database is true."""

    retain_on_delete: bool = True
    """Whether volumes, file systems and buckets of a protected stack stay in the account when Pulumi deletes them."""

    quotas: dict[QuotaCode, Annotated[int, Field(ge=0, le=10**9)]] = {}
    """Quotas that AWS has increased for the account, by quota code: `L-1216C47A: 64`. Default: the default quotas."""

    imports: dict[ImportKey, Annotated[str, Field(min_length=1, max_length=2048)]] = Field(default={}, alias="import")
    """IDs of resources that exist, by URN or its end (`aws:s3/bucket:Bucket::bucket-artifacts`): the first `pulumi up`
    imports each instead of creating it, and the stack owns it from then on: docs/adopt.md."""

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

    def is_production(self) -> bool:
        """Return whether the platform is in production."""
        return is_production(self.environment)

    def assumed_role(self) -> str | None:
        """Return the role that the credentials assume; None if they assume none."""
        return self.deployer if self.assume_deployer else None

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
