"""Resources that Pulumi takes over from an account."""

from typing import Annotated

from config.types.text import matching

ImportKey = Annotated[
    str,
    matching(
        r"(?:urn:pulumi:\S+)?[a-z][\w-]*:[\w./-]+:\w+::\S+",
        "is not a resource; write its URN, or the end of it, like aws:s3/bucket:Bucket::bucket-artifacts, as plan.json "
        "has it",
    ),
]


def ending(key: str) -> str:
    """Return `type::name` of a resource, from it or from its URN, which has the types of its parents, too."""
    types, _, name = key.rpartition("::")
    return f"{types.rpartition('::')[2].rpartition('$')[2]}::{name}"
