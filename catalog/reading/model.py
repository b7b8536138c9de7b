"""The base of every settings model."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    """Frozen, closed to unknown keys, camelCase in YAML and snake_case in Python.

    Stack files are validated as strict JSON: a quoted number is a string, and an unquoted `1.35` is a number.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
        use_attribute_docstrings=True,
    )
