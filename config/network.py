"""The VPC and what leads in and out of it."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.subnets import carve
from config.types.aws import AvailabilityZone
from config.types.names import DnsName
from config.types.network import Cidr, ServiceName
from config.types.times import RetentionDays


class Subnet(Model):
    """One subnet, given by hand."""

    cidr: Cidr
    """Its network, within the VPC's."""

    zone: AvailabilityZone
    """The availability zone it lies in."""

    name: str | None = None
    """The Name tag; `<vpc>-<tier>-<zone>` when left out."""


class Subnets(Model):
    """The subnets one by one; the tiers may differ in number."""

    public: tuple[Subnet, ...] = ()
    """Load balancers and NAT gateways."""

    private: tuple[Subnet, ...] = Field(min_length=1)
    """Nodes, pods and, without a tier of their own, databases; in at least two zones: EKS and RDS ask for that."""

    data: tuple[Subnet, ...] = ()
    """Databases, caches and file systems, without a way out; in the private subnets when left out."""

    control_plane: tuple[Subnet, ...] = ()
    """The Kubernetes API's own addresses in the VPC, /28 each in two zones or more; in the private subnets when left
    out."""


class FlowLogs(Model):
    """Who spoke with whom, in CloudWatch Logs."""

    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    """Which connections are logged."""

    retention_days: RetentionDays = 30
    """How long CloudWatch keeps them."""

    aggregation_seconds: Literal[60, 600] = 600
    """The time that one record sums up."""

    log_group: str | None = None
    """Name of the log group; `/aws/vpc/<vpc>/flow-logs` when left out."""


class Endpoints(Model):
    """AWS services reached without NAT."""

    gateway: tuple[Literal["s3", "dynamodb"], ...] = ("s3",)
    """Free of charge. Without the one for S3 every image layer and every model from S3 is billed by the NAT gateway."""

    interface: tuple[ServiceName, ...] = ()
    """Service names as AWS has them behind com.amazonaws.<region>: ecr.api, sts, secretsmanager."""


class NetworkAclRule(Model):
    """One numbered rule of a network ACL. Network ACLs are stateless: replies need a rule of their own."""

    number: int = Field(ge=1, le=32766)
    """Its place: the lowest number that matches decides."""

    action: Literal["allow", "deny"] = "allow"
    """What happens to traffic that matches."""

    protocol: Literal["tcp", "udp", "icmp", "all"] = "tcp"
    """The protocol; `all` has no ports."""

    cidr: Cidr
    """The network at the other end."""

    from_port: int = Field(default=0, ge=0, le=65535)
    """The first port."""

    to_port: int = Field(default=65535, ge=0, le=65535)
    """The last port."""


class NetworkAcl(Model):
    """The rules of one tier's network ACL."""

    ingress: tuple[NetworkAclRule, ...] = ()
    """Rules for what comes in."""

    egress: tuple[NetworkAclRule, ...] = ()
    """Rules for what goes out."""


class NetworkAcls(Model):
    """Network ACLs beside the security groups; a tier without one keeps the VPC's default that allows all."""

    public: NetworkAcl | None = None
    """The public subnets' rules."""

    private: NetworkAcl | None = None
    """The private subnets' rules."""

    data: NetworkAcl | None = None
    """The data subnets' rules."""


class Network(Model):
    """Section `ai-platform:network`."""

    cidr: Cidr
    """The address range of the VPC, between /16 and /28."""

    name: str | None = None
    """The Name tag of the VPC; `<project>-vpc` when left out."""

    zones: tuple[AvailabilityZone, ...] = Field(default=(), max_length=4)
    """Two to four availability zones; subnets are carved for them from the CIDR unless `subnets` gives them."""

    subnets: Subnets | None = None
    """The subnets one by one."""

    cluster_tag: Literal["shared", "owned"] = "shared"
    """What the tag `kubernetes.io/cluster/<name>` of the subnets says. Controllers take both; `shared` lets another
    cluster use them, too."""

    data_subnets: bool = False
    """Carves a third tier for databases, caches and file systems, without a way out, so that network policies can name
    what pods may reach there. It is for a new platform: databases that stand elsewhere would be replaced."""

    control_plane_subnets: bool = False
    """Carves small subnets for the Kubernetes API's addresses in the VPC, so that network policies can name it and no
    pod beside it."""

    nat: Literal["perZone", "single", "none"] = "perZone"
    """NAT gateways: one a zone with a public subnet, one for all, or none (then interface endpoints must do)."""

    flow_logs: FlowLogs | None = FlowLogs()
    """Set to null to have none."""

    endpoints: Endpoints = Endpoints()
    """Ways to AWS services that bypass NAT."""

    private_domain: DnsName | None = None
    """The private zone of the VPC, in which `instances` have their names; `<project>.internal` when left out."""

    network_acls: NetworkAcls = NetworkAcls()
    """Network ACLs beside the security groups."""

    def tiers(self) -> Subnets:
        """The subnets of each tier, given or carved."""
        if self.subnets is not None:
            return self.subnets
        carved = carve(self.cidr, len(self.zones), data=self.data_subnets, control_plane=self.control_plane_subnets)
        return Subnets(
            public=tuple(Subnet(cidr=cidr, zone=zone) for cidr, zone in zip(carved.public, self.zones, strict=True)),
            private=tuple(Subnet(cidr=cidr, zone=zone) for cidr, zone in zip(carved.private, self.zones, strict=True)),
            # As many as there are zones, or none at all.
            data=tuple(Subnet(cidr=cidr, zone=zone) for cidr, zone in zip(carved.data, self.zones, strict=False)),
            control_plane=tuple(
                Subnet(cidr=cidr, zone=zone) for cidr, zone in zip(carved.control_plane, self.zones, strict=False)
            ),
        )

    def public_cidrs(self) -> list[str]:
        """The networks of load balancers that face the internet."""
        return [str(subnet.cidr) for subnet in self.tiers().public]

    def private_cidrs(self) -> list[str]:
        """The networks of nodes and pods."""
        return [str(subnet.cidr) for subnet in self.tiers().private]

    def data_cidrs(self) -> list[str]:
        """The networks of databases, caches and file systems."""
        return [str(subnet.cidr) for subnet in self.tiers().data] or self.private_cidrs()

    def has_control_plane_subnets(self) -> bool:
        """Whether the control plane has a tier of its own."""
        return bool(self.subnets.control_plane) if self.subnets else self.control_plane_subnets

    def control_plane_cidrs(self) -> list[str]:
        """The networks of the Kubernetes API's addresses; none where pods have addresses of the same ones."""
        return [str(subnet.cidr) for subnet in self.tiers().control_plane]

    def api_cidrs(self) -> list[str]:
        """The networks from which the Kubernetes API calls webhooks: its own, or those of nodes and pods."""
        return self.control_plane_cidrs() or self.private_cidrs()

    def nat_zones(self) -> tuple[str, ...]:
        """The zones that hold a NAT gateway."""
        zones = tuple(dict.fromkeys(subnet.zone for subnet in self.tiers().public))
        return {"perZone": zones, "single": zones[:1], "none": ()}[self.nat]
