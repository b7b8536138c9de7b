"""The inputs of a resource, which the engine passes to a policy, as plain values."""

from collections.abc import Mapping, Sequence

from pulumi_policy.proxy import UnknownValueError

from aiplatform.preview.plan import UNKNOWN, Json


def plain(value: object) -> Json:
    """Return the value with `UNKNOWN` for values that are unknown before a deployment, which rules do not check."""
    if isinstance(value, Mapping):
        return {key: _at(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_at(value, index) for index in range(len(value))]
    # The engine passes every number as a float.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _at(holder: object, key: object) -> Json:
    try:
        return plain(holder[key])  # type: ignore[index]
    except UnknownValueError:
        return UNKNOWN
