"""The base of every settings model."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator
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

    def follow(self, **values: object) -> None:
        """Set defaults that depend on other settings, during validation; `values` are by field, and valid."""
        self.__dict__.update(values)


class Ordered(Model):
    """Settings with `min` and `max`, of which the one that is not set follows the other."""

    @model_validator(mode="after")
    def _default_in_order(self) -> Self:
        low, high = self.__dict__["min"], self.__dict__["max"]
        if low > high and "max" not in self.model_fields_set:
            self.follow(max=low)
        elif low > high and "min" not in self.model_fields_set:
            self.follow(min=high)
        return self
