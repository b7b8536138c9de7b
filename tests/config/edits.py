"""What an edit of each setting does to a platform that runs: the example is planned with a near value, and compared.

`python -m tests.config.edits [VERSION]` writes the table, catalog/data/settings.csv. The example is reduced to sections
with resources of AWS, so that a plan takes a second.
"""

import copy
import csv
import functools
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from aiplatform.diff.kept import KEPT
from aiplatform.diff.line import Side, is_real
from aiplatform.diff.replaced import replaced
from aiplatform.diff.sections import lost
from aiplatform.preview.write import plan_json
from catalog.reading.problems import Path as Place
from catalog.reading.problems import SettingsError, show
from catalog.settings import UNRELEASED, History, history
from config.loader import Loaded
from config.reference import every, root, setting_at
from tests.components.test_settings_read import built, example, leaves, literals, loaded, models_of, others
from tests.config.base import ROOT

SECTIONS = (
    *(
        "network",
        "cluster",
        "nodeGroups",
        "databases",
        "auroraClusters",
        "caches",
        "buckets",
        "fileSystems",
        "nodePools",
    ),
    *("instances", "ingress", "project", "repositories", "secrets", "accessLogs", "schedules"),
)
"""Sections whose edits are planned."""

CONTEXT = ("scheduler",)
TABLE = ROOT / "catalog" / "data" / "settings.csv"
SHOWN = 3
"""Types that a row names."""


@functools.cache
def reduced() -> dict[str, Any]:
    sections = copy.deepcopy(example().sections)
    small = {name: value for name, value in sections.items() if name in (*SECTIONS, *CONTEXT)}
    for name in [key for key, value in small["secrets"].items() if value.get("authority")]:
        del small["secrets"][name]
    return small


def side(found: Loaded) -> Side:
    return Side(json.loads("".join(plan_json(built(found.settings)))), settings=found.settings)


@functools.cache
def before() -> Side:
    return side(loaded(reduced()))


def settings() -> Iterator[tuple[str, Place, Any]]:
    """Each setting with a value in the example, once, by its path in the reference."""
    seen: set[str] = set()
    for path, value in leaves({name: reduced()[name] for name in SECTIONS if name in reduced()}):
        found = setting_at(path)
        name = show(found.path) if found is not None else show(path)
        if name not in seen:
            seen.add(name)
            yield name, path, value


def edited(path: Place, value: Any) -> Loaded | None:
    """The first of the near values that is accepted; None if none is."""
    at = dict(models_of(loaded(reduced()).settings))
    fields = type(at[path[:-1]]).model_fields.items() if path[:-1] in at else ()
    choices = [one for name, field in fields if path[-1] in (name, field.alias) for one in literals(field.annotation)]
    for other in (*(one for one in choices if one != value), *others(value)):
        sections = copy.deepcopy(reduced())
        here: Any = sections
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = other
        try:
            return loaded(sections)
        except SettingsError:
            continue
    return None


def effect(after: Side) -> str:
    """What a change does, in a few words; empty if it changes no resource."""
    old, new, found = before().resources, after.resources, replaced(before(), after)
    gone = {str(old[urn]["type"]) for urn in old.keys() - new.keys() if is_real(old[urn])}
    fresh = {str(new[urn]["type"]) for urn in new.keys() - old.keys()}
    anew = {str(one.pair.one["type"]) for one in found.values() if is_real(one.pair.one)} | gone & fresh
    restarted = {str(new[one.urn]["type"]) for one in lost._restarted(before(), after, found) if one.severity != "info"}
    told = [
        f"{verb} {_listed(types)}"
        for verb, types in (("replaces", anew), ("deletes", gone - fresh), ("interrupts", restarted))
        if types
    ]
    same = all(new[urn]["inputs"] == one["inputs"] for urn, one in old.items() if urn in new)
    return "; ".join(told) or ("" if same and not fresh else "in place")


def _listed(types: set[str]) -> str:
    """The types whose data or identity is lost, and the number of others; all if there is none."""
    kept = sorted((type_ for type_ in types if type_ in KEPT), key=lambda type_: (KEPT[type_].what != "data", type_))
    named = kept[:SHOWN] or sorted(types)[:SHOWN]
    more = len(types) - len(named)
    return ", ".join(type_.rpartition(":")[2] for type_ in named) + (f" and {more} more" if more else "")


HEAD = """\
# Each setting of a stack file: the first version of this project that has it, and what an edit does to what runs.
# `python -m tests.config.edits` adds edits by planning the example with near values, which takes ten minutes; with a
# version it says since when new settings are there, too. A setting without a row is in no release.
"""


def write(rows: Mapping[str, History]) -> None:
    """Write the table."""
    with TABLE.open("w", newline="", encoding="utf-8") as out:
        out.write(HEAD)
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(("setting", "since", "edit"))
        for name, row in sorted(rows.items()):
            if row != History():
                lines.writerow((name, row.since.replace(UNRELEASED, ""), row.edit))


def main(version: str | None) -> None:
    """Complete the table."""
    rows = {name: history(name) for name in (show(one.path) for one in every(root()))}
    if version is not None:
        rows = {name: row._replace(since=row.since.replace(UNRELEASED, version)) for name, row in rows.items()}
    for name, path, value in settings():
        if not rows[name].edit and (found := edited(path, value)) is not None:
            rows[name] = rows[name]._replace(edit=effect(side(found)))
            write(rows)
    write(rows)


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else None)
