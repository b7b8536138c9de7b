"""Security groups of the control plane and the nodes: exact names and additional inbound rules."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.network import Cidr, SecurityGroupName
from config.types.references import InstanceRef

NODE_PORTS = (30000, 32767)
"""Node port range of Kubernetes:
https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"""


class ControlPlaneGroup(Model):
    """The additional security group of the control plane's network interfaces in the VPC."""

    name: SecurityGroupName | None = None
    """Exact name. Default: a generated name that begins with the cluster's name."""

    egress_anywhere: bool = False
    """Whether the control plane can connect to any address, not only to nodes."""


class NodeIngress(Model):
    """An additional inbound rule of the nodes and their pods."""

    from_port: int = Field(ge=1, le=65535)
    """First port."""

    to_port: int | None = Field(default=None, ge=1, le=65535)
    """Last port. Default: the first port."""

    protocol: Literal["tcp", "udp"] = "tcp"
    """Protocol."""

    description: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*$")
    """Description of the rule, in the ASCII characters that AWS accepts:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html"""

    load_balancer: bool = False
    """Allow the load balancer, whose outbound rules are extended as well."""

    instances: tuple[InstanceRef, ...] = ()
    """Allow these entries of `instances`."""

    cidrs: tuple[Cidr, ...] = ()
    """Allow these networks."""

    def last(self) -> int:
        """Return the last port."""
        return self.from_port if self.to_port is None else self.to_port

    def label(self) -> str:
        """Format the ports as `30000-32767`, or `53-udp` for another protocol than TCP."""
        ports = f"{self.from_port}" if self.last() == self.from_port else f"{self.from_port}-{self.last()}"
        return ports if self.protocol == "tcp" else f"{ports}-{self.protocol}"


class NodesGroup(Model):
    """The security group of the nodes and their pods."""

    name: SecurityGroupName | None = None
    """Exact name. Default: a generated name that begins with the cluster's name."""

    cluster_group: bool = False
    """Whether nodes also have the cluster security group of EKS, which allows all traffic between them and the control
    plane."""

    ingress: tuple[NodeIngress, ...] = ()
    """Inbound rules in addition to those for the control plane, other nodes and the load balancer's targets."""

    def load_balancer_ingress(self, *, node_ports: bool) -> list[NodeIngress]:
        """Return the inbound rules for the load balancer, with the node port range if `node_ports`."""
        wanted = [opening for opening in self.ingress if opening.load_balancer]
        first, last = NODE_PORTS
        covered = any(
            opening.protocol == "tcp" and opening.from_port <= first and last <= opening.last() for opening in wanted
        )
        if node_ports and not covered:
            wanted.append(
                NodeIngress(from_port=first, to_port=last, load_balancer=True, description="NodePort Services")
            )
        return wanted


class SecurityGroups(Model):
    """Security groups of the cluster. Do not change a name: AWS replaces a security group whose name changes."""

    control_plane: ControlPlaneGroup = ControlPlaneGroup()
    """Security group of the control plane."""

    nodes: NodesGroup = NodesGroup()
    """Security group of the nodes."""
