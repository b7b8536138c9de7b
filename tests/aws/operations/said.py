"""How the provider says an input to AWS, where it is more than another name."""

from collections.abc import Callable, Mapping

from aiplatform.preview.plan import Json
from tests.aws.requests import To

UNIQUE = "0" * 26
"""The provider ends a name of which it knows the prefix alone with 26 digits: a time and a number."""

REGION = {"region": "the region whose endpoint is asked"}
"""The input `region`, which each resource may have where it is not the provider's."""


def prefixed(value: Json) -> Json:
    """A whole name from its prefix."""
    return f"{value}{UNIQUE}"


def tagged(kind: str) -> To:
    """Tags as EC2 takes them: with the kind of what is being made."""

    def said(tags: Json) -> Json:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        return [{"ResourceType": kind, "Tags": pairs}]

    return To("TagSpecifications", said)


def filtered(name: str) -> To:
    """A filter of a Describe call."""
    return To("Filters", lambda value: [{"Name": name, "Values": value if isinstance(value, list) else [value]}])


def attribute(key: str) -> To:
    """One of a load balancer's or a target group's attributes, which are texts."""
    return To("Attributes", lambda value: [{"Key": key, "Value": _text(value)}])


def queue_attribute(key: str) -> To:
    """One of a queue's attributes, which are texts in a map."""
    return To("Attributes", lambda value: {key: _text(value)})


def choice(member: str, texts: Mapping[Json, str]) -> To:
    """One text for each value."""
    return To(member, lambda value: texts.get(value, value))


def one(member: str) -> Callable[[Json], Json]:
    """A list of structures with a single member out of a list of values."""
    return lambda values: [{member: value} for value in values]


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
