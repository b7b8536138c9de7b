"""What the rest of a platform uses of a VPC, wherever it comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pulumi

from config.network import Network, Subnet

Child = Callable[..., pulumi.ResourceOptions]
"""`Component.child` of the network."""


class Placed(NamedTuple):
    """A subnet of a tier, with its ID."""

    settings: Subnet
    id: pulumi.Output[str]


@dataclass(frozen=True)
class Vpc:
    """A VPC that is created (`made.py`) or exists (`given.py`)."""

    id: pulumi.Output[str]
    public: Sequence[Placed]
    private: Sequence[Placed]
    data: Sequence[Placed]
    control_plane: Sequence[Placed]
    route_table_ids: Sequence[pulumi.Input[str]]
    """The route tables of the subnets, for gateway endpoints."""

    ways_out: Sequence[pulumi.Resource] = field(default=())
    """Routes and associations that nodes require until they are deleted."""


class Around(NamedTuple):
    """What both sources get."""

    name: str
    settings: Network
    vpc_name: str
    cluster_name: str
    default_tags: Mapping[str, str]
    child: Child

    def cluster_tag(self) -> dict[str, str]:
        """Return the tag of subnets that the cluster's controllers use."""
        return {f"kubernetes.io/cluster/{self.cluster_name}": self.settings.cluster_tag}


PUBLIC_ROLE, PRIVATE_ROLE = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"
"""Tags by which the controller finds the subnets of load balancers:
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/"""
