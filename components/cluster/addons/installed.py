"""Installs the add-ons of a cluster in dependency order."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType
from components.kubernetes.charts import Charts
from config.addons import Addon, Addons
from config.parts import installed


def addon_type(key: str) -> AddonType[Any]:
    """Return the type of an add-on by its field in `Addons`. The module with that name defines it."""
    found: AddonType[Any] = import_module(f"{__package__}.{key}").ADDON
    return found


@cache
def charts() -> Charts:
    """Return the Helm charts and EKS add-ons of every add-on."""
    found: dict[str, Any] = {}
    for key, _, _ in Addons().each():
        found |= addon_type(key).charts
    return found


def _of_stage(context: AddonContext, stage: str) -> Iterator[tuple[str, Addon, AddonType[Any]]]:
    for key, settings in installed(context.settings).items():
        kind = addon_type(key)
        if kind.stage == stage:
            yield key.replace("_", "-"), settings, kind


class NodeAddons(Component):
    """The add-ons that a node reads when it starts. They are installed before the first node."""

    TOKEN: ClassVar[str] = "ai-platform:addons:NodeAddons"

    def __init__(self, name: str, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.installed: list[pulumi.Resource] = []
        """The dependencies of nodes."""
        for key, settings, kind in _of_stage(context, "nodes"):
            built = kind.build(key, settings, context=context, opts=self.child())
            self.installed.extend(built.installed)
        self.finish()


class ClusterAddons(Component):
    """The add-ons that run on the nodes."""

    TOKEN: ClassVar[str] = "ai-platform:addons:ClusterAddons"

    def __init__(self, name: str, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.controllers: list[pulumi.Resource] = []
        """The dependencies of workloads. A destroy deletes them after the workloads."""
        self.storage: list[pulumi.Resource] = []
        """The dependencies of volumes, from their creation until they are deleted."""
        self.outputs: dict[str, pulumi.Input[str]] = {}
        for key, settings, kind in _of_stage(context, "cluster"):
            after = self.names if kind.after == "names" else []
            built = kind.build(key, settings, context=context, opts=self.child(depends_on=after))
            self.outputs.update(built.outputs)
            given = {"nothing": [], "controllers": self.controllers, "storage": self.storage}[kind.gives]
            given.extend(built.installed)
        self.finish()

    @property
    def names(self) -> list[pulumi.Resource]:
        """Return CoreDNS, which is the first of the controllers."""
        return self.controllers[:1]
