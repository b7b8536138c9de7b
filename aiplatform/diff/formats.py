"""A difference as text, Markdown, JSON or HTML."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from aiplatform.cost.bill import cents
from aiplatform.diff.difference import Difference, Part
from aiplatform.diff.line import Line
from aiplatform.diff.sections.money import increase
from aiplatform.diff.sections.resources import TITLE as RESOURCES
from aiplatform.errors import CallError
from aiplatform.finding import SEVERITIES, Severity
from catalog.aws.aws_type import Json

Format = Literal["text", "markdown", "json", "html"]
VERSION = 1
NO_DIFFERENCE = "No difference."

_MARKS = {"error": "🔴", "warning": "🟡", "info": "⚪"}


@dataclass(frozen=True)
class Comparison:
    """The differences of stacks between two sides."""

    before: str
    after: str
    """What the sides are."""

    stacks: tuple[Difference, ...]
    gates: tuple[str, ...] = ()
    """Why the change fails."""


def text(found: Comparison) -> str:
    """Return the differences as plain text."""
    return "\n".join(_text(found)) + "\n"


def _text(found: Comparison) -> Iterator[str]:
    for one in found.stacks:
        yield _plain(f"{one.stack}: {found.before} → {found.after}")
        yield from (f"  not compared: {_plain(note)}" for note in one.notes)
        if not one.parts and not one.notes:
            yield f"  {NO_DIFFERENCE}"
        for part in one.parts:
            yield f"  {part.title} ({summary(part)})"
            for line in part.lines:
                yield f"    {line.severity:8} {_plain(line.subject)}: {_plain(line.text)}"
                yield from (f"{'':13}{_plain(more)}" for more in (line.fix and f"→ {line.fix}", line.source) if more)
        yield ""
    yield from (f"fails: {_plain(gate)}" for gate in found.gates)


def _plain(value: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in value)


def summary(part: Part) -> str:
    """Return the number of lines of each severity: `2 errors, 1 warning`; of a part with infos alone, their number."""
    counts = {one: sum(line.severity == one for line in part.lines) for one in SEVERITIES}
    shown: list[Severity] = [one for one in SEVERITIES if counts[one] and one != "info"]
    words: list[tuple[str, int]] = [(one, counts[one]) for one in shown] or [("line", counts["info"])]
    return ", ".join(f"{count} {word}{'s' * (count != 1)}" for word, count in words)


def markdown(found: Comparison) -> str:
    """Return the differences as Markdown for a comment, where nothing that a stack file says is markup."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Comparison) -> Iterator[str]:
    for gate in found.gates:
        yield f"> **Fails:** {escaped(gate)}\n>"
    if not found.stacks:
        yield "No stack is affected by this change.\n"
    for one in found.stacks:
        yield f"## {escaped(one.stack)}: {escaped(one.headline)}\n"
        yield from (f"- **Not compared:** {escaped(note)}" for note in one.notes)
        for part in one.parts:
            yield from _section(part, folded=part.title == RESOURCES)
        if one.digest:
            yield f"<sub>Plan of {escaped(one.stack)}: {one.digest}</sub>\n"
    yield f"<sub>{escaped(found.before)} → {escaped(found.after)}, planned without credentials</sub>"


def _section(part: Part, *, folded: bool) -> Iterator[str]:
    title = f"{escaped(part.title)} ({summary(part)})"
    yield f"<details><summary>{title}</summary>\n" if folded else f"### {title}\n"
    for line in part.lines:
        fix = f" *→ {escaped(line.fix)}*" if line.fix else ""
        source = f" [source]({line.source})" if line.source.startswith("https://") else ""
        yield f"- {_MARKS[line.severity]} **{escaped(line.subject)}**: {escaped(line.text)}{fix}{source}"
    yield "\n</details>\n" if folded else ""


_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~$])")
_LINKS = re.compile(r"@|\\#(?=\d)|(?<=://)|(?<=www)(?=\.)|(?<=\bgh)(?=-\d)", re.IGNORECASE)
"""Where GitHub would make a mention, a reference to an issue or a link: https://github.github.com/gfm/#autolinks"""


def escaped(value: str) -> str:
    """Return a text that Markdown shows as it is: no markup, link, mention or reference to an issue."""
    plain = " ".join(_plain(value).split()).replace("&", "&amp;")
    return _LINKS.sub(r"\g<0><!-- -->", _SPECIAL.sub(r"\\\1", plain))


def as_json(found: Comparison) -> str:
    """Return the differences as JSON."""
    document = {
        "version": VERSION,
        "before": found.before,
        "after": found.after,
        "fails": list(found.gates),
        "stacks": [
            {
                "stack": one.stack,
                "headline": one.headline,
                "digest": one.digest,
                "increase": _increase(one),
                "notes": list(one.notes),
                "replaced": one.replaced_types(),
                "steps": dict(one.steps),
                "sections": [
                    {"title": part.title, "lines": [_line(line) for line in part.lines]} for part in one.parts
                ],
            }
            for one in found.stacks
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _increase(found: Difference) -> float | None:
    """Return the expected increase in USD a month; None where it is unknown."""
    by = increase(found.before, found.after) if found.before or found.after else None
    return None if by is None else float(cents(by))


def _line(line: Line) -> dict[str, str]:
    return {name: value for name, value in asdict(line).items() if name != "rank"}


def read(content: str) -> Comparison:
    """Return a comparison that was written as JSON. Nothing of its content is trusted.

    Raises:
        CallError: it is none, or of another version.
    """
    try:
        document = json.loads(content)
        [VERSION].index(document["version"])
        stacks = tuple(map(_stack, document["stacks"]))
        return Comparison(str(document["before"]), str(document["after"]), stacks, tuple(map(str, document["fails"])))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CallError("is no output of aiplatform diff --format json of this version") from error


def _stack(given: Mapping[str, Json]) -> Difference:
    parts = tuple(Part(str(one["title"]), tuple(map(_read_line, one["lines"]))) for one in given["sections"])
    notes = tuple(map(str, given["notes"]))
    digest = str(given.get("digest", ""))
    shown = digest if re.fullmatch(r"sha256:[0-9a-f]{64}", digest) else ""
    steps = {str(urn): str(step) for urn, step in given.get("steps", {}).items()}
    return Difference(str(given["stack"]), None, None, parts, notes, str(given["headline"]), shown, steps)


def _read_line(given: Mapping[str, Json]) -> Line:
    severity = SEVERITIES[SEVERITIES.index(given["severity"])]
    source = str(given["source"])
    known = source if re.fullmatch(r"https://[\w./#%?=&~-]+", source, re.ASCII) else ""
    return Line(str(given["subject"]), str(given["text"]), severity, str(given["urn"]), str(given["fix"]), known)


_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
li { margin: .3rem 0; overflow-wrap: anywhere }
.error b { color: #c00 } .warning b { color: #a60 } .fix { opacity: .75 }
"""


def page(found: Comparison) -> str:
    """Return the differences as one self-contained page."""
    return "".join(_page(found))


def _page(found: Comparison) -> Iterator[str]:
    title = html.escape(f"{found.before} → {found.after}")
    yield f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>\n'
    yield f"<h1>{title}</h1>\n"
    yield from (f"<p class=error><b>Fails:</b> {html.escape(gate)}</p>\n" for gate in found.gates)
    for one in found.stacks:
        yield f"<h2>{html.escape(one.stack)}</h2>\n"
        yield from (f"<p>Not compared: {html.escape(note)}</p>\n" for note in one.notes)
        if not one.parts and not one.notes:
            yield f"<p>{NO_DIFFERENCE}</p>\n"
        for part in one.parts:
            is_open = "" if part.title == RESOURCES else " open"
            yield f"<details{is_open}><summary><b>{html.escape(part.title)}</b> ({summary(part)})</summary><ul>\n"
            yield from map(_item, part.lines)
            yield "</ul></details>\n"
    yield "</html>\n"


def _item(line: Line) -> str:
    fix = f' <span class="fix">→ {html.escape(line.fix)}</span>' if line.fix else ""
    source = f' <a href="{html.escape(line.source)}">source</a>' if line.source.startswith("https://") else ""
    subject, said = html.escape(line.subject), html.escape(line.text)
    return f'<li class="{line.severity}"><b>{line.severity}</b> {subject}: {said}{fix}{source}</li>\n'


FORMATS: Mapping[Format, Callable[[Comparison], str]] = {
    "text": text,
    "markdown": markdown,
    "json": as_json,
    "html": page,
}
