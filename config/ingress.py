"""The load balancer, its hosted zone and its certificate."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.arns import CertificateArn
from config.types.names import DnsName
from config.types.network import Cidr, HostedZoneId, SecurityGroupName, TlsPolicy
from config.waf import Waf

COMMON_NAME_LIMIT = 64
"""Maximum length in characters of the first host of a certificate; the others may have 253:
https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""


class Zone(Model):
    """The Route 53 hosted zone of the domain: created, looked up by name, or given by its ID."""

    create: bool = False
    """Whether the hosted zone is created."""

    id: HostedZoneId | None = None
    """ID of an existing hosted zone."""

    lookup: bool = False
    """Whether the hosted zone is looked up by name, in the account of the credentials."""


class Ingress(Model):
    """Section `ai-platform:ingress`."""

    domain: DnsName | None = None
    """Domain of all hosts. Without a domain the load balancer is internal and serves HTTP in the VPC."""

    zone: Zone = Zone(create=True)
    """Route 53 hosted zone of the domain."""

    public: bool = True
    """Whether the load balancer is internet-facing, restricted to `inboundCidrs`; requires a domain."""

    inbound_cidrs: tuple[Cidr, ...] = ()
    """Networks that can connect. Default: the VPC; required for an internet-facing load balancer."""

    certificate_arn: CertificateArn | None = None
    """ARN of an ACM certificate in this region. Default: one is requested and validated by DNS."""

    tls_policy: TlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    """TLS policy. The default has TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

    owner: Literal["pulumi", "controller"] = "pulumi"
    """What creates the load balancer: Pulumi (it is part of preview, bill and destroy), or the controller from Ingress
    objects."""

    targets: Literal["ip", "instance"] = "ip"
    """Target type: pods (`ip`), or node ports 30000-32767 (`instance`), for designs in which the load balancer only
    reaches node ports. `instance` is supported for workloads and environments, not for Services of charts."""

    security_group: SecurityGroupName | None = None
    """Exact name of the load balancer's security group. Default: a generated name that begins with `<project>-alb-`."""

    idle_timeout_seconds: int = Field(default=60, ge=1, le=4000)
    """Seconds after which an idle connection is closed. Default: 60, or the longest response of what it serves:
    LiteLLM's `requestTimeoutSeconds`, 600 of models, 120 of MLflow, `responseSeconds` of applications."""

    deletion_protection: bool = False
    """Whether AWS rejects the deletion of the load balancer, and of Kafka's, until this is false. Default: true in
    environment production or prod, unless `project.deletionProtection` is false."""

    waf: Waf | None = None
    """Web ACL of AWS WAF in front of the load balancer; none without this setting."""

    @property
    def internet_facing(self) -> bool:
        """Return whether the load balancer is internet-facing; without a domain, and so without a certificate, it is
        not."""
        return self.public and self.domain is not None
