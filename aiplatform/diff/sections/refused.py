"""Edits that fail when they run, although a plan shows them: AWS, the API server or Pulumi rejects them."""

from collections.abc import Iterator

from aiplatform.diff.fields import inputs_of
from aiplatform.diff.line import Line, Side, is_real, pairs, subject
from aiplatform.diff.replaced import CLUSTER, marks_of, replaced
from catalog.refused_edits import CHECKS, SAME_ZONES, Refusal, undeletable

TITLE = "Refused when it runs"
ORDER = 20


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return the edits that are rejected, each with its source."""
    if before is None or after is None:
        return []
    return [*_edits(before, after), *_fixed(before, after), *_zones(before, after), *_deletions(before, after)]


def _edits(before: Side, after: Side) -> Iterator[Line]:
    found = replaced(before, after)
    for pair in pairs(before, after):
        if not (pair.before and pair.after):
            continue
        type_, urn = str(pair.one["type"]), str(pair.one["urn"])
        # The claims of a stateful set stay as they are when it is replaced, too.
        if urn in found and not found[urn].refused and not type_.endswith(":StatefulSet"):
            continue
        old, new = inputs_of(pair)
        chosen = pair.one.get("replaceOnChanges", ())
        for check in CHECKS.get(type_, ()) if old != new else ():
            for refusal in check(old, new):
                if not any(refusal.text.startswith(f"{path} is immutable") for path in chosen):
                    yield _line(refusal, subject(pair.one), urn)


def _fixed(before: Side, after: Side) -> Iterator[Line]:
    """Yield resources that would have to follow another one which is replaced."""
    for one in replaced(before, after).values():
        if one.refused:
            yield _line(one.refused, subject(one.pair.one), one.urn)


def _zones(before: Side, after: Side) -> Iterator[Line]:
    for pair in pairs(before, after):
        if not (pair.before and pair.after) or pair.one["type"] != CLUSTER:
            continue
        old, new = (_zones_of(side, inputs) for side, inputs in zip((before, after), inputs_of(pair), strict=True))
        if old and new - old:
            names = ", ".join(sorted(new - old))
            text = f"{SAME_ZONES.text}: {names} is new"
            yield _line(SAME_ZONES._replace(text=text), subject(pair.one), str(pair.one["urn"]))


def _zones_of(side: Side, inputs: object) -> set[str]:
    """Return the zones of the subnets of a control plane, on which its resource depends."""
    given = str(inputs)
    found = set()
    for one in side.resources.values():
        if one["type"] == "aws:ec2/subnet:Subnet" and any(mark in given for mark in marks_of(side, one["urn"])):
            found.add(str(one["inputs"].get("availabilityZone")))
    for one in side.reads:
        if one["type"] == "aws:ec2/subnet:Subnet" and one["inputs"]["id"] in given:
            found.add(str(one["inputs"].get("availabilityZone")))
    return found


def _deletions(before: Side, after: Side) -> Iterator[Line]:
    """Yield what would have to be deleted, and is protected by Pulumi or by AWS."""
    found = replaced(before, after)
    for pair in pairs(before, after):
        old, one = pair.before, found.get(str(pair.one["urn"]))
        if old is None or not is_real(old) or (pair.after is not None and (one is None or one.refused or one.by_hand)):
            continue
        verb = "deleted" if pair.after is None else "replaced"
        name, urn = subject(old), str(pair.one["urn"])
        if old.get("protect") is True:
            text = f"is protected and would be {verb}: pulumi up stops before it changes anything"
            fix = f"keep it; if it is wanted: aiplatform unprotect --only {old['name']}"
            yield Line(name, text, "error", urn, fix, f"{_OPTIONS}protect/")
        elif old.get("retainOnDelete") is not True:
            yield from (_line(refusal, name, urn) for refusal in undeletable(str(old["type"]), old["inputs"]))


_OPTIONS = "https://www.pulumi.com/docs/iac/concepts/resources/options/"


def _line(refusal: Refusal, name: str, urn: str) -> Line:
    return Line(name, refusal.text, refusal.severity, urn, refusal.fix, refusal.source)
