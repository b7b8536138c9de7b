"""What a change replaces: by an immutable input, or because what it refers to is replaced."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aiplatform.diff.fields import inputs_of
from aiplatform.diff.line import Described, Pair, Side, pairs
from catalog.aws.aws_type import Json
from catalog.refused_edits import FIXED_REFERENCES, Refusal, at
from catalog.replacement import keeps_name, replacing_inputs, type_of

_SHORTEST = 12
"""A shorter ID can be a part of another word."""

CLUSTER = "eks:index:Cluster"
_FOLLOWS = {"aws:rds/instance:Instance": ("dbSubnetGroupName",)}
"""Inputs that move a resource in place, which AWS allows only while what they refer to is another one."""


@dataclass(frozen=True)
class Replaced:
    """A resource that is replaced."""

    pair: Pair
    inputs: tuple[str, ...]
    """The inputs that replace it."""

    because: str = ""
    """URN of the resource whose replacement changes the inputs; empty for a change of its own."""

    refused: Refusal | None = None
    """Why AWS rejects the update that Pulumi tries: it has to be replaced by hand."""

    by_hand: bool = False
    """Whether it is only replaced if a resource is that has to be replaced by hand."""

    @property
    def urn(self) -> str:
        """Return its URN after the change."""
        return str(self.pair.one["urn"])

    def is_first_deleted(self) -> bool:
        """Return whether Pulumi deletes the old resource before it creates the new one."""
        before, after = inputs_of(self.pair)
        given = self.pair.one.get("deleteBeforeReplace") is True
        return given or keeps_name(str(self.pair.one["type"]), before, after)


def replaced(before: Side | None, after: Side | None) -> Mapping[str, Replaced]:
    """Return what is replaced, by the URN after the change, in the order in which it was found."""
    if before is None or after is None:
        return {}
    return _replaced(_Sides(before, after))


@dataclass(frozen=True, eq=False)
class _Sides:
    before: Side
    after: Side

    def __hash__(self) -> int:
        return hash((id(self.before), id(self.after)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sides) and self.before is other.before and self.after is other.after


@lru_cache(maxsize=8)
def _replaced(sides: _Sides) -> Mapping[str, Replaced]:
    both = {str(pair.one["urn"]): pair for pair in pairs(sides.before, sides.after) if pair.before and pair.after}
    found = {urn: Replaced(pair, own) for urn, pair in both.items() if (own := _own_inputs(pair))}
    users = _users(sides.after)
    waiting = list(found)
    while waiting:
        urn = waiting.pop(0)
        marks = _marks(sides.after.resources[urn])
        for user in users[urn]:
            if user in found or user not in both:
                continue
            one = _following(both[user], found[urn], marks)
            if one is not None:
                found[user] = one
                waiting.append(user)
    return found


def _own_inputs(pair: Pair) -> tuple[str, ...]:
    before, after = inputs_of(pair)
    if before == after:
        return ()
    known = replacing_inputs(str(pair.one["type"]), before, after)
    chosen = [path for path in pair.one.get("replaceOnChanges", ()) if at(before, path) != at(after, path)]
    return tuple(sorted({*known, *chosen}))


def _following(pair: Pair, other: Replaced, marks: Sequence[str]) -> Replaced | None:
    """Return a resource that is replaced with another one to which it refers."""
    urn, by_hand = other.urn, other.by_hand or other.refused is not None
    type_, inputs = str(pair.one["type"]), inputs_of(pair)[1]
    if pair.one.get("provider") == urn:
        return Replaced(pair, ("provider",), urn, by_hand=by_hand)
    if type_.startswith("pulumi:"):
        return None  # The cluster of a provider is known by its name, which stays.
    fixed, refusal = FIXED_REFERENCES.get(type_, ("", None))
    if refusal and (stuck := _referring(inputs, fixed.split(), marks)):
        return Replaced(pair, stuck, urn, refusal, by_hand)
    known = type_of(type_)
    own = {known.name, "metadata.name"} if known else set()
    paths = [
        path for path in (*(known.immutable.split() if known else ()), *_FOLLOWS.get(type_, ())) if path not in own
    ]
    inputs_found = _referring(inputs, paths, marks)
    return Replaced(pair, inputs_found, urn, by_hand=by_hand) if inputs_found else None


def _referring(inputs: Mapping[str, Json], paths: Sequence[str], marks: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in paths if any(_is_marked(text, marks) for text in _texts(at(inputs, path)))))


def _is_marked(text: str, marks: Sequence[str]) -> bool:
    return any(text == mark or (len(mark) >= _SHORTEST and mark in text) for mark in marks)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _users(side: Side) -> Mapping[str, list[str]]:
    """Return the resources that have an output of each resource among their inputs, or use it as their provider.

    A dependency that only gives an order replaces nothing: `calculateDependentReplacements` of
    https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go
    """
    found: dict[str, list[str]] = defaultdict(list)
    for urn, one in side.resources.items():
        for other in {*_references(one), one.get("provider")}:
            if other is not None:
                found[str(other)].append(urn)
    return found


def _references(resource: Described) -> Sequence[str]:
    """Return the dependencies of which a resource has outputs; all of them in a plan of an older program."""
    dependencies = resource.get("dependencies", ())
    return [dependencies[number] for number in resource.get("references", range(len(dependencies)))]


def marks_of(side: Side, urn: str) -> tuple[str, ...]:
    """Return the values by which other resources of a plan refer to a resource."""
    return _marks(side.resources[urn])


def _marks(resource: Described) -> tuple[str, ...]:
    """Return the values by which other resources of the plan refer to a resource."""
    type_, inputs = str(resource["type"]), resource["inputs"]
    made = resource.get("answers", ())
    if type_ == CLUSTER:
        return (str(resource["urn"]), *made)
    known = type_of(type_)
    own = inputs.get(known.name) if known else None
    metadata = inputs.get("metadata")
    named = metadata.get("name") if type_.startswith("kubernetes:") and isinstance(metadata, Mapping) else None
    return tuple(dict.fromkeys(one for one in (own, named, *made) if isinstance(one, str) and one))
