"""Load a stack file into settings, or report all of its errors at once."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from catalog.reading.document import Document, decode, located, parse
from catalog.reading.problems import Path, Problem, SettingsError, did_you_mean
from config import manifests
from config.messages import explain
from config.missing import offered
from config.rules import RULES
from config.rules.stack import Stack
from config.settings import NAMESPACE, Settings
from config.stand_ins import NONE, stand_in

_REMOVED = object()


@dataclass(frozen=True)
class Loaded:
    """Valid settings with their warnings."""

    settings: Settings
    warnings: tuple[str, ...]
    """One located line each."""

    sections: Mapping[str, Any]
    """The values as written in the stack file, by section."""


def stack_file(folder: FilePath, stack: str) -> FilePath:
    """Return the path of a stack file, as Pulumi names it."""
    return folder / f"Pulumi.{stack}.yaml"


def load_file(
    folder: FilePath, stack: str, *, changes: Mapping[Path, Any] | None = None, today: date | None = None
) -> Loaded:
    """Load a stack file; `changes` overrides single values, as `--set` does.

    Raises:
        SettingsError: the file is invalid; the error has a located line for each problem.
    """
    document = read(folder, stack)
    for path, value in (changes or {}).items():
        document.changed.append(path)
        try:
            _place(document.sections, path, value)
        except (LookupError, ValueError, TypeError, AttributeError):
            message = "cannot be set, because the path does not exist; use the index of a list item, or the next index"
            raise SettingsError([document.locate(Problem(path, message))]) from None
    return load(document, today=today, folder=folder)


def read(folder: FilePath, stack: str) -> Document:
    """Read a stack file without validating its values.

    Raises:
        SettingsError: the file does not exist, or is not a stack file.
    """
    path = stack_file(folder, stack)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        stacks = sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in folder.glob("Pulumi.*.yaml"))
        message = f"stack file not found{did_you_mean(stack, stacks)}"
        raise SettingsError([located(path.name, 1, message)]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError([f"{path.name}:{line}: is not UTF-8 text, at byte {error.start}"]) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise SettingsError([located(path.name, 1, f"cannot be read: {cause}")]) from None
    return parse(text, path.name, NAMESPACE)


def load_config(values: Mapping[str, str], folder: FilePath, stack: str, *, today: date | None = None) -> Loaded:
    """Load the configuration that Pulumi's engine passes to a program; the stack file, if it exists, gives the lines.

    Raises:
        SettingsError: the configuration is invalid; the error has a located line for each problem.
    """
    try:
        document = read(folder, stack)
    except SettingsError:
        document = Document(stack_file(folder, stack).name)
    document.sections, document.others = decode(values, NAMESPACE)
    # The engine has decrypted encrypted values of the file; the models decide whether a key accepts them.
    document.problems = []
    return load(document, today=today, folder=folder)


def load(document: Document, *, today: date | None = None, folder: FilePath | None = None) -> Loaded:
    """Validate the values of a document; rules compare dates with `today`, and look for files in `folder`.

    Raises:
        SettingsError: the document is invalid; the error has a located line for each problem.
    """
    document.hide_secrets()
    unreadable = [problem.path for problem in document.problems if problem.line is None]
    settings, problems, sieve = _validate(document)
    # A value that cannot be read is reported once, without the problems that follow from it.
    problems = [problem for problem in problems if not any(_within(problem.path, path) for path in unreadable)]
    problems = [*document.problems, *problems]
    wrong = [*sieve.wrong, *unreadable]
    if settings is not None:
        stack = Stack(settings, document.sections, document.others, today or date.today(), folder)
        found = [sieve.restore(problem) for rule in RULES for problem in rule(stack)]
        found += manifests.problems(settings, folder) if folder is not None else ()
        problems += [problem for problem in found if not _rests_on(problem, wrong)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or settings is None:
        raise SettingsError(_located(document, errors))
    return Loaded(settings, _located(document, problems), document.sections)


def _located(document: Document, problems: list[Problem]) -> tuple[str, ...]:
    ordered = sorted(problems, key=lambda problem: (document.line_of(problem), document.locate(problem)))
    return tuple(dict.fromkeys(document.locate(problem) for problem in ordered))


def _within(path: Path, outer: Path) -> bool:
    return path[: len(outer)] == outer


def _related(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _rests_on(problem: Problem, wrong: list[Path]) -> bool:
    return any(_related(path, bad) for path in (problem.path, *problem.because) for bad in wrong)


class _Sieve:
    """The values of a stack file; invalid ones are removed until the rest is valid."""

    def __init__(self, sections: Mapping[str, Any]) -> None:
        self.values = copy.deepcopy(dict(sections))
        self.wrong: list[Path] = []
        """Paths of values that were removed or replaced."""
        self._kept: dict[Path, list[int]] = {}

    def remove(self, paths: list[Path]) -> bool:
        """Remove the values at these paths, or their parents if they are missing; return whether anything changed."""
        shortened: dict[Path, list[Any]] = {}
        before = len(self.wrong)
        for path in paths:
            for length in range(len(path), 0, -1):
                if self._remove_one(path[:length], shortened):
                    self.wrong.append(self.original(path[:length]))
                    break
        for path, items in shortened.items():
            kept = self._kept.get(path, list(range(len(items))))
            self._kept[path] = [index for index, item in zip(kept, items, strict=True) if item is not _REMOVED]
            items[:] = [item for item in items if item is not _REMOVED]
        return len(self.wrong) > before

    def _remove_one(self, path: Path, shortened: dict[Path, list[Any]]) -> bool:
        parent, key = _follow(self.values, path[:-1]), path[-1]
        if isinstance(parent, list) and isinstance(key, int):
            parent[key] = _REMOVED
            shortened[path[:-1]] = parent
            return True
        if not isinstance(parent, dict):
            return False
        value = stand_in(path) if path not in self.wrong else NONE
        if value is not NONE:
            parent[str(key)] = copy.deepcopy(value)
            return True
        return parent.pop(key, _REMOVED) is not _REMOVED

    def original(self, path: Path) -> Path:
        """Return the path in the stack file of a remaining value: removed list items have shifted the indexes."""
        shown = list(path)
        for length in range(len(path)):
            kept, index = self._kept.get(path[:length]), path[length]
            if kept is not None and isinstance(index, int) and index < len(kept):
                shown[length] = kept[index]
        return tuple(shown)

    def restore(self, problem: Problem) -> Problem:
        """Return a problem of the remaining values with the paths of the stack file."""
        return replace(problem, path=self.original(problem.path), because=tuple(map(self.original, problem.because)))


def _validate(document: Document) -> tuple[Settings | None, list[Problem], _Sieve]:
    """Return settings of the valid values, the problems of single values, and the removed values."""
    sieve = _Sieve(document.sections)
    problems: list[Problem] | None = None
    while True:
        try:
            settings = Settings.model_validate_json(_in_order(sieve.values), by_alias=True, by_name=False)
        except ValidationError as error:
            details = error.errors()
            found = [explain(Settings, detail, document.texts) for detail in details]
            short = [detail["type"] == "too_short" for detail in details]
        else:
            return settings, problems or [], sieve
        if problems is None:
            problems = [one for one, few in zip(found, short, strict=True) if not (few and _follows(one, found))]
            missing = {tuple(detail["loc"]) for detail in details if detail["type"] == "missing"}
            problems = [
                replace(one, message=one.message + offered(Settings, one.path, document.sections))
                if one.path in missing
                else one
                for one in problems
            ]
        if not sieve.remove([problem.path for problem in found]):
            return None, problems, sieve


def _in_order(values: Mapping[str, Any]) -> str:
    """The values as JSON with the keys of every map sorted, as Pulumi's engine hands them to the program: what a stack
    builds does not depend on the order of its file."""
    return json.dumps(values, sort_keys=True)


def _follows(problem: Problem, found: list[Problem]) -> bool:
    """Return whether a list is too short only because some of its items are invalid."""
    return any(other.path[: len(problem.path)] == problem.path and other.path != problem.path for other in found)


def _follow(values: Any, path: Path) -> Any:  # noqa: ANN401, a YAML value is of any type
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _place(sections: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401, a YAML value is of any type
    """Set a value, creating missing maps on its path."""
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
