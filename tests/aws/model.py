"""AWS's description of an API, and the validation of requests against it."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session  # type: ignore[import-untyped]
from botocore.validate import ParamValidator  # type: ignore[import-untyped]

from aiplatform.preview.plan import Json

_NUMBERS = frozenset({"integer", "long", "float", "double"})
# Java regular expressions: Python's `re` has no Unicode categories, and another syntax for astral planes.
_DIALECT = (
    ("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\U00010000-\U0010ffff"),
    ("\\p{L}", "\\w"),
    ("\\p{N}", "\\w"),
    ("\\p{Z}", " \u00a0\u2000-\u200a\u3000"),
    ("\\p{Graph}", "!-~"),
    ("\\p{ASCII}", "\\x00-\\x7f"),
    # A flag in the middle of an expression.
    ("(?i).*<script>.*</script>.*", "(?i:.*<script>.*</script>.*)"),
    ("\\p{Print}", " -~"),
)


@functools.cache
def _session() -> Any:
    return botocore.session.get_session()


@functools.cache
def operation(service: str, name: str) -> Any:
    """Return the model of an operation."""
    return _session().get_service_model(service).operation_model(name)


def mistakes(service: str, name: str, request: Mapping[str, Json]) -> list[str]:
    """Return every reason why the API would reject the request; none if it is valid.

    botocore checks types, required and unknown members, and lower bounds. Enumerations, patterns and upper bounds are
    in the description, too, but only the service checks them.
    """
    shape = operation(service, name).input_shape
    report = ParamValidator().validate(request, shape)
    plain = report.generate_report()
    return [*(plain.splitlines() if report.has_errors() else []), *_unmet(request, shape, "")]


def _unmet(value: Json, shape: Any, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            for key, item in value.items():
                if key in shape.members:
                    yield from _unmet(item, shape.members[key], f"{path}.{key}".removeprefix("."))
        case "list" if isinstance(value, list):
            yield from _too_many(len(value), shape, f"{path}: {len(value)} items")
            for number, item in enumerate(value):
                yield from _unmet(item, shape.member, f"{path}[{number}]")
        case "map" if isinstance(value, Mapping):
            yield from _too_many(len(value), shape, f"{path}: {len(value)} entries")
            for key, item in value.items():
                yield from _unmet(key, shape.key, f"{path} key {key}")
                yield from _unmet(item, shape.value, f"{path}.{key}")
        case "string" if isinstance(value, str):
            yield from _unmet_text(value, shape, path)
        case kind if kind in _NUMBERS and isinstance(value, int | float):
            yield from _too_many(value, shape, f"{path}: {value}")


def _unmet_text(value: str, shape: Any, path: str) -> Iterator[str]:
    yield from _too_many(len(value), shape, f"{path}: {len(value)} characters in {value!r}")
    if shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is not one of {', '.join(shape.enum[:12])}"
    pattern = shape.metadata.get("pattern")
    if pattern and not expression(pattern).fullmatch(value):
        yield f"{path}: {value!r} does not match {pattern}"


def _too_many(size: float, shape: Any, what: str) -> Iterator[str]:
    most = shape.metadata.get("max")
    if most is not None and size > most:
        yield f"{what} is above {most}"


@functools.cache
def expression(pattern: str) -> re.Pattern[str]:
    """Return a pattern of AWS in Python's syntax; the services match whole values."""
    for java, python in _DIALECT:
        pattern = pattern.replace(java, python)
    return re.compile(pattern)
