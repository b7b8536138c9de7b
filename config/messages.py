"""Convert pydantic's errors to problems of a stack file: what is wrong, and what to write instead."""

import json
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from catalog.reading.problems import Path, Problem, did_you_mean, nearest


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _inside(annotation: Any, part: str | int) -> Any:  # noqa: ANN401, annotations have no common type
    """Return the type of an item of a map or list, or of a key of a model."""
    origin = typing.get_origin(annotation)
    arguments = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
    if origin is typing.Annotated:
        return _inside(arguments[0], part)
    if origin in (typing.Union, types.UnionType):
        return _inside(arguments[0], part)
    if origin is dict:
        return arguments[1]
    if origin is tuple:
        return arguments[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _keys(annotation).get(str(part))
    return None


def _type_at(root: type[BaseModel], path: Path) -> Any:  # noqa: ANN401, annotations have no common type
    annotation: Any = root
    for part in path:
        annotation = _inside(annotation, part)
    return annotation


def model_at(root: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model at a path below another model; None if the path is not a model."""
    annotation = _type_at(root, path)
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"{value!r} is a string"
    if isinstance(value, bool):
        return f"{str(value).lower()} is a boolean"
    if isinstance(value, int | float):
        return f"{value} is a number"
    return {dict: "is a map", list: "is a list", type(None): "is empty"}.get(type(value), "is of another type")


def _choices(annotation: Any) -> tuple[str, ...]:  # noqa: ANN401, annotations have no common type
    """Return the values of every `Literal` in a type."""
    if typing.get_origin(annotation) is typing.Literal:
        return tuple(map(str, typing.get_args(annotation)))
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        arguments = arguments[:1]
    return tuple(choice for argument in arguments for choice in _choices(argument))


def _literal(error: ErrorDetails) -> str:
    choices = error["ctx"]["choices"]
    best = nearest(str(error["input"]), choices)
    hint = f"; did you mean {best}?" if best else ""
    return f"{error['input']!r} is not one of {', '.join(choices)}{hint}"


_MESSAGES: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: "is missing",
    "value_error": lambda error: str(error["ctx"]["error"]),
    "literal_error": _literal,
    "string_type": lambda error: (
        f"{error['ctx']['text']} is not a string; write it in quotes: '{error['ctx']['text']}'"
        if isinstance(error["input"], int | float)
        else f"{_kind(error['input'])}; write a string"
    ),
    "int_type": lambda error: (
        f"{error['ctx']['text']} is not an integer; write an integer"
        if isinstance(error["input"], float)
        else f"{_kind(error['input'])}; write an integer without quotes"
    ),
    "int_from_float": lambda error: f"{error['input']} is not an integer",
    "bool_type": lambda error: f"{_kind(error['input'])}; write true or false",
    "dict_type": lambda error: f"{_kind(error['input'])}; write a map, one `key: value` per line",
    "model_type": lambda error: f"{_kind(error['input'])}; write a map, one `key: value` per line",
    "model_attributes_type": lambda error: f"{_kind(error['input'])}; write a map, one `key: value` per line",
    "tuple_type": lambda error: f"{_kind(error['input'])}; write a list, each item after a hyphen",
    "greater_than_equal": lambda error: f"{error['input']} is too small; the minimum is {error['ctx']['ge']}",
    "less_than_equal": lambda error: f"{error['input']} is too large; the maximum is {error['ctx']['le']}",
    "too_short": lambda error: (
        f"has {error['ctx']['actual_length']} items; the minimum is {error['ctx']['min_length']}"
    ),
    "too_long": lambda error: f"has more than {error['ctx']['max_length']} items; remove some",
    "string_too_long": lambda error: f"is longer than {error['ctx']['max_length']} characters; shorten it",
    "string_too_short": lambda _: "is empty; set a value",
}


def explain(root: type[BaseModel], error: ErrorDetails, texts: Mapping[Path, str]) -> Problem:
    """Convert an error of pydantic for the model `root` to a problem; `texts` has numbers as written in the file."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    error["ctx"] = {"text": texts.get(path, json.dumps(error["input"])), **error.get("ctx", {})}
    kind = error["type"]
    if kind == "literal_error":
        key = error["loc"][-1] == "[key]"
        annotation = typing.get_args(_type_at(root, path[:-1]))[0] if key else _type_at(root, path)
        error["ctx"]["choices"] = _choices(annotation)
    if kind == "extra_forbidden":
        model = model_at(root, path[:-1])
        return Problem(path, f"unknown key{did_you_mean(str(path[-1]), _keys(model) if model else ())}")
    message = _MESSAGES.get(kind)
    return Problem(path, message(error) if message else error["msg"][0].lower() + error["msg"][1:])
