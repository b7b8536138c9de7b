"""`aiplatform explain`: a setting of a stack file, with its type, default, allowed values and an example."""

from collections.abc import Iterator

import typer

from aiplatform.cli.output import print_json
from aiplatform.errors import CallError
from aiplatform.preview.plan import Json
from catalog.reading.problems import alternatives, nearest, show
from catalog.settings import history
from config.example import example_at
from config.reference import EVERY, Setting, children, every, parse_path, root, setting_at
from config.settings_page import default_of


def show_setting(text: str | None, *, as_json: bool) -> None:
    """Print a setting, and what can be set below it.

    Raises:
        CallError: there is no such setting.
    """
    setting = root() if text is None else found(text)
    if as_json:
        print_json(document(setting) | {"settings": [document(one) for one in children(setting)]})
    else:
        typer.echo("\n".join(lines(setting)))


def found(text: str) -> Setting:
    """Return the setting at a path.

    Raises:
        CallError: there is none; the message has the nearest ones.
    """
    path = parse_path(text)
    if path is None:
        raise CallError(f"{text!r} is no path; write it like databases.*.engine")
    setting = setting_at(path)
    if setting is not None:
        # `databases.engine` is the setting of a database; none is called `engine`.
        inner = setting_at((*setting.path, path[-1])) if path and setting.path[-1] == EVERY else None
        return inner or setting
    known = next(one for length in range(len(path), -1, -1) if (one := setting_at(path[:length])) is not None)
    wrong = str(path[len(known.path)])
    if known.is_map() or known.is_list():
        inside = ", as it is a list" if known.is_list() else ""
        raise CallError(f"unknown setting {text}: after {show(known.path)} comes {EVERY}{inside}")
    keys = known.keys()
    if not keys:
        raise CallError(f"unknown setting {text}: {show(known.path)} is a {known.type} without settings")
    same = sorted((show(one.path) for one in every(root()) if one.path[-1] == wrong), key=lambda one: one.count("."))
    best = nearest(wrong, keys)
    choices = [*same[:3], *([show((*known.path, best))] if best else [])] or list(keys)
    raise CallError(f"unknown setting {text}; {'did you mean' if same or best else 'choose'} {alternatives(choices)}?")


def document(setting: Setting) -> dict[str, Json]:
    """Return a setting for other programs."""
    known = history(show(setting.path))
    return {
        "path": show(setting.path),
        "description": setting.description,
        "type": setting.type,
        "required": setting.required,
        "default": setting.default,
        "allowed": setting.allowed or None,
        "unit": setting.unit or None,
        "example": example_at(setting.path) or None,
        "since": known.since,
        "edit": known.edit or None,
    }


def lines(setting: Setting) -> Iterator[str]:
    """Yield the lines that explain a setting."""
    yield show(setting.path) or "sections"
    if setting.description:
        yield f"  {setting.description}"
    yield f"  type: {setting.type}{', or null' if setting.nullable else ''}"
    if setting.path:
        yield f"  default: {default_of(setting)}"
    if setting.allowed:
        yield f"  allowed: {setting.allowed}"
    if setting.unit:
        yield f"  unit: {setting.unit}"
    if example := example_at(setting.path):
        yield f"  example: {example}"
    known = history(show(setting.path))
    if setting.path:
        yield f"  since: {known.since}"
    if known.edit:
        yield f"  an edit of what runs: {known.edit}"
    below = list(children(setting))
    if below:
        yield "  settings:"
    for one in below:
        name = EVERY if one.path[-1] == EVERY else str(one.path[-1])
        first, point, _ = one.description.partition(". ")
        yield f"    {name}{' (required)' if one.required else ''}: {first}{'.' if point else ''}".rstrip(": ")
