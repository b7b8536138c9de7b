"""The provider protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto."""

from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from aiplatform.preview.plan import Json
from catalog.replacement import replacing_inputs
from tests.engine.plugin import wire
from tests.engine.plugin.account import Account, RefusedError

_pb: Any = provider_pb2
_INTERNAL = frozenset({"__defaults", "__meta"})


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The provider, called by the engine."""

    def __init__(self, account: Account, version: str) -> None:
        self._account = account
        self._version = version

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """Return the version of the real provider of the SDK."""
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """Return no schema."""
        return _pb.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Accept every configuration of the program."""
        return _pb.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Return the differences in the configuration, none of which replaces all resources."""
        return _difference(_changed(wire.plain(request.olds), wire.plain(request.news)))

    def Configure(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Set region, account and default tags. Secrets arrive in clear text, and the engine marks them again."""
        settings = wire.plain(request.args)
        self._account.configure(settings)
        self._account.cloud.note("configure", settings=settings)
        return _pb.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Accept all inputs, which AWS checks when it receives them."""
        return _pb.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Return the differences, and those that require a replacement."""
        olds, news = wire.plain(request.old_inputs), wire.plain(request.news)
        changed = _changed(olds, news)
        replaces = sorted({path.partition(".")[0] for path in replacing_inputs(_type(request.urn), olds, news)})
        if changed:
            self._account.cloud.note("diff", urn=request.urn, changed=changed, replaces=replaces)
        return _difference(changed, replaces, first_delete=bool(replaces) and _keeps_its_name(olds, news))

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create a resource; in a preview, return which outputs are unknown."""
        inputs = wire.plain(request.properties)
        type_ = _type(request.urn)
        if request.preview:
            _, outputs = self._account.invented(type_, request.urn, wire.known(inputs))
            unknown = dict.fromkeys(outputs.keys() - inputs.keys() - {"id"}, wire.UNKNOWN)
            return _pb.CreateResponse(properties=wire.struct({**inputs, **unknown}))
        if not wire.is_known(inputs):
            context.abort(grpc.StatusCode.INTERNAL, f"{request.urn} is created with inputs that are not known")
        try:
            thing = self._account.create(type_, request.urn, inputs)
        except RefusedError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return _pb.CreateResponse(id=thing.id, properties=wire.struct(dict(thing.outputs)))

    def Read(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Return a resource, or nothing if it does not exist."""
        thing = self._account.find(_type(request.urn), request.id)
        self._account.cloud.note("read", urn=request.urn, id=request.id, found=thing is not None)
        if thing is None:
            return _pb.ReadResponse()
        inputs, outputs = wire.struct(dict(thing.inputs)), wire.struct(dict(thing.outputs))
        return _pb.ReadResponse(id=thing.id, properties=outputs, inputs=inputs)

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Update a resource."""
        olds, news = wire.plain(request.olds), wire.plain(request.news)
        if request.preview:
            return _pb.UpdateResponse(properties=wire.struct({**olds, **news}))
        try:
            changed = self._account.update(_type(request.urn), request.id, news)
        except RefusedError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return _pb.UpdateResponse(properties=wire.struct(dict(changed.outputs)))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Delete a resource."""
        try:
            self._account.delete(_type(request.urn), request.id, request.urn)
        except RefusedError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the result of a data source."""
        try:
            answer = self._account.answer(request.tok, wire.plain(request.args))
        except RefusedError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return _pb.InvokeResponse(**{"return": wire.struct(answer)})

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """Do nothing, because every call is short."""
        return empty_pb2.Empty()


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _changed(olds: dict[str, Json], news: dict[str, Json]) -> list[str]:
    names = (olds.keys() | news.keys()) - _INTERNAL
    return sorted(name for name in names if olds.get(name) != news.get(name))


def _keeps_its_name(olds: dict[str, Json], news: dict[str, Json]) -> bool:
    """Return whether the replacement has the same name, so that the old resource must be deleted first."""
    names = ("name", "identifier", "nodeGroupName", "bucket")
    return any(name in news and olds.get(name) == news[name] for name in names)


def _difference(changed: list[str], replaces: list[str] | None = None, *, first_delete: bool = False) -> Any:
    return _pb.DiffResponse(
        changes=_pb.DiffResponse.DIFF_SOME if changed else _pb.DiffResponse.DIFF_NONE,
        diffs=changed,
        replaces=replaces or [],
        deleteBeforeReplace=first_delete,
    )
