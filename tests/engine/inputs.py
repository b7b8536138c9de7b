"""Compare the inputs of a resource in the plan with those that the engine received."""

from collections.abc import Iterator, Mapping
from typing import Any

from aiplatform.preview.plan import SECRET, UNKNOWN

ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's value for an unknown value."""

_OPEN = (SECRET, UNKNOWN, ENGINE_UNKNOWN)
_MARK = "4dabf18193072939515e22adb298388d"
"""Key by which the engine marks secrets, assets and references."""

_OF_THE_ENGINE = ("__defaults", "__inputs", "__internal", "__fieldManager", "__initialApiVersion")


def differences(plan: Any, engine: Any, path: str = "") -> Iterator[str]:
    """Yield each path at which two inputs differ; a value that is secret or unknown to one of them equals any other."""
    if _is_open(plan) or _is_open(engine):
        return
    if isinstance(plan, Mapping) and isinstance(engine, Mapping):
        ours, theirs = _keys(plan), _keys(engine)
        for key in sorted(ours | theirs):
            if key not in ours or key not in theirs:
                yield f"{path}.{key}: only {'the plan' if key in ours else 'the engine'} has it"
            else:
                yield from differences(plan[key], engine[key], f"{path}.{key}")
    elif isinstance(plan, list) and isinstance(engine, list):
        if len(plan) != len(engine):
            yield f"{path}: {len(plan)} items in the plan, {len(engine)} in the engine"
        for index, (ours, theirs) in enumerate(zip(plan, engine, strict=False)):
            yield from differences(ours, theirs, f"{path}[{index}]")
    elif plan != engine:
        yield f"{path}: {plan!r} in the plan, {engine!r} in the engine"


def _is_open(value: Any) -> bool:
    """Return whether a value is secret or unknown; Pulumi treats a string with an unknown part as unknown."""
    marked = isinstance(value, Mapping) and _MARK in value
    return marked or (isinstance(value, str) and any(one in value for one in _OPEN))


def _keys(value: Mapping[str, Any]) -> set[str]:
    return {key for key, item in value.items() if key not in _OF_THE_ENGINE and item is not None}
