"""From a stack file to settings, or to every mistake in it at once."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from config.document import Document, decode, parse
from config.messages import explain
from config.problems import Path, Problem, SettingsError, did_you_mean
from config.rules import RULES
from config.rules.stack import Stack
from config.settings import NAMESPACE, Settings

_STAND_INS: dict[Path, Any] = {
    # What a required value is taken for when it is wrong, so that the rest of the file can still be checked. Problems
    # that would rest on one of them are left out again.
    ("project",): {},
    ("project", "name"): "stand-in",
    ("project", "environment"): "stand-in",
    ("project", "region"): "us-east-1",
    ("network",): {},
    ("network", "cidr"): "10.0.0.0/16",
    ("cluster",): {},
    ("cluster", "endpoint"): {"public": False},
    ("nodeGroups",): {},
}


@dataclass(frozen=True)
class Loaded:
    """Valid settings, and what a person should know about them."""

    settings: Settings
    warnings: tuple[str, ...]
    """One located line each."""


def stack_file(folder: FilePath, stack: str) -> FilePath:
    """Where Pulumi keeps the settings of a stack."""
    return folder / f"Pulumi.{stack}.yaml"


def load_file(
    folder: FilePath, stack: str, *, changes: Mapping[Path, Any] | None = None, today: date | None = None
) -> Loaded:
    """Load a stack file; `changes` overrides single values, for a "what if".

    Raises:
        SettingsError: with every mistake, one located line each.
    """
    document = read(folder, stack)
    for path, value in (changes or {}).items():
        _place(document.sections, path, value)
    return load(document, today=today)


def read(folder: FilePath, stack: str) -> Document:
    """Read a stack file without judging its values.

    Raises:
        SettingsError: there is no such file, or it is no stack file.
    """
    path = stack_file(folder, stack)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        stacks = sorted(file.name.split(".")[1] for file in folder.glob("Pulumi.*.yaml"))
        raise SettingsError([f"{path.name}:1: there is no such stack file{did_you_mean(stack, stacks)}"]) from None
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path.name}:1: is no UTF-8 text, at byte {error.start}"]) from None
    except OSError as error:
        raise SettingsError([f"{path.name}:1: cannot be read: {error.strerror}"]) from None
    return parse(text, path.name, NAMESPACE)


def load_config(values: Mapping[str, str], folder: FilePath, stack: str) -> Loaded:
    """Load what Pulumi's engine hands to a running program; the stack file, where there is one, gives the lines.

    Raises:
        SettingsError: with every mistake, one located line each.
    """
    try:
        document = read(folder, stack)
    except SettingsError:
        document = Document(stack_file(folder, stack).name)
    document.sections, document.others = decode(values, NAMESPACE)
    # The engine has decrypted what the file holds encrypted; whether a key may hold it is for the models to say.
    document.problems = []
    return load(document)


def load(document: Document, *, today: date | None = None) -> Loaded:
    """Judge the values of a document.

    Raises:
        SettingsError: with every mistake, one located line each.
    """
    settings, problems, wrong = _validate(document.sections)
    problems = [*document.problems, *problems]
    wrong = [*wrong, *(problem.path for problem in document.problems)]
    if settings is not None:
        stack = Stack(settings, document.sections, document.others, today or date.today())
        found = [problem for rule in RULES for problem in rule(stack)]
        problems += [problem for problem in found if not _rests_on(problem, wrong)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or settings is None:
        raise SettingsError(_located(document, errors))
    return Loaded(settings, _located(document, problems))


def _located(document: Document, problems: list[Problem]) -> tuple[str, ...]:
    ordered = sorted(problems, key=lambda problem: (document.line(problem.path), document.locate(problem)))
    return tuple(dict.fromkeys(document.locate(problem) for problem in ordered))


def _related(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _rests_on(problem: Problem, wrong: list[Path]) -> bool:
    return any(_related(path, bad) for path in (problem.path, *problem.because) for bad in wrong)


def _validate(sections: Mapping[str, Any]) -> tuple[Settings | None, list[Problem], list[Path]]:
    """Settings, the problems of single values, and the paths that were left out or replaced to get at settings."""
    values = copy.deepcopy(dict(sections))
    problems: list[Problem] = []
    wrong: list[Path] = []
    first = True
    while True:
        try:
            return Settings.model_validate_json(json.dumps(values), by_alias=True, by_name=False), problems, wrong
        except ValidationError as error:
            found = [explain(Settings, detail) for detail in error.errors()]
        if first:
            encrypted = _encrypted(values, ())
            problems = [problem for problem in found if not any(_related(problem.path, path) for path in encrypted)]
            first = False
        removed = [path for path in (_remove(values, problem.path) for problem in found) if path is not None]
        wrong += removed
        if not removed:
            return None, problems, wrong


def _encrypted(value: Any, path: Path) -> list[Path]:  # noqa: ANN401, a YAML value is of any type
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return [path]
        return [found for key, inner in value.items() for found in _encrypted(inner, (*path, key))]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in _encrypted(inner, (*path, index))]
    return []


def _remove(values: dict[str, Any], path: Path) -> Path | None:
    """Take out the value at `path`, or what holds it where it is missing; return the path that changed."""
    for length in range(len(path), 0, -1):
        here = path[:length]
        parent = _follow(values, here[:-1])
        if here in _STAND_INS and isinstance(parent, dict) and parent.get(str(here[-1])) != _STAND_INS[here]:
            parent[str(here[-1])] = copy.deepcopy(_STAND_INS[here])
            return here
        if isinstance(parent, dict) and here[-1] in parent and here not in _STAND_INS:
            del parent[here[-1]]
            return here
        if isinstance(parent, list):
            # A list is dropped as a whole: without one item the others would move, and their lines with them.
            continue
    return None


def _follow(values: Any, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _place(sections: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401, a YAML value is of any type
    """Set one value, making the maps on the way to it."""
    here: Any = sections
    for part, following in pairwise(path):
        if isinstance(here, list):
            here = here[int(part)]
            continue
        if not isinstance(here.get(part), dict | list):
            here[part] = [] if isinstance(following, int) else {}
        here = here[part]
    last = path[-1]
    if isinstance(here, list) and isinstance(last, int) and last == len(here):
        here.append(value)
    else:
        here[last] = value
