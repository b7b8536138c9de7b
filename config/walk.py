"""Find the values of a type in settings, at any path, so that rules need no list of paths."""

import builtins
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from catalog.reading.problems import Path

T = TypeVar("T")


class Found(NamedTuple):
    """A value whose type is annotated with a marker, such as `RefersTo`."""

    path: Path
    value: Any
    marker: Any


Visit = Callable[[Any, Path], Iterator[Found]]


def each(model: BaseModel, kind: type[T]) -> Iterator[tuple[Path, T]]:
    """Yield every model of a class below this one, with its path in YAML."""
    return ((found.path, found.value) for found in _found(model, kind))


def marked(model: BaseModel, marker: type[object]) -> Iterator[Found]:
    """Yield every value whose type is annotated with a marker of this class, with its path in YAML."""
    return _found(model, marker)


def _found(model: BaseModel, wanted: type[object]) -> Iterator[Found]:
    visit = _of_model(type(model), wanted)
    return visit(model, ()) if visit is not None else iter(())


_VISITS: dict[tuple[type[BaseModel], type[object]], Visit | None] = {}


def _of_model(model: type[BaseModel], wanted: type[object]) -> Visit | None:
    """Return a function that walks through a model; None if no value below it can have the type."""
    if (model, wanted) not in _VISITS:
        _VISITS[model, wanted] = _through(model, wanted)
    return _VISITS[model, wanted]


def _through(model: type[BaseModel], wanted: type[object]) -> Visit | None:
    fields = [
        (name, field.alias or name, visit)
        for name, field in model.model_fields.items()
        if (visit := _of(field.annotation, field.metadata, wanted)) is not None
    ]
    own = issubclass(model, wanted)

    def walk(value: Any, path: Path) -> Iterator[Found]:  # noqa: ANN401, a value of any model
        if own:
            yield Found(path, value, None)
        for name, key, visit in fields:
            yield from visit(getattr(value, name), (*path, key))

    return walk if own or fields else None


def _of(annotation: Any, metadata: list[Any], wanted: type[object]) -> Visit | None:  # noqa: ANN401, annotations have no common type
    arguments = typing.get_args(annotation)
    if any(isinstance(one, wanted) for one in metadata):
        found = next(one for one in metadata if isinstance(one, wanted))
        return lambda value, path: iter(()) if value is None else iter((Found(path, value, found),))
    match typing.get_origin(annotation):
        case typing.Annotated:
            visit = _of(arguments[0], list(annotation.__metadata__), wanted)
        case typing.Union | types.UnionType:
            visit = _either([visit for one in arguments if (visit := _of(one, [], wanted)) is not None])
        case builtins.dict:
            visit = _in_map(_of(arguments[0], [], wanted), _of(arguments[1], [], wanted))
        case builtins.tuple:
            visit = _in_list(_of(arguments[0], [], wanted))
        case _:
            visit = _in_model(annotation, wanted)
    return visit


def _in_model(annotation: Any, wanted: type[object]) -> Visit | None:  # noqa: ANN401, annotations have no common type
    if not isinstance(annotation, type) or not issubclass(annotation, BaseModel):
        return None
    walk = _of_model(annotation, wanted)
    # Of several models in a union the value is one.
    return walk and (lambda value, path: walk(value, path) if isinstance(value, annotation) else iter(()))


def _either(visits: list[Visit]) -> Visit | None:
    return (lambda value, path: (found for visit in visits for found in visit(value, path))) if visits else None


def _in_map(key: Visit | None, value: Visit | None) -> Visit | None:
    def walk(given: Mapping[str, Any], path: Path) -> Iterator[Found]:
        for name, one in given.items():
            yield from key(name, (*path, name)) if key is not None else ()
            yield from value(one, (*path, name)) if value is not None else ()

    return walk if key is not None or value is not None else None


def _in_list(item: Visit | None) -> Visit | None:
    return item and (
        lambda given, path: (found for index, one in enumerate(given) for found in item(one, (*path, index)))
    )
