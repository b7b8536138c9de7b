"""The JSON Schema of a stack file, for editors."""

from typing import Any

from catalog.reading.document import STACK_FILE_KEYS
from config.settings import NAMESPACE, Settings


def stack_file_schema() -> dict[str, Any]:
    """Return the JSON Schema 2020-12 of `Pulumi.<stack>.yaml`; values of other namespaces are not restricted."""
    sections = Settings.model_json_schema(by_alias=True)
    definitions = sections.pop("$defs")
    properties = {f"{NAMESPACE}:{key}": value for key, value in sections["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of the AI platform",
        "type": "object",
        "properties": {
            **dict.fromkeys(STACK_FILE_KEYS, True),
            "config": {
                "type": "object",
                "properties": properties,
                "required": [f"{NAMESPACE}:{key}" for key in sections["required"]],
                "patternProperties": {rf"^(?!{NAMESPACE}:)[^:]+:": True},
                "additionalProperties": False,
            },
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": definitions,
    }
