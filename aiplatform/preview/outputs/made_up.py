"""What a preview makes up in place of values that AWS generates."""

from collections.abc import Callable, Iterator, Mapping

from aiplatform.preview.plan import Json
from catalog.aws.aws_type import Reference, other_fingerprints

Answer = tuple[str, Mapping[str, Json]]
"""The ID and the outputs of a resource."""

_LONGEST = 300
"""Characters of a value by which others refer to a resource; longer ones are documents, such as certificates."""


def made_up(answer: Answer, again: Callable[[], Answer]) -> set[str]:
    """Return the strings of an answer that are others with other fingerprints; `again` answers once more."""
    with other_fingerprints():
        other = again()
    return set(_differing(answer, other))


def answers(answer: Answer, made: set[str]) -> tuple[str, ...]:
    """Return the values by which other resources refer to a resource: its ID, its ARN, and what is made up."""
    identifier, outputs = answer
    found = (identifier, outputs.get("arn"), *sorted(made))
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one and len(one) <= _LONGEST))


def _differing(one: Json, other: Json) -> Iterator[str]:
    """Yield the strings in a value that are others in a second one."""
    if isinstance(one, Reference) and isinstance(other, Reference):
        yield from _differing((one.id, one.outputs), (other.id, other.outputs))
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() & other.keys():
            yield from _differing(one[key], other[key])
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for mine, theirs in zip(one, other, strict=False):
            yield from _differing(mine, theirs)
    elif isinstance(one, str) and one != other and one:
        yield one
