"""Stacks that are recorded once a session: the shipped ones, and variants for features that these do not use."""

import functools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import pulumi
from pulumi.runtime.proto import resource_pb2
from pydantic import BaseModel

from aiplatform.preview.monitor import RecordingMonitor
from aiplatform.preview.plan import UNKNOWN, Plan, Resource
from aiplatform.preview.record import record_function
from components.base.component import Component
from components.platform import Platform
from config.loader import load, read
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.each import each
from tests.shared import once

Section = TypeVar("Section", bound=BaseModel)
FOLDER = Path(__file__).parent / "stacks"


def _stacks(folder: Path) -> list[str]:
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in folder.glob("Pulumi.*.yaml"))


SHIPPED = _stacks(STACK_FILES)
VARIANTS = _stacks(FOLDER)
STACKS = [*SHIPPED, *VARIANTS]
EVERY_STACK = each("stack", STACKS)
BOTH = each("unknown", [False, True], ids=["known", "unknown"])
"""Outputs of the cloud are known, as after an update, or unknown, as in the first preview of a stack."""


@dataclass(frozen=True)
class Found:
    """Registered resources, with look-ups."""

    plan: Plan

    def all(self, type_: str) -> list[Resource]:
        """Return every resource of a type; a type that ends in a colon matches all types of a service or package."""
        if type_.endswith(":"):
            return [resource for resource in self.plan.resources if resource.type.startswith(type_)]
        return [resource for resource in self.plan.resources if resource.type == type_]

    def one(self, type_: str, name: str | None = None) -> Resource:
        """Return the only resource of a type, or the only one with this logical name."""
        found = [resource for resource in self.all(type_) if name in (None, resource.name)]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}: {[resource.name for resource in found]}"
        return found[0]

    def inputs(self, type_: str, name: str | None = None) -> Mapping[str, Any]:
        """Return the inputs of that resource."""
        return self.one(type_, name).inputs

    @functools.cached_property
    def by_urn(self) -> dict[str, Resource]:
        """Return every resource by URN."""
        return {resource.urn: resource for resource in self.plan.resources}

    def before(self, resource: Resource) -> frozenset[str]:
        """Return the URNs of all direct and indirect dependencies of a resource."""
        return self._before[resource.urn]

    @functools.cached_property
    def _before(self) -> dict[str, frozenset[str]]:
        order = TopologicalSorter({urn: resource.dependencies for urn, resource in self.by_urn.items()}).static_order()
        found: dict[str, frozenset[str]] = {}
        for urn in order:
            direct = self.by_urn[urn].dependencies
            found[urn] = frozenset(direct).union(*(found[other] for other in direct))
        return found


@dataclass(frozen=True)
class Recording(Found):
    """The recording of a stack."""

    settings: Settings
    made: tuple[tuple[type[Component], int], ...]
    """The class of every instantiated component, and how often it registered its outputs."""

    invokes: tuple[tuple[str, str], ...]
    """The token and the provider of every data source call."""

    @functools.cached_property
    def elsewhere(self) -> dict[str, str]:
        """Return the URNs of the providers of other regions, all of which are in the stack file."""
        others = {one.inputs["region"]: one.urn for one in self.all("pulumi:providers:aws") if one.name != "aws"}
        assert tuple(sorted(others)) == self.settings.other_regions()
        return others

    @functools.cached_property
    def providers(self) -> dict[str, str]:
        """Return the URN of the provider for resources of a package; pulumi_eks creates its resources with AWS's."""
        cloud = self.one("pulumi:providers:aws", "aws").urn
        return {"aws": cloud, "eks": cloud, "kubernetes": self.one("pulumi:providers:kubernetes").urn}


def stack_file(stack: str) -> Path:
    """Return the file of a shipped stack or of a variant."""
    return (STACK_FILES if stack in SHIPPED else FOLDER) / f"Pulumi.{stack}.yaml"


@functools.cache
def settings_of(stack: str) -> Settings:
    """Return the settings of a shipped stack or of a variant."""
    return load(read(stack_file(stack).parent, stack), today=TODAY).settings


@functools.cache
def recorded(stack: str, unknown: bool = False) -> Recording:
    """Return the recording of a stack; with `unknown`, outputs of the cloud are unknown."""
    return once(f"{stack}, {unknown}", lambda: record_stack(stack, unknown))


def record_stack(stack: str, unknown: bool = False) -> Recording:
    """Return a new recording of a stack."""
    settings = settings_of(stack)
    made: list[Component] = []
    finished: list[Component] = []
    invokes: list[tuple[str, str]] = []
    initialize, register, invoke = Component.__init__, Component.register_outputs, RecordingMonitor.Invoke

    def watched_init(self: Component, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        initialize(self, name, opts)
        made.append(self)

    def watched_register(self: Component, outputs: pulumi.Inputs) -> None:
        finished.append(self)
        register(self, outputs)

    def watched_invoke(self: RecordingMonitor, request: resource_pb2.ResourceInvokeRequest) -> object:
        if not request.tok.startswith("pulumi:"):
            invokes.append((request.tok, request.provider))
        return invoke(self, request)

    def build() -> None:
        platform = Platform(settings.project.name, settings)
        for name, value in platform.outputs.items():
            pulumi.export(name, value)

    with (
        mock.patch.object(Component, "__init__", watched_init),
        mock.patch.object(Component, "register_outputs", watched_register),
        mock.patch.object(RecordingMonitor, "Invoke", watched_invoke),
    ):
        plan = record_function(build, stack=stack, unknown_outputs=unknown)
    times = Counter(map(id, finished))
    return Recording(plan, settings, tuple((type(one), times[id(one)]) for one in made), tuple(invokes))


def alone(build: Callable[[], object], *, unknown: bool = False) -> Found:
    """Return the resources of components without a stack."""
    return Found(record_function(build, config={"aws:region": "us-west-2"}, unknown_outputs=unknown))


def settings_from(cls: type[Section], values: Mapping[str, Any]) -> Section:
    """Return a settings model from the values of a stack file."""
    return cls.model_validate_json(json.dumps(values), by_alias=True, by_name=False)


def texts(value: object) -> Iterator[str]:
    """Yield every string in a value, including keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def document(text: str) -> dict[str, Any] | None:
    """Return a JSON document, or None if a part of it is unknown."""
    return None if text == UNKNOWN else json.loads(text)
