"""The VPC, created or existing: subnets, NAT gateways, endpoints, network ACLs and flow logs."""

from typing import Literal, Self

from pydantic import Field, model_validator

from catalog.instance_types import instance_kind, newest_ami
from catalog.reading.model import Model
from config.subnets import carve
from config.types.aws import (
    AvailabilityZone,
    InstanceType,
    LogGroupClass,
    LogGroupName,
    RouteTableId,
    SubnetId,
    VpcId,
    VpcName,
)
from config.types.names import DnsName, TagValue
from config.types.network import Cidr, ServiceName
from config.types.times import RetentionDays

DefaultRoute = Literal["internetGateway", "natGateway", "transitGateway", "other", "none"]


class Subnet(Model):
    """A subnet."""

    cidr: Cidr
    """Network of the subnet, inside the VPC's."""

    zone: AvailabilityZone
    """Availability zone."""

    name: TagValue | None = None
    """Name tag. Default: `<vpc>-<tier>-<zone>`."""

    id: SubnetId | None = None
    """ID of the subnet in the VPC of `network.vpcId`, which requires it."""

    route: DefaultRoute | None = None
    """Target of the default route of a subnet of `network.vpcId`, as `aiplatform adopt vpc` finds it."""

    route_table_id: RouteTableId | None = None
    """Route table of a subnet of `network.vpcId`, which gateway endpoints require."""


class Subnets(Model):
    """Subnets of each tier; the number can differ between tiers."""

    public: tuple[Subnet, ...] = ()
    """Subnets of load balancers and NAT gateways."""

    private: tuple[Subnet, ...] = Field(min_length=1)
    """Subnets of nodes and pods, and of databases without data subnets; in at least two zones, which EKS and RDS
    require."""

    data: tuple[Subnet, ...] = ()
    """Subnets of databases, caches and file systems, without a route to the internet. Default: the private subnets."""

    control_plane: tuple[Subnet, ...] = ()
    """Subnets of the Kubernetes API's addresses in the VPC, a /28 in each of at least two zones. Default: the private
    subnets."""


class FlowLogs(Model):
    """VPC flow logs in CloudWatch Logs."""

    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    """Traffic that is logged."""

    retention_days: RetentionDays = 30
    """Retention in CloudWatch, in days."""

    aggregation_seconds: Literal[60, 600] = 600
    """Maximum aggregation interval of a record in seconds."""

    log_group_class: LogGroupClass | None = None
    """Class of the log group. INFREQUENT_ACCESS has half the price of ingestion, and no metric filters, subscription
    filters and Live Tail; another class replaces the log group with its logs. Default: STANDARD."""

    log_group: LogGroupName | None = None
    """Name of the log group. Default: `/aws/vpc/<vpc>/flow-logs`."""


class Endpoints(Model):
    """VPC endpoints of AWS services, which bypass NAT gateways."""

    gateway: tuple[Literal["s3", "dynamodb"], ...] = ("s3",)
    """Gateway endpoints, free of charge. Without s3 the NAT gateway bills every image layer and every model from S3."""

    interface: tuple[ServiceName, ...] = ()
    """Interface endpoints by service name without com.amazonaws.<region>: ecr.api, sts, secretsmanager."""

    add_missing: bool = False
    """Whether the endpoints of all other AWS services that the stack calls are created, too, as `nat: none` requires.
    Each interface endpoint has an hourly price for each zone."""

    existing: tuple[ServiceName, ...] = ()
    """Services of endpoints that the VPC of `network.vpcId` already has."""

    existing_cidrs: tuple[Cidr, ...] = ()
    """Networks of the subnets with interface endpoints of `existing`, to which network policies allow HTTPS. Default:
    the private subnets."""

    def has_interface(self) -> bool:
        """Return whether interface endpoints are created, which have addresses in the private subnets."""
        return bool(self.interface) or self.add_missing

    def reached(self) -> frozenset[str]:
        """Return the services with an endpoint, created or not."""
        return frozenset((*self.gateway, *self.interface, *self.existing))


class NetworkAclRule(Model):
    """A numbered rule of a network ACL. Network ACLs are stateless: responses need a rule, too."""

    number: int = Field(ge=1, le=32766)
    """Rule number: the matching rule with the lowest number applies."""

    action: Literal["allow", "deny"] = "allow"
    """Action for matching traffic."""

    protocol: Literal["tcp", "udp", "icmp", "all"] = "tcp"
    """Protocol; `all` has no ports."""

    cidr: Cidr
    """Source network of inbound rules, destination network of outbound rules."""

    from_port: int = Field(default=0, ge=0, le=65535)
    """First port."""

    to_port: int = Field(default=65535, ge=0, le=65535)
    """Last port."""


class NetworkAcl(Model):
    """The network ACL of a tier."""

    ingress: tuple[NetworkAclRule, ...] = ()
    """Inbound rules."""

    egress: tuple[NetworkAclRule, ...] = ()
    """Outbound rules."""


class NetworkAcls(Model):
    """Network ACLs, in addition to security groups; a tier without one has the VPC's default, which allows all
    traffic."""

    public: NetworkAcl | None = None
    """Network ACL of the public subnets."""

    private: NetworkAcl | None = None
    """Network ACL of the private subnets."""

    data: NetworkAcl | None = None
    """Network ACL of the data subnets."""


class NatInstance(Model):
    """EC2 instances that translate addresses in place of NAT gateways: docs/operate.md#nat-instances.

    Each is in an Auto Scaling group of one instance, which replaces it within minutes when a status check fails.
    """

    instance_type: InstanceType = "t4g.micro"
    """Instance type, which limits the bandwidth: a t4g.micro has 64 Mbit/s with bursts of 5 Gbit/s, a t4g.nano 32
    Mbit/s (https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html)."""

    def ami_parameter(self) -> str:
        """Return the public SSM parameter of the newest AMI."""
        return newest_ami(instance_kind(self.instance_type).architecture)


class Network(Model):
    """Section `ai-platform:network`."""

    vpc_id: VpcId | None = None
    """ID of an existing VPC, in which no VPC, subnet, gateway or route is created. `aiplatform adopt vpc ID --stack
    STACK` writes it with `cidr`, `subnets` and the other facts that a plan without an account requires; a preview with
    an account compares them with the VPC. Default: the stack creates its VPC."""

    cidr: Cidr
    """Address range of the VPC, /16 to /28."""

    secondary_cidrs: tuple[Cidr, ...] = ()
    """Other address ranges of the VPC of `vpcId`."""

    dns_support: bool = True
    """Whether the VPC of `vpcId` resolves names (enableDnsSupport), which EKS requires."""

    dns_hostnames: bool = True
    """Whether instances of the VPC of `vpcId` have DNS names (enableDnsHostnames), which EKS requires."""

    tag_subnets: bool = True
    """Whether the subnets of `vpcId` get the tags by which the load balancer controller finds them; false for subnets
    that another account shares, which only its owner tags."""

    name: VpcName | None = None
    """Name tag of the VPC. Default: `<project>-vpc`."""

    zones: tuple[AvailabilityZone, ...] = Field(default=(), max_length=4)
    """Two to four availability zones, for which the VPC's network is divided into subnets; not used with `subnets`."""

    subnets: Subnets | None = None
    """Explicit subnets. Default: the VPC's network is divided for `zones`."""

    cluster_tag: Literal["shared", "owned"] = "shared"
    """Value of the tag `kubernetes.io/cluster/<name>` of the subnets. Controllers accept both; `shared` allows another
    cluster to use the subnets, too."""

    data_subnets: bool = False
    """Whether there are data subnets for databases, caches and file systems, without a route to the internet, so that
    network policies can select them. Only for a new platform: existing databases would be replaced."""

    control_plane_subnets: bool = False
    """Whether there are small subnets for the Kubernetes API's addresses in the VPC, so that network policies can
    select the API without pods."""

    nat: Literal["perZone", "single", "none"] = "perZone"
    """NAT gateways: one for each zone with a public subnet, a single one, or none, which requires the endpoints of all
    AWS services that the stack calls, and a registry for images: docs/operate.md#without-internet."""

    nat_instance: NatInstance | None = None
    """NAT instances in place of the NAT gateways of `nat`: cheaper, slower, and without a service level. Default: NAT
    gateways."""

    flow_logs: FlowLogs | None = FlowLogs()
    """VPC flow logs; null disables them."""

    endpoints: Endpoints = Endpoints()
    """VPC endpoints by type."""

    private_domain: DnsName | None = None
    """Domain of the private hosted zone with the DNS records of `instances`. Default: `<project>.internal`."""

    network_acls: NetworkAcls = NetworkAcls()
    """Network ACLs, in addition to security groups."""

    @model_validator(mode="after")
    def _leave_as_it_is(self) -> Self:
        """Create nothing in an existing VPC that is not set."""
        if self.vpc_id is not None:
            if "flow_logs" not in self.model_fields_set:
                self.follow(flow_logs=None)
            if "gateway" not in self.endpoints.model_fields_set:
                self.follow(endpoints=self.endpoints.model_copy(update={"gateway": ()}))
        return self

    def tiers(self) -> Subnets:
        """Return the subnets of each tier, explicit or divided.

        Raises:
            ValueError: the VPC's network cannot be divided for the zones.
        """
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

    def vpc_cidrs(self) -> list[str]:
        """Return all networks of the VPC."""
        return [str(self.cidr), *map(str, self.secondary_cidrs)]

    def is_isolated(self) -> bool:
        """Return whether nodes have no route to the internet, and reach AWS services only through endpoints."""
        if self.vpc_id is None:
            return self.nat == "none"
        return self.subnets is not None and all(subnet.route == "none" for subnet in self.subnets.private)

    def endpoint_cidrs(self) -> list[str]:
        """Return the networks of interface endpoints; empty without one."""
        made = self.private_cidrs() if self.endpoints.has_interface() else []
        # A gateway endpoint has no address.
        existing = {*self.endpoints.existing} - {"dynamodb", "s3"}
        found = [str(cidr) for cidr in self.endpoints.existing_cidrs] or (self.private_cidrs() if existing else [])
        return list(dict.fromkeys([*made, *found]))

    def public_cidrs(self) -> list[str]:
        """Return the networks of the public subnets."""
        return [str(subnet.cidr) for subnet in self.tiers().public]

    def private_cidrs(self) -> list[str]:
        """Return the networks of nodes and pods."""
        return [str(subnet.cidr) for subnet in self.tiers().private]

    def data_cidrs(self) -> list[str]:
        """Return the networks of databases, caches and file systems."""
        return [str(subnet.cidr) for subnet in self.tiers().data] or self.private_cidrs()

    def has_control_plane_subnets(self) -> bool:
        """Return whether the control plane has its own subnets."""
        return bool(self.subnets.control_plane) if self.subnets else self.control_plane_subnets

    def control_plane_cidrs(self) -> list[str]:
        """Return the networks of the Kubernetes API's addresses; empty if pods have addresses in the same subnets."""
        return [str(subnet.cidr) for subnet in self.tiers().control_plane]

    def api_cidrs(self) -> list[str]:
        """Return the networks from which the Kubernetes API calls webhooks: its own, or those of nodes and pods."""
        return self.control_plane_cidrs() or self.private_cidrs()

    def nat_zones(self) -> tuple[str, ...]:
        """Return the zones with a NAT gateway or NAT instance."""
        if self.vpc_id is not None:
            return ()
        zones = tuple(dict.fromkeys(subnet.zone for subnet in self.tiers().public))
        return {"perZone": zones, "single": zones[:1], "none": ()}[self.nat]
