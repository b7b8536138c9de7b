"""Usual creation times of resources, read from `data/creation-times.yaml`."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class CreationTime(BaseModel):
    """How long the creation of one resource usually takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: int = Field(ge=0)
    basis: Literal["documented", "estimate"]
    source: str


class CreationTimes(BaseModel):
    """The table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: date
    other: CreationTime
    """The time of a type without a row."""

    types: Mapping[str, CreationTime]
    charts: Mapping[str, CreationTime]
    """Helm charts that differ from the row of their type, by name."""

    folders: Mapping[str, CreationTime]
    """Folders of Kubeflow that differ from the row of their type, by step."""


@cache
def creation_times() -> CreationTimes:
    """Return the table."""
    text = files("catalog").joinpath("data/creation-times.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return CreationTimes.model_validate(yaml.load(text, Loader=loader))  # noqa: S506, both loaders are safe ones
