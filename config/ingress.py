"""The load balancer, its names and its certificate."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.aws import Arn
from config.types.names import DnsName
from config.types.network import Cidr, HostedZoneId, SecurityGroupName, TlsPolicy


class Zone(Model):
    """The Route 53 zone of the domain: made here, looked up by name, or given by its id."""

    create: bool = False
    """Makes the zone."""

    id: HostedZoneId | None = None
    """The id of a zone that is there."""

    lookup: bool = False
    """Finds the zone by its name, in the account of the credentials."""


class Ingress(Model):
    """Section `ai-platform:ingress`."""

    domain: DnsName | None = None
    """The domain of every host. Without one the load balancer is internal and speaks plain HTTP inside the VPC."""

    zone: Zone = Zone(create=True)
    """The Route 53 zone of the domain."""

    public: bool = True
    """With a domain: reachable from the internet, as far as `inboundCidrs` lets."""

    inbound_cidrs: tuple[Cidr, ...] = ()
    """Who may connect. The VPC alone when left out; an internet-facing load balancer needs it."""

    certificate_arn: Arn | None = None
    """A certificate of ACM in this region. Without it one is requested and validated through the zone."""

    tls_policy: TlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    """TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

    owner: Literal["pulumi", "controller"] = "pulumi"
    """Who makes the load balancer: Pulumi (it is in the preview, the bill and the destroy), or the controller from
    Ingress objects."""

    targets: Literal["ip", "instance"] = "ip"
    """Requests go to the pods themselves, or to a port that each node opens for them (30000-32767), for designs in
    which the load balancer reaches nodes on those ports alone. `instance` is for the servers of workloads and
    environments: charts make Services of their own."""

    security_group: SecurityGroupName | None = None
    """The exact name of the load balancer's security group; one that begins with `<project>-alb-` when left out."""

    idle_timeout_seconds: int = Field(default=60, ge=1, le=4000)
    """A connection without data is closed after so long."""

    deletion_protection: bool = False
    """AWS refuses to delete the load balancer until this is false again."""

    @property
    def internet_facing(self) -> bool:
        """Without a domain there is no certificate, so it stays inside."""
        return self.public and self.domain is not None
