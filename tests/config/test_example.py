"""The example shows every setting and is valid."""

import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from catalog.reading.document import Document, parse
from config.addons import Addon
from config.loader import load
from config.settings import NAMESPACE, Settings

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = [DOCS / "example-stack.yaml", DOCS / "example-existing.yaml"]
"""A platform, and one that uses what exists already: a stack file can have either."""


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside a type: of a map's values, a list's items, or one that may be left out."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType, dict, tuple, typing.Annotated):
        for argument in typing.get_args(annotation):
            yield from models(argument)


def title(model: type[BaseModel], name: str) -> str:
    """`Model.key`, by the model that defines the key: what all add-ons share is shown once."""
    owner = next(base for base in reversed(model.__mro__) if name in getattr(base, "model_fields", {}))
    return f"{owner.__name__}.{model.model_fields[name].alias}"


def settings_of(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models in it, as `Model.key`."""
    # An add-on without settings of its own has those that another one shows.
    plain = {name for name, field in model.model_fields.items() if _adds_nothing(field.annotation)}
    found = {title(model, name) for name in model.model_fields.keys() - plain}
    for field in model.model_fields.values():
        for inner in models(field.annotation):
            found |= settings_of(inner)
    return found


def _adds_nothing(annotation: Any) -> bool:
    return (
        isinstance(annotation, type)
        and issubclass(annotation, Addon)
        and annotation.model_fields.keys() == Addon.model_fields.keys()
    )


def shown(model: type[BaseModel], value: Any) -> set[str]:
    """The keys of a model that a value of it shows."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        if not isinstance(value, dict) or field.alias not in value:
            continue
        found.add(title(model, name))
        inner = value[field.alias]
        entries = [inner, *(inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ())]
        for inside in models(field.annotation):
            for entry in entries:
                found |= shown(inside, entry)
    return found


def example(file: Path) -> Document:
    return parse(file.read_text(encoding="utf-8"), file.name, NAMESPACE)


def test_examples_are_valid_stack_files() -> None:
    assert [load(example(file)).settings.project.name for file in EXAMPLES] == ["shop-ai", "acme-ai"]


def test_examples_show_every_setting() -> None:
    found = {setting for file in EXAMPLES for setting in shown(Settings, example(file).sections)}
    assert settings_of(Settings) - found == set()
