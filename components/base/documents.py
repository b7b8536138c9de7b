"""JSON documents that contain outputs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi


def json_document(value: Any, *, sort_keys: bool = False) -> pulumi.Output[str]:  # noqa: ANN401, any JSON
    """Return a value serialized as JSON, like `pulumi.Output.json_dumps` but with fewer outputs.

    `pulumi.Output.json_dumps` creates several outputs for each leaf, while nearly all leaves of a policy are strings.
    The difference is a fifth of the time that a plan of many tenants takes.
    """
    outputs = list(_outputs(value))
    if not outputs:
        return pulumi.Output.from_input(json.dumps(_filled(value, iter(())), sort_keys=sort_keys))
    document: pulumi.Output[str] = pulumi.Output.all(*outputs).apply(
        lambda known: json.dumps(_filled(value, iter(known)), sort_keys=sort_keys)
    )
    return document


def _outputs(value: Any) -> Iterator[pulumi.Output[Any]]:  # noqa: ANN401, any JSON
    if isinstance(value, pulumi.Output):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _outputs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _outputs(item)


def _filled(value: Any, known: Iterator[Any]) -> Any:  # noqa: ANN401, any JSON
    """Return the value with each output replaced by its resolved value, in order."""
    if isinstance(value, pulumi.Output):
        return next(known)
    if isinstance(value, Mapping):
        return {key: _filled(item, known) for key, item in value.items()}
    return [_filled(item, known) for item in value] if isinstance(value, list | tuple) else value


def merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge maps as Helm merges values files.

    Maps are merged key by key; any other value is replaced. A null is kept, and Helm then removes the key.
    """
    found = dict(values)
    for key, value in over.items():
        below = found.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            found[key] = merged(below, value)
        else:
            found[key] = value
    return found
