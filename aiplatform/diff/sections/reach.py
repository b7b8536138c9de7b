"""Who can newly reach whom, and who no longer can: security groups, public resources, network policies."""

from collections.abc import Iterator, Sequence

from aiplatform.diff.line import Described, Line, Side, in_order
from aiplatform.reach.changes import Network, networks, opened
from aiplatform.reach.inbound import Opening, fresh, openings

TITLE = "Connections"
ORDER = 30


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return what a change opens to the internet, then other connections that it opens, then those that it closes."""
    if before is None or after is None:
        return []
    old, new = list(before.resources.values()), list(after.resources.values())
    found = [*_openings(old, new)]
    both = networks([*old, *before.reads], [*new, *after.reads])
    if both is not None:
        found += _connections(*both)
    return list(in_order(found))


def _openings(old: Sequence[Described], new: Sequence[Described]) -> Iterator[Line]:
    was, is_ = openings(old), openings(new)
    for one in fresh(was, is_):
        if one.direction == "public":
            yield Line(one.subject, f"newly {one.peer}", "error", one.urn, "check that the internet may use it")
        elif one.is_world:
            text = f"newly open to the internet: {one.ports} from {one.peer}"
            yield Line(one.subject, text, "error", one.urn, "name the networks that may connect")
        else:
            yield Line(
                one.subject, _says(one, "newly allows"), "warning" if one.direction == "from" else "info", one.urn
            )
    for one in fresh(is_, was):
        says = f"no longer {one.peer}" if one.direction == "public" else _says(one, "no longer allows")
        yield Line(one.subject, says, "info", one.urn)


def _says(one: Opening, verb: str) -> str:
    return f"{verb} {one.ports} {one.direction} {one.peer}"


def _connections(was: Network, is_: Network) -> Iterator[Line]:
    for group in opened(was, is_):
        text = f"{group.sources} can newly reach {group.targets}".strip()
        yield Line(group.subject, text, "info" if group.is_new else "warning")
    for group in opened(is_, was):
        yield Line(group.subject, f"{group.sources} can no longer reach {group.targets}".strip(), "info")
