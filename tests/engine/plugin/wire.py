"""Convert properties of the provider protocol to plain values, and back."""

from typing import Any

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc

from aiplatform.preview.plan import Json

UNKNOWN = rpc.UNKNOWN
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's marker
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def plain(struct: Any) -> dict[str, Json]:
    """Return the properties as plain values, with integers and without markers."""
    values: dict[str, Json] = _plain(json_format.MessageToDict(struct))
    return values


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            return _plain(value["value"])
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def struct(values: dict[str, Json]) -> Any:
    """Return the properties in wire format."""
    return json_format.ParseDict(values, struct_pb2.Struct())


def is_known(value: Json) -> bool:
    """Return whether a value has no unknown part."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return bool(value != UNKNOWN)


def known(values: dict[str, Json]) -> dict[str, Json]:
    """Return the properties without unknown parts."""
    return {name: value for name, value in values.items() if is_known(value)}
