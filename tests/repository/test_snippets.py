"""Each stack file in the documents has keys and values that settings accept, schedules among them."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from config.settings import Settings
from tests.config.base import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
PREFIX = "ai-platform:"


def snippets() -> Iterator[tuple[str, Any]]:
    """Each block of a document with sections of a stack file, by the name of the document."""
    for file in DOCUMENTS:
        for block in re.findall(r"^```ya?ml\n(.*?)^```", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            if PREFIX in block:
                # `...` stands for more settings.
                document = yaml.safe_load(re.sub(r",? *\.\.\.", "", block))
                yield file.name, document.get("config", document)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models of a type: of a union, a list or the values of a map."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not None:
        for argument in get_args(annotation):
            yield from models_in(argument)


def unknown(value: Any, annotation: Any, path: str) -> Iterator[str]:
    """The keys below a value that no setting has."""
    models = list(models_in(annotation))
    if isinstance(value, list):
        for item in value:
            yield from unknown(item, annotation, path)
    elif isinstance(value, dict) and models:
        fields = {field.alias or name: field for model in models for name, field in model.model_fields.items()}
        of_map = "dict[" in str(annotation)
        for key, item in value.items():
            if of_map:
                yield from unknown(item, models[0], f"{path}.{key}")
            elif key not in fields:
                yield f"{path}.{key}"
            elif isinstance(item, str | int | float):
                yield from refused(item, fields[key], f"{path}.{key}")
            else:
                yield from unknown(item, fields[key].annotation, f"{path}.{key}")


def refused(value: Any, field: FieldInfo, path: str) -> Iterator[str]:
    """What a setting says to a single value."""
    annotation: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        yield f"{path}: {error.errors()[0]['msg']}"


def test_stack_files_in_documents_have_keys_and_values_of_settings() -> None:
    found = list(snippets())
    assert len(found) >= 10
    sections = {f"{PREFIX}{field.alias or name}": field for name, field in Settings.model_fields.items()}
    wrong = []
    for file, document in found:
        for section, value in document.items():
            if section.startswith(PREFIX) and section not in sections:
                wrong.append(f"{file}: {section}")
            elif section in sections:
                wrong += [f"{file}: {one}" for one in unknown(value, sections[section].annotation, section)]
    assert wrong == []


def test_unknown_key_in_a_snippet_is_found() -> None:
    annotation = Settings.model_fields["node_pools"].annotation
    given = {"gpu": {"instanceTypes": ["g6.xlarge"], "consolidation": {"policy": "WhenEmpty", "afterwards": "1m"}}}
    assert list(unknown(given, annotation, "nodePools")) == ["nodePools.gpu.consolidation.afterwards"]


def test_value_that_a_setting_refuses_is_found() -> None:
    annotation = Settings.model_fields["schedules"].annotation
    given = {"night": {"start": "0 25 * * *", "stop": "0 20 * * *", "timeZone": "Asia/Seul"}}
    start, zone = unknown(given, annotation, "schedules")
    assert start.startswith("schedules.night.start: ")
    assert zone.startswith("schedules.night.timeZone: ")
