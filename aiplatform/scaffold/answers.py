"""What a new stack file is made of: the answers, and what follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from catalog.aws.regions import NO_CONTROL_PLANE, zones
from catalog.offers import regions, sold

Purpose = Literal["mlflow", "class", "chat", "environments", "serving"]
Size = Literal["small", "medium", "large"]

PURPOSES: dict[Purpose, str] = {
    "mlflow": "MLflow for a team",
    "class": "a class in which each user has Kubeflow, MLflow and a bucket",
    "chat": "Open WebUI with models of external providers",
    "environments": "development and production of own applications on one cluster",
    "serving": "a language model on GPUs",
}

DOCUMENTATION = "203.0.113.0/24"
"""A network of https://www.rfc-editor.org/rfc/rfc5737: a plan warns of it until it is replaced."""


class Scale(NamedTuple):
    """What a size means for a purpose."""

    nodes: int
    most: int
    types: tuple[str, ...]
    database: str
    storage: int


_TYPES = {
    "small": ("m7i.large", "m6i.large", "m5.large"),
    "medium": ("m7i.xlarge", "m6i.xlarge", "m5.xlarge"),
    "large": ("m7i.2xlarge", "m6i.2xlarge", "m5.2xlarge"),
}
_SCALES: dict[Size, Scale] = {
    "small": Scale(2, 4, _TYPES["small"], "db.t4g.small", 20),
    "medium": Scale(3, 6, _TYPES["medium"], "db.t4g.medium", 100),
    "large": Scale(3, 10, _TYPES["large"], "db.m7g.large", 400),
}
_GPUS: dict[Size, tuple[str, ...]] = {
    "small": ("g6.xlarge", "g5.xlarge", "g4dn.xlarge"),
    "medium": ("g6.2xlarge", "g5.2xlarge"),
    "large": ("g6e.2xlarge", "g6e.xlarge"),
}


@dataclass(frozen=True)
class Answers:
    """The choices of a user."""

    stack: str
    purpose: Purpose
    region: str
    zones: tuple[str, ...] = ()
    """Default: the first two of the region, in production three, that offer the instance types."""

    domain: str | None = None
    size: Size = "small"
    production: bool = False
    budget: float | None = None
    users: int = 15
    """Users of a class."""

    network: str = DOCUMENTATION
    """The network from which users and deployments connect."""

    cidr: str = "10.40.0.0/16"

    @property
    def scale(self) -> Scale:
        """Return the sizes of nodes and databases."""
        return _SCALES[self.size]

    @property
    def node_types(self) -> Sequence[str]:
        """Return the instance type of nodes that the region offers."""
        wanted = _TYPES["large"] if self.purpose == "class" else self.scale.types
        return _offered(wanted, self.region)[:1]

    @property
    def system_types(self) -> Sequence[str]:
        """Return the instance type of the nodes of a class that run Kubeflow."""
        return _offered(_TYPES["medium"], self.region)[:1]

    @property
    def gpu_types(self) -> Sequence[str]:
        """Return the GPU instance types that the region offers, which hold the model."""
        return _offered(_GPUS[self.size], self.region)[:1] or _offered(_GPUS["small"], self.region)[:1]

    @property
    def in_zones(self) -> Sequence[str]:
        """Return the zones."""
        if self.zones:
            return self.zones
        wanted = [*self.node_types, *(self.gpu_types if self.purpose == "serving" else ())]
        places = [one for one in zones(self.region) if one not in NO_CONTROL_PLANE]
        offering = [one for one in places if all(_sells(each, self.region, one) for each in wanted)]
        return (offering if len(offering) > 1 else places)[: 3 if self.production else 2]

    @property
    def example_domain(self) -> bool:
        """Return whether the domain is one of the documentation, which the user replaces."""
        return self.domain is None and self.needs_domain

    @property
    def needs_domain(self) -> bool:
        """Return whether the purpose has pages for people."""
        return self.purpose in {"class", "chat", "environments"}

    @property
    def of_domain(self) -> str | None:
        """Return the domain; one of the documentation where pages need one."""
        return f"{self.stack}.example.com" if self.example_domain else self.domain


def _offered(types: Iterable[str], region: str) -> list[str]:
    """Return the types that the region offers; all of them in a region that the table lacks."""
    return [one for one in types if region not in regions() or region in sold(one)]


def _sells(instance_type: str, region: str, zone: str) -> bool:
    return region not in regions() or zone in sold(instance_type).get(region, frozenset())
