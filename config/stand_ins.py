"""Replacements of invalid required values, so that the rest of a stack file is still checked."""

import json
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from catalog.reading.problems import Path
from config.messages import model_at
from config.settings import Settings

NONE = object()

_OF: dict[Path, Any] = {
    # Settings for which the first valid value would cause other problems.
    ("cluster", "endpoint"): {"public": False},
    ("nodeGroups",): {},
    ("nodeGroups", "*", "instanceTypes"): ["t3.medium"],
    ("nodeGroups", "*", "scaling"): {"min": 0, "desired": 0, "max": 1},
    ("databases", "*", "engine"): "postgres",
    ("databases", "*", "engineVersion"): "17",
    ("databases", "*", "instanceClass"): "db.t4g.small",
    ("nodePools", "*", "instanceTypes"): ["m7i.large"],
    ("nodePools", "*", "limits", "cpu"): "1000",
    ("nodePools", "*", "limits", "memory"): "4000Gi",
    ("auroraClusters", "*", "engineVersion"): "17",
    ("caches", "*", "engineVersion"): "8.1",
    ("caches", "*", "nodeType"): "cache.t4g.small",
    ("backups", "plans", "*", "keepDays"): 1,
    ("priorityClasses", "*", "value"): 0,
    ("applications", "*", "port"): 8080,
    ("environments", "*", "quota"): {"pods": "1"},
    ("monitoring", "receivers"): {"stand-in": {"slack": {"webhook": {"secret": "stand-in"}, "channel": "#stand-in"}}},
}

_CANDIDATES = (
    *("stand-in", "standin", "us-east-1", "10.0.0.0/16", "0 0 * * *", "/stand-in", "#stand-in"),
    *("stand-in.example.com", "stand-in@example.com", "https://example.com/stand-in", "example.com/stand-in:1"),
)
"""Only strings: every number could be meaningful."""


def stand_in(path: Path) -> Any:  # noqa: ANN401, a stand-in is of any type
    """Return a valid value of a required setting; NONE for an optional one."""
    for pattern, value in reversed(_OF.items()):
        above = path[: len(pattern)]
        if len(above) == len(pattern) and all(
            wanted in (part, "*") for part, wanted in zip(above, pattern, strict=True)
        ):
            # A replacement of a parent is used as a whole.
            return value if len(pattern) == len(path) else NONE
    model = model_at(Settings, path[:-1])
    fields = model.model_fields.values() if model is not None else ()
    field = next((field for field in fields if field.alias == path[-1]), None)
    return NONE if field is None or not field.is_required() else _valid(field, path)


def _valid(field: FieldInfo, path: Path) -> Any:  # noqa: ANN401, a stand-in is of any type
    """Return the first valid value of a field: a model or map of its required fields, or one of the candidates."""
    annotation: Any = Annotated[field.annotation, *field.metadata, None]
    adapter = TypeAdapter(annotation)
    made = [_required(path), {"stand-in": _required((*path, "stand-in"))}]
    for value in (*made, *_CANDIDATES, *([one] for one in _CANDIDATES)):
        try:
            adapter.validate_json(json.dumps(value), strict=True, by_alias=True, by_name=False)
        except (ValidationError, TypeError):
            continue
        return value
    return NONE


def _required(path: Path) -> dict[str, Any] | None:
    model = model_at(Settings, path)
    if model is None:
        return None
    required = (field.alias for field in model.model_fields.values() if field.is_required())
    return {key: stand_in((*path, key)) for key in required if key is not None}
