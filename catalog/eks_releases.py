"""Versions of EKS add-ons and of node AMIs by Kubernetes version, read from `data/eks-releases.yaml`.

EKS never updates an add-on without a version, or a node group without a release version, after their creation:
https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Release(BaseModel):
    """What belongs to one Kubernetes version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    al2023: str = Field(alias="AL2023")
    """The release version of the AL2023 AMIs."""

    addons: Mapping[str, str]
    """The versions of its own add-ons, by their name in EKS."""


class Releases(BaseModel):
    """The table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: date
    source: str
    common: Mapping[str, str] = Field(default_factory=lambda: MappingProxyType({}))
    """The versions of add-ons that support every Kubernetes version of the table."""

    versions: Mapping[str, Release]

    def addon(self, kubernetes: str, name: str) -> str | None:
        """Return the version of an add-on. If None, EKS chooses one when the add-on is created."""
        release = self.versions.get(kubernetes)
        return None if release is None else release.addons.get(name, self.common.get(name))

    def node_release(self, kubernetes: str, operating_system: str) -> str | None:
        """Return the AMI release version of node groups. If None, EKS chooses one when the group is created."""
        release = self.versions.get(kubernetes)
        return release.al2023 if release is not None and operating_system == "AL2023" else None


@cache
def eks_releases() -> Releases:
    """Return the table."""
    text = files("catalog").joinpath("data/eks-releases.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Releases.model_validate(yaml.load(text, Loader=loader))  # noqa: S506, both loaders are safe ones
