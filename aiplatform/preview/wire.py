"""Read Pulumi's wire format as plain values that are safe to show."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from google.protobuf import struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc

from aiplatform.preview.plan import SECRET, UNKNOWN, Json

# The SDK has no public names for these markers; they are part of the engine's protocol, unchanged since 1.0.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

NOT_KNOWN = rpc.UNKNOWN
"""An unknown value in wire format."""

Struct: TypeAlias = struct_pb2.Struct
Value: TypeAlias = struct_pb2.Value
Fields: TypeAlias = Mapping[str, Value]


class Reading(NamedTuple):
    """Properties without secret values."""

    shown: dict[str, Json]
    altered: frozenset[str]
    """Names of the properties with values that differ from the wire format's."""
    references: frozenset[str]
    """URNs of the resources in the values."""


def read(fields: Fields) -> Reading:
    """Return the properties as plain values.

    Keys are sorted, because the order of a protobuf map differs in every process.
    """
    shown: dict[str, Json] = {}
    altered: set[str] = set()
    references: set[str] = set()
    for name in sorted(fields):
        marks: list[str] = []
        value = _plain(fields[name], marks)
        if marks:
            altered.add(name)
            references.update(mark for mark in marks if mark.startswith("urn:"))
        if value is not None:
            shown[name] = value
    return Reading(shown, frozenset(altered), frozenset(references))


def mask(value: Json) -> Json:
    """Return the value with every leaf masked: keys of a Kubernetes Secret are not secret, and pods refer to them."""
    return {key: mask(item) for key, item in value.items()} if isinstance(value, dict) else SECRET


def unwrap(value: Value) -> Value:
    """Return the value inside of a secret marker."""
    fields = value.struct_value.fields
    return fields["value"] if _signature(fields) == _SECRET else value


def secret(value: Json) -> Json:
    """Return the value with a secret marker, so that derived values are secret, too."""
    return rpc.wrap_rpc_secret(rpc.deserialize_property(value))


def reference(urn: str, identifier: str) -> dict[str, str]:
    """Return a resource as the value of a property."""
    return {_SIGNATURE: _RESOURCE, "urn": urn, "id": identifier}


def message(value: dict[str, Json]) -> Struct:
    """Return a mapping in wire format, which the SDK searches for references."""
    result = Struct()
    result.update(value)
    return result


def raw(value: Value) -> Json:
    """Return the value with its markers, for the SDK to read."""
    kind = value.WhichOneof("kind")
    return None if kind in {None, "null_value"} else getattr(value, kind)


def _plain(value: Value, marks: list[str]) -> Json:
    match value.WhichOneof("kind"):
        case "string_value":
            return _text(value.string_value, marks)
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _mapping(value.struct_value.fields, marks)
        case "list_value":
            return [_plain(item, marks) for item in value.list_value.values]
    return None


def _text(value: str, marks: list[str]) -> str:
    if value != rpc.UNKNOWN:
        return value
    marks.append(UNKNOWN)
    return UNKNOWN


def _mapping(fields: Fields, marks: list[str]) -> Json:
    signature = _signature(fields)
    if signature is not None:
        marks.append(fields["urn"].string_value if signature == _RESOURCE else signature)
        if signature == _SECRET:
            return SECRET
        if signature == _OUTPUT:
            return _output(fields, marks)
    # Assets and archives lose only their marker: {"text": ...}, {"path": ...}, {"assets": ...}.
    # A null below a property is sent: in values of a chart it removes a default.
    return {name: _plain(fields[name], marks) for name in sorted(fields) if name != _SIGNATURE}


def _output(fields: Fields, marks: list[str]) -> Json:
    if "secret" in fields and fields["secret"].bool_value:
        return SECRET
    return _plain(fields["value"], marks) if "value" in fields else UNKNOWN


def _signature(fields: Fields) -> str | None:
    return fields[_SIGNATURE].string_value if _SIGNATURE in fields else None
