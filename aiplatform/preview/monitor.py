"""The resource monitor of a preview: it records requests and responds as the engine and a cloud would."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import NamedTuple, NoReturn

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from aiplatform.preview import wire
from aiplatform.preview.outputs import (
    Context,
    Reference,
    answer_call,
    answer_invoke,
    autoname,
    cluster_name,
    id_and_outputs,
    parent_of,
)
from aiplatform.preview.outputs.made_up import answers, made_up
from aiplatform.preview.plan import SECRET, Json, Plan, Resource
from aiplatform.preview.urns import Project, aliases_of, qualified_type

_STACK = "pulumi:pulumi:Stack"
_CLUSTER = "eks:index:Cluster"
_AWS_PROVIDER = "pulumi:providers:aws"
_KUBERNETES_SECRETS = {"kubernetes:core/v1:Secret", "kubernetes:core/v1:SecretPatch"}


class DuplicateResourceError(pulumi.RunError):
    """Two resources of a type have the same parent and name, which the engine rejects, too."""


class UnsupportedError(pulumi.RunError):
    """The program uses a feature that only the real engine supports."""


class _Unasked(Mocks):
    """The base class requires mocks; this monitor responds without them."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Json], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Json]]:
        raise NotImplementedError(args.typ)


@dataclass(frozen=True, slots=True)
class _Response:
    """The fields of a registration's response that the SDK reads.

    A protobuf message is not used: its maps have a random order, and a program that turns an output into JSON would
    result in a different plan in every process.
    """

    urn: str
    id: str
    object: Mapping[str, Json]
    propertyDependencies: Mapping[str, Json] = field(default_factory=dict)  # noqa: N815 - the SDK's name
    result: int = resource_pb2.Result.SUCCESS
    unknown: bool = False

    @property
    def properties(self) -> Mapping[str, Json]:
        """Return the outputs under the name of a read response."""
        return self.object


class _Known(NamedTuple):
    """A resource that a reference can refer to."""

    owner: str | None
    """URN of the recorded resource that contains it; None if the stack has none."""
    id: str
    state: Mapping[str, Json]


class RecordingMonitor(MockMonitor):
    """Records registrations and derives each response from the inputs alone, without a cloud."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        account: str,
        region: str | None = None,
        unknown_outputs: bool = False,
        heard: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(_Unasked())
        self._project = Project(project, stack)
        self._account = account
        self._region = region or "us-east-1"
        self._unknown_outputs = unknown_outputs
        self._heard = heard
        self._recorded: dict[str, Resource] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._regions: dict[str, str] = {}
        self._clusters: dict[str, str] = {}
        self._known: dict[str, _Known] = {}
        self._read: dict[str, Resource] = {}
        self._outputs: Mapping[str, Json] = {}
        self._answers: dict[str, tuple[Context, tuple[str, Mapping[str, Json]]]] = {}

    def plan(self) -> Plan:
        """Return the resources and outputs recorded so far."""
        made = {urn: self._made_up(urn) for urn in self._answers}
        resources = tuple(self._with_answers(urn, made.get(urn, set())) for urn in sorted(self._recorded))
        reads = tuple(self._read[urn] for urn in sorted(self._read))
        return Plan(
            self._project.name, self._project.stack, resources, self._outputs, self._after_up(made), reads=reads
        )

    def _made_up(self, urn: str) -> set[str]:
        (context, answer), one = self._answers[urn], self._recorded[urn]
        return made_up(answer, lambda: id_and_outputs(one.type, one.name, one.inputs, context))

    def _with_answers(self, urn: str, made: set[str]) -> Resource:
        resource = self._recorded[urn]
        if urn not in self._answers:
            return resource
        # Its resources refer to a cluster by its URN and name: the rest of it is made by pulumi-eks, and stays.
        known = (self._clusters[urn],) if urn in self._clusters else answers(self._answers[urn][1], made)
        return replace(resource, answers=known)

    def _after_up(self, made: Mapping[str, set[str]]) -> frozenset[str]:
        """Return the outputs of the stack that contain what the answer for a resource makes up: what comes from a
        fingerprint, and the account of examples."""
        example = Context().account
        every = set[str]().union({example} if self._account == example else (), *made.values())
        return frozenset(name for name, value in self._outputs.items() if any(one in str(value) for one in every))

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return a URN with the types of all ancestors except the stack, as the engine does (the base class: the
        parent's).
        """
        return self._project.urn(parent, type_, name)

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> _Response:  # noqa: N802
        """Record a resource and return its outputs."""
        if request.custom:
            autoname(request.type, request.name, request.object)
        fields = request.object.fields
        shown, altered, references = wire.read(fields)
        parent = parent_of(request.type, shown) or request.parent
        urn = self.make_urn(parent, request.type, request.name)
        self._refuse(request, urn)
        if aliases := aliases_of(self._project, urn, parent, request.aliases, self._aliases):
            self._aliases[urn] = aliases
        secrets = set(request.additionalSecretOutputs)
        exact = {name: value for name, value in shown.items() if name not in altered}
        self._recorded[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=parent or None,
            aliases=aliases,
            provider=_provider(request),
            dependencies=self._dependencies(urn, {*request.dependencies, *references}),
            data=self._dependencies(urn, {*_of_properties(request), *references}),
            inputs=_masked(request.type, shown, secrets, fields),
            custom=request.custom,
            remote=request.remote,
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            options=_options(request),
        )
        if self._heard is not None:
            self._heard(len(self._recorded))
        if request.type == _STACK:
            return _Response(urn, "", {})
        if request.type == _AWS_PROVIDER and isinstance(exact.get("region"), str):
            self._regions[urn] = exact["region"]
        if request.type == _CLUSTER:
            self._clusters[urn] = cluster_name(request.name, exact)
        identifier, computed = self._computed(self._recorded[urn])
        # A property without changes is returned in wire format. Others are returned as the SDK reads them.
        values = {name: exact[name] if name in exact else wire.raw(fields[name]) for name in shown} | computed
        for name in secrets & values.keys():
            values[name] = wire.secret(values[name])
        self._known[urn] = _Known(urn, identifier, values)
        return _Response(urn, identifier, values)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> _Response:  # noqa: N802
        """Respond to a read of an existing resource, which is not among the plan's resources: the stack neither creates
        nor pays it.
        """
        urn = self.make_urn(request.parent, request.type, request.name)
        given, altered, _ = wire.read(request.properties.fields)
        exact = {name: value for name, value in given.items() if name not in altered}
        context = self._context(urn, _without_id(request.provider))
        _, computed = id_and_outputs(request.type, request.name, exact, context)
        values = {} if self._unknown_outputs else self._values(urn, None, computed) | exact
        self._known[urn] = _Known(None, request.id, values)
        self._read[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent or None,
            provider=_without_id(request.provider) or None,
            dependencies=(),
            inputs={**exact, "id": request.id},
        )
        return _Response(urn, request.id, values)

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> None:  # noqa: N802
        """Record the outputs of the stack. Outputs of components are only used by the program."""
        if qualified_type(request.urn) == _STACK:
            self._outputs = wire.read(request.outputs.fields).shown

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> SimpleNamespace:  # noqa: N802
        """Respond to a data source, and return the resources behind references."""
        arguments = wire.read(request.args.fields).shown
        if request.tok == "pulumi:pulumi:getResource":
            known = self._known[arguments["urn"]]
            answer: Json = {"urn": arguments["urn"], "id": known.id, "state": known.state}
        else:
            answer = answer_invoke(request.tok, arguments, self._context("", _without_id(request.provider)))
        return SimpleNamespace(**{"return": answer, "failures": [], "unknown": False})

    def Call(self, request: resource_pb2.ResourceCallRequest) -> SimpleNamespace:  # noqa: N802
        """Respond to a method of a remote component."""
        arguments = wire.read(request.args.fields).shown
        owner = arguments.get("__self__", {}).get("urn", "")
        resource = self._recorded[owner]
        context = self._context(owner, resource.provider or "")
        # As with other outputs, the result of a method is unknown before its resource exists.
        unknown = {"result": wire.NOT_KNOWN}
        answer = (
            unknown
            if self._unknown_outputs
            else answer_call(request.tok, resource.name, resource.inputs, arguments, context)
        )
        return SimpleNamespace(**{"return": answer, "failures": [], "returnDependencies": {}})

    def RegisterStackTransform(self, request: object) -> NoReturn:  # noqa: ARG002, N802
        """Reject a transform: it runs in the engine, and a plan without it would differ from an update."""
        raise UnsupportedError("the preview cannot run resource transforms; pass the options to the resources instead")

    def RegisterStackInvokeTransform(self, request: object) -> NoReturn:  # noqa: ARG002, N802
        """Reject a transform of data sources for the same reason."""
        raise UnsupportedError("the preview cannot run invoke transforms; pass the options to the invokes instead")

    def _refuse(self, request: resource_pb2.RegisterResourceRequest, urn: str) -> None:
        if urn in self._recorded:
            raise DuplicateResourceError(
                f"two resources have the URN {urn}: give one of them another name or another parent"
            )
        if request.transforms:
            raise UnsupportedError(f"the preview cannot run the transforms of {urn}")

    def _dependencies(self, urn: str, given: Collection[str]) -> tuple[str, ...]:
        # The target of a reference is not part of the plan; its owner is recorded instead.
        owners = {self._known[other].owner if other in self._known else other for other in given} - {urn}
        return tuple(sorted(owner for owner in owners if owner is not None))

    def _context(self, urn: str, provider: str) -> Context:
        return Context(self._account, self._regions.get(provider, self._region), urn, self._clusters)

    def _computed(self, resource: Resource) -> tuple[str, dict[str, Json]]:
        if self._unknown_outputs or not (resource.custom or resource.remote):
            return "", {}
        context = self._context(resource.urn, resource.provider or "")
        identifier, outputs = id_and_outputs(resource.type, resource.name, resource.inputs, context)
        self._answers[resource.urn] = context, (identifier, outputs)
        return str(resource.options.get("import", identifier)), self._values(resource.urn, resource.urn, outputs)

    def _values(self, urn: str, owner: str | None, outputs: Mapping[str, Json]) -> dict[str, Json]:
        return {name: self._value(urn, owner, value) for name, value in outputs.items()}

    def _value(self, parent: str, owner: str | None, value: Json) -> Json:
        # The SDK searches a value for references, which is only required if it contains one.
        if isinstance(value, Reference):
            return wire.message(self._refer(parent, owner, value))
        if isinstance(value, dict) and any(isinstance(item, Reference) for item in value.values()):
            items = value.items()
            return wire.message(
                {key: self._refer(parent, owner, item) if isinstance(item, Reference) else item for key, item in items}
            )
        return value

    def _refer(self, parent: str, owner: str | None, target: Reference) -> dict[str, str]:
        urn = self.make_urn(parent, target.type, target.name)
        self._known[urn] = _Known(owner, target.id, target.outputs)
        return wire.reference(urn, target.id)


def _of_properties(request: resource_pb2.RegisterResourceRequest) -> Collection[str]:
    return {urn for given in request.propertyDependencies.values() for urn in given.urns}


def _options(request: resource_pb2.RegisterResourceRequest) -> dict[str, Json]:
    given = {
        "ignoreChanges": list(request.ignoreChanges),
        "replaceOnChanges": list(request.replaceOnChanges),
        "deleteBeforeReplace": request.deleteBeforeReplace,
        "import": request.importId,
    }
    return {name: value for name, value in given.items() if value}


def _provider(request: resource_pb2.RegisterResourceRequest) -> str | None:
    given = request.provider
    if not given and request.remote:
        package = request.type.split(":")[0]
        # pulumi-eks creates its children with the AWS provider and has no settings of its own.
        given = request.providers.get(package) or request.providers.get("aws" if package == "eks" else "") or ""
    return _without_id(given) or None


def _without_id(reference: str) -> str:
    return reference.rpartition("::")[0]


def _masked(type_: str, shown: Mapping[str, Json], secrets: set[str], fields: wire.Fields) -> Mapping[str, Json]:
    if type_ in _KUBERNETES_SECRETS:
        opened = wire.read({name: wire.unwrap(fields[name]) for name in ("data", "stringData") if name in shown})
        return {**shown, **{name: wire.mask(value) for name, value in opened.shown.items()}}
    return {name: SECRET if name in secrets else value for name, value in shown.items()}
