"""Conversions of inputs for which the provider changes more than the name."""

from collections.abc import Callable, Mapping

from aiplatform.preview.plan import Json
from tests.aws.requests import To

UNIQUE = "0" * 26
"""The provider appends 26 digits to a name prefix: a timestamp and a number."""

REGION = {"region": "the region whose endpoint is asked"}
"""The input `region`, which a resource can set to another region than the provider's."""


def prefixed(value: Json) -> Json:
    """Return a full name for its prefix."""
    return f"{value}{UNIQUE}"


def tagged(kind: str) -> To:
    """Return tags with the resource type, as EC2 requires them."""

    def said(tags: Json) -> Json:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        return [{"ResourceType": kind, "Tags": pairs}]

    return To("TagSpecifications", said)


def filtered(name: str) -> To:
    """Return a filter of a Describe call."""
    return To("Filters", lambda value: [{"Name": name, "Values": value if isinstance(value, list) else [value]}])


def attribute(key: str) -> To:
    """Return an attribute of a load balancer or target group as text."""
    return To("Attributes", lambda value: [{"Key": key, "Value": _text(value)}])


def logged(prefix: str) -> Callable[[Json], Json]:
    """Return a conversion from the logs of a load balancer to its attributes."""
    return lambda logs: [{"Key": f"{prefix}.s3.{key}", "Value": _text(value)} for key, value in logs.items()]


def queue_attribute(key: str) -> To:
    """Return an attribute of a queue as text in a map."""
    return To("Attributes", lambda value: {key: _text(value)})


def choice(member: str, texts: Mapping[Json, str]) -> To:
    """Return a conversion from values to texts."""
    return To(member, lambda value: texts.get(value, value))


def one(member: str) -> Callable[[Json], Json]:
    """Return a conversion from a list of values to a list of structures with a single member."""
    return lambda values: [{member: value} for value in values]


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
