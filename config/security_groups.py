"""The security groups of the control plane and the nodes: exact names, and what else they let in."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.network import Cidr, SecurityGroupName
from config.types.references import InstanceRef

NODE_PORTS = (30000, 32767)
"""Where Kubernetes opens Services on every node:
https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"""


class ControlPlaneGroup(Model):
    """The group of the Kubernetes API's addresses in the VPC, beside the one that EKS makes."""

    name: SecurityGroupName | None = None
    """Its exact name; one that begins with the cluster's and that AWS completes when left out."""

    egress_anywhere: bool = False
    """Lets the control plane open connections to any address, not to the nodes alone."""


class NodeIngress(Model):
    """Ports of the nodes and their pods that are open to others than the control plane and the nodes."""

    from_port: int = Field(ge=1, le=65535)
    """The first port."""

    to_port: int | None = Field(default=None, ge=1, le=65535)
    """The last port; the first alone when left out."""

    protocol: Literal["tcp", "udp"] = "tcp"
    """Its protocol."""

    description: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*$")
    """What it is for; AWS takes letters and digits of ASCII:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html"""

    load_balancer: bool = False
    """Open to the load balancer, which gets the way there, too."""

    instances: tuple[InstanceRef, ...] = ()
    """Open to these servers of `instances`."""

    cidrs: tuple[Cidr, ...] = ()
    """Open to these networks."""

    def last(self) -> int:
        """The last port."""
        return self.from_port if self.to_port is None else self.to_port

    def label(self) -> str:
        """`30000-32767`, or with another protocol than TCP `53-udp`."""
        ports = f"{self.from_port}" if self.last() == self.from_port else f"{self.from_port}-{self.last()}"
        return ports if self.protocol == "tcp" else f"{ports}-{self.protocol}"


class NodesGroup(Model):
    """The group of the nodes and their pods."""

    name: SecurityGroupName | None = None
    """Its exact name; one that begins with the cluster's and that AWS completes when left out."""

    cluster_group: bool = False
    """Nodes carry the group that EKS makes for the cluster, too: with it the control plane and they reach each other
    on every port."""

    ingress: tuple[NodeIngress, ...] = ()
    """What they let in beside the control plane, each other and the load balancer's requests to its targets."""

    def load_balancer_ingress(self, *, node_ports: bool) -> list[NodeIngress]:
        """What is open to the load balancer by this, with all that NodePort Services may get where it asks them."""
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
    """The groups of the cluster. A name once given stays: AWS replaces a group whose name changes."""

    control_plane: ControlPlaneGroup = ControlPlaneGroup()
    """Of the control plane."""

    nodes: NodesGroup = NodesGroup()
    """Of the nodes."""
