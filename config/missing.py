"""What to write where a setting is missing: one answer for every section and workload."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from catalog.reading.problems import Path, alternatives
from config.example import example_at
from config.messages import model_at
from config.reference import EVERY, Setting, children, setting_at
from config.types.references import RefersTo

ENTRIES: Mapping[str, str] = {
    "applications": "{image: ghcr.io/example/api:v1, port: 8080}",
    "auroraClusters": '{engineVersion: "17", databaseName: app}',
    "buckets": "{}",
    "caches": '{engine: valkey, engineVersion: "8.1", nodeType: cache.t4g.small, nodes: 2}',
    "databases": '{engine: postgres, engineVersion: "17", instanceClass: db.t4g.small, databaseName: app}',
    "fileSystems": "{accessPoints: {data: {path: /data}}}",
    "nodeGroups": "{instanceTypes: [m7i.large], scaling: {min: 1, desired: 1, max: 3}}",
    "priorityClasses": "{value: 1000, description: Services}",
    "repositories": "{}",
    "schedules": "{start: 0 8 * * MON-FRI, stop: 0 20 * * MON-FRI, timeZone: UTC}",
    "secrets": "{generate: true, description: Generated}",
}
"""A valid entry of each section that others refer to; the first of a reference's sections is offered."""

LONGEST = 60


def offered(root: type[BaseModel], path: Path, sections: Mapping[str, Any]) -> str:
    """Return the end of the message for a missing setting: names to choose from, an entry to add, an example, or what
    the setting requires; empty if the schema knows none of them."""
    if path == ("network", "cidr") and "vpcId" in (sections.get("network") or {}):
        return f"; `aiplatform adopt vpc {sections['network']['vpcId']} --stack STACK` writes it"
    model = model_at(root, path[:-1])
    field = next((one for one in model.model_fields.values() if one.alias == path[-1]), None) if model else None
    to = next((one for one in field.metadata if isinstance(one, RefersTo)), None) if field else None
    if to is not None:
        return _reference(to, sections)
    setting = setting_at(path)
    if setting is None:
        return ""
    example = example_at(path)
    if example and len(example) <= LONGEST:
        return f"; write it like {path[-1]}: {example}"
    needed = _required(next(children(setting)) if setting.is_map() else setting)
    return f"; write {'a name with' if setting.is_map() else 'it with'} {' and '.join(needed)}" if needed else ""


def _required(setting: Setting) -> list[str]:
    *others, last = [str(one.path[-1]) for one in children(setting) if one.required and one.path[-1] != EVERY] or [""]
    return [", ".join(others), last] if others else [last] if last else []


def _reference(to: RefersTo, sections: Mapping[str, Any]) -> str:
    names = [name for section in to.sections for name in _names(to, section, sections)]
    if names:
        return f"; choose {alternatives(names)}"
    entry = ENTRIES.get(to.sections[0])
    add = f"add one to {' or '.join(to.sections)}"
    return f"; {add}, such as main: {entry}, and write main" if entry else f"; {add}, and write its name"


def _names(to: RefersTo, section: str, sections: Mapping[str, Any]) -> list[str]:
    """Return the entries of a section that can be referred to."""
    held: Any = sections
    for part in section.split("."):
        held = held.get(part) if isinstance(held, Mapping) else None
    if not isinstance(held, Mapping):
        return []
    return [name for name, one in held.items() if not isinstance(one, Mapping) or _suits(to, one)]


def _suits(to: RefersTo, entry: Mapping[str, Any]) -> bool:
    """Return whether an entry is of the kind that a reference requires; Aurora clusters have no engine."""
    return (to.engine is None or entry.get("engine", to.engine) == to.engine) and (
        not to.generated or entry.get("generate") is True
    )
