"""Overrides of charts and workloads do not set what the platform depends on."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from typing import Any

from catalog import versions
from catalog.options import options
from catalog.reading.problems import Path, Problem, nearest
from config.overrides import Overridden, Program, overridden
from config.rules.stack import Rule, Stack

PINNED = tuple(value for value in vars(versions).values() if isinstance(value, str))
"""Images that the tables of options describe, among other versions."""


ALIKE = 0.8
"""Similarity of names above which one is a misspelling: names of options share many words."""


def keep_promises(stack: Stack) -> Iterator[Problem]:
    """No override sets a port, a secret, a security context, or a value that another setting decides."""
    for one in overridden(stack.settings):
        refused = one.refusal()
        if refused is not None:
            yield Problem(one.path, f"the {one.override.kind} {one.name} cannot be overridden: {refused.why}")


def options_of_programs(stack: Stack) -> Iterator[Problem]:
    """A program knows what is set for it: the name, and the form of the value.

    The tables are those of the installed versions: with another image, an unknown name or value is a warning.
    """
    for one in overridden(stack.settings):
        beside = _beside(stack, one)
        program = one.override.read_by(beside)
        if program is not None and one.refusal() is None:
            yield from _known(one, program, own_image=beside.get("image", PINNED[0]) not in PINNED)


def _beside(stack: Stack, one: Overridden) -> Mapping[str, Any]:
    """Return the settings beside the override, as written."""
    found: Any = stack.sections
    for part in one.path[:-2]:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _known(one: Overridden, program: Program, *, own_image: bool) -> Iterator[Problem]:
    known, argument = options(program.table), one.override.kind == "argument"
    name = one.name.removeprefix("--") if argument else one.name
    form = known.get(name) or known.get(name.replace("_", "-"))
    if form is None:
        yield from _unknown(one.path, name, program, strict=program.strict and not own_image)
        return
    value = str(one.value)
    if argument and form.kind == "flag":
        if value:
            yield Problem(one.path, f"{one.name} takes no value; remove it")
    elif argument and not value:
        yield Problem(one.path, f"{one.name} takes a value; write it with an equals sign")
    elif "$(" not in value and (wrong := form.wrong(value)) is not None:
        cause, _, fix = wrong.partition("; ")
        yield Problem(
            one.path,
            f"{cause}, as {program.title} requires, {program.wrong}; {fix or 'change it'}",
            severity="warning" if own_image else "error",
        )


def _unknown(path: Path, name: str, program: Program, *, strict: bool) -> Iterator[Problem]:
    if any(fnmatchcase(name.lower(), pattern) for pattern in program.others):
        return
    if not any(fnmatchcase(name.lower(), pattern) for pattern in program.checked):
        return
    similar = nearest(name, options(program.table))
    close = similar is not None and SequenceMatcher(None, name.lower(), similar.lower()).ratio() > ALIKE
    hint = f"did you mean {similar}?" if close else "check its name, and the version in which it exists"
    yield Problem(
        path,
        f"{name} is unknown to {program.title}, {program.unknown}; {hint}",
        severity="error" if strict else "warning",
    )


RULES: tuple[Rule, ...] = (keep_promises, options_of_programs)
