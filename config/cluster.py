"""The EKS control plane and who may speak to it."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import KUBERNETES
from config.security_groups import SecurityGroups
from config.types.aws import Arn, ClusterName, PolicyName, RoleName
from config.types.names import DnsLabel, Name, TagKey, TagValue
from config.types.network import Cidr
from config.types.programs import KubernetesVersion
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
    """From where the Kubernetes API is reached."""

    public: bool = True
    """Reached from the internet, from `publicCidrs` alone."""

    private: bool = True
    """Reached inside the VPC."""

    public_cidrs: tuple[Cidr, ...] = ()
    """The networks that may use the public endpoint; it has to be closed to the rest of the world."""


class Logging(Model):
    """The control plane's logs in CloudWatch."""

    types: tuple[LogType, ...] = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    """The logs that are kept."""

    retention_days: RetentionDays = 30
    """How long CloudWatch keeps them."""


AwsRight = Literal["pushImages", "readLogs", "manageInstances", "monitor"]
"""What a person may do in AWS itself: components/cluster/rights.py says what each needs."""


class Access(Model):
    """One person or team: an EKS access entry with an access policy."""

    policy: AccessPolicy = "AmazonEKSViewPolicy"
    """What it allows: the EKS access policy's name."""

    namespaces: tuple[DnsLabel, ...] = ()
    """Where the policy holds; in the whole cluster when left out."""

    principal_arn: Arn | None = None
    """An IAM role or user that exists. Without it the role `<project>-access-<key>` is made, which IAM identities of
    this account may assume when they have the right to."""

    groups: tuple[str, ...] = ()
    """Kubernetes groups, for RBAC of your own."""

    aws: tuple[AwsRight, ...] = ()
    """Rights in AWS of the role that is made. pushImages: pull and push images of `repositories`; readLogs: this
    platform's log groups; manageInstances: start, stop, reboot, end and open a shell on its EC2 instances; monitor:
    metrics and alarms of CloudWatch, this platform's alarms switched on and off."""


class NodeRole(Model):
    """The IAM role of the nodes."""

    name: RoleName | None = None
    """That of node groups; `<cluster>-node` when left out. Karpenter's nodes have `<cluster>-karpenter-node`."""

    policies: tuple[PolicyName, ...] = Field(
        default=("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"), min_length=1, max_length=9
    )
    """AWS managed policies, by name, beside the one of Session Manager: join the cluster and pull images. The VPC CNI
    has a role of its own, so AmazonEKS_CNI_Policy is not needed here:
    https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""


class Cluster(Model):
    """Section `ai-platform:cluster`."""

    name: ClusterName | None = None
    """`<project>-eks` when left out."""

    version: KubernetesVersion = KUBERNETES
    """The Kubernetes version, in quotes."""

    support: Literal["STANDARD", "EXTENDED"] = "STANDARD"
    """EXTENDED keeps an old version running for six times the price of the control plane."""

    endpoint: Endpoint
    """Who reaches the Kubernetes API, and from where."""

    logging: Logging = Logging()
    """The control plane's logs."""

    encrypt_secrets: bool = True
    """Envelope encryption of Kubernetes secrets by a KMS key of their own."""

    role_name: RoleName | None = None
    """The control plane's IAM role; `<cluster>-cluster` when left out."""

    node_role: NodeRole = NodeRole()
    """The nodes' IAM role."""

    security_groups: SecurityGroups = SecurityGroups()
    """Names and rules of the security groups of control plane and nodes."""

    service_cidr: Cidr | None = None
    """The network of Services; EKS chooses one beside the VPC's when left out."""

    access: dict[Name, Access] = {}
    """Who may use the cluster, by name."""

    tags: dict[TagKey, TagValue] = {}
    """Tags of the cluster, beside the platform's."""

    deletion_protection: bool = False
    """EKS refuses to delete it until this is false again."""

    workload_identity: Literal["irsa", "podIdentity"] = "irsa"
    """How service accounts get their IAM role."""
