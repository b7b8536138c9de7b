"""The EKS control plane, its endpoint, access entries and IAM roles."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import KUBERNETES
from config.security_groups import SecurityGroups
from config.types.arns import PrincipalArn
from config.types.aws import AvailabilityZone, ClusterName, LogGroupClass, PolicyName, RoleName
from config.types.names import DnsLabel, Name, Tags
from config.types.network import Cidr
from config.types.programs import KubernetesVersion
from config.types.text import matching
from config.types.times import RetentionDays

LogType = Literal["api", "audit", "authenticator", "controllerManager", "scheduler"]

AccessPolicy = Literal[
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
    "AmazonEKSAdminViewPolicy",
]


class Endpoint(Model):
    """Access to the endpoint of the Kubernetes API."""

    public: bool = True
    """Whether the API has a public endpoint, restricted to `publicCidrs`."""

    private: bool = True
    """Whether the API has a private endpoint in the VPC."""

    public_cidrs: tuple[Cidr, ...] = ()
    """Networks that can use the public endpoint; 0.0.0.0/0 is rejected."""

    private_cidrs: tuple[Cidr, ...] = ()
    """Networks that can use the private endpoint: of the machines that run `pulumi up`, kubectl and `aiplatform
    verify`, in the VPC or connected to it. Default: nodes and pods alone. docs/operate.md#private-endpoint."""


AUDIT_DAYS = 365
"""Default retention of the audit log in production: PCI DSS 4.0, requirement 10.5.1, requires twelve months.
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16
"""


class Logging(Model):
    """The control plane's logs in CloudWatch."""

    types: tuple[LogType, ...] = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    """Types of logs that are enabled."""

    retention_days: RetentionDays = 30
    """Retention in CloudWatch, in days; EKS writes all types to one log group. Default: 30, or 365 in environment
    production or prod with the type audit."""

    log_group_class: LogGroupClass | None = None
    """Class of the log group. INFREQUENT_ACCESS has half the price of ingestion, and no metric filters, subscription
    filters and Live Tail; another class replaces the log group with its logs. Default: STANDARD."""


KubernetesGroup = Annotated[
    str,
    matching(
        r"(?!(?:system|eks|aws|amazon|iam):)[!-~]{1,253}",
        "is not a Kubernetes group that EKS accepts; write at most 253 characters without spaces, not beginning with "
        "system:, eks:, aws:, amazon: or iam:",
    ),
]
"""https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2968"""

AwsPermission = Literal["pushImages", "readLogs", "manageInstances", "monitor"]
"""Sets of IAM permissions of a user, defined in components/cluster/aws_permissions.py."""


class Access(Model):
    """Access of a user or team: an EKS access entry with an access policy."""

    policy: AccessPolicy = "AmazonEKSViewPolicy"
    """Name of the EKS access policy."""

    namespaces: tuple[DnsLabel, ...] = ()
    """Namespaces to which the policy is limited. Default: the whole cluster."""

    principal_arn: PrincipalArn | None = None
    """ARN of an existing IAM role or user. Default: the role `<project>-access-<key>` is created, which principals of
    this account can assume if they have the IAM permission."""

    groups: tuple[KubernetesGroup, ...] = Field(default=(), max_length=50)
    """Kubernetes groups, for your own RBAC rules."""

    aws: tuple[AwsPermission, ...] = ()
    """IAM permissions of the created role. pushImages: pull and push images of `repositories`; readLogs: read this
    platform's log groups; manageInstances: start, stop, reboot, terminate and open a session on its EC2 instances;
    monitor: read CloudWatch metrics and alarms, and enable and disable this platform's alarms."""


class NodeRole(Model):
    """The IAM role of the nodes."""

    name: RoleName | None = None
    """Name of the role of node groups. Default: `<cluster>-node`. Karpenter's nodes have `<cluster>-karpenter-node`."""

    policies: tuple[PolicyName, ...] = Field(
        default=("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"), min_length=1, max_length=9
    )
    """Names of AWS managed policies, in addition to the one of Session Manager. The VPC CNI has its own role, so that
    AmazonEKS_CNI_Policy is not required:
    https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""


class Cluster(Model):
    """Section `ai-platform:cluster`."""

    name: ClusterName | None = None
    """Name of the cluster. Default: `<project>-eks`."""

    version: KubernetesVersion = KUBERNETES
    """Kubernetes version, in quotes."""

    support: Literal["STANDARD", "EXTENDED"] = "STANDARD"
    """Support policy: EXTENDED keeps an old version, at six times the price of the control plane."""

    zones: tuple[AvailabilityZone, ...] = ()
    """Zones of the control plane's network interfaces, at least two. Default: all zones with a subnet for them. EKS
    accepts no other zone after the creation: set the present zones here before you add one to the network. Nodes can
    run in any zone."""

    endpoint: Endpoint
    """Access to the Kubernetes API endpoint."""

    logging: Logging = Logging()
    """Logs of the control plane."""

    encrypt_secrets: bool = True
    """Whether Kubernetes Secrets have envelope encryption with a dedicated KMS key."""

    role_name: RoleName | None = None
    """Name of the control plane's IAM role. Default: `<cluster>-cluster`."""

    node_role: NodeRole = NodeRole()
    """IAM role of the nodes."""

    security_groups: SecurityGroups = SecurityGroups()
    """Names and inbound rules of the security groups of control plane and nodes."""

    service_cidr: Cidr | None = None
    """Network of Services. Default: EKS chooses one outside the VPC's network."""

    access: dict[Name, Access] = {}
    """Access of users and teams, by name."""

    tags: Tags = {}
    """Tags of the cluster, in addition to the platform's."""

    deletion_protection: bool = False
    """Whether EKS rejects its deletion until this is false. Default: true in environment production or prod, unless
    `project.deletionProtection` is false."""

    workload_identity: Literal["irsa", "podIdentity"] = "irsa"
    """How service accounts assume IAM roles: IRSA or EKS Pod Identity."""
