"""Names of entries of a stack file, host names, labels and tags."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from config.types.text import matching

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"

Name = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
        "is not a valid name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
]
"""The key of an entry of the stack file; it becomes part of AWS and Kubernetes names."""

NodeGroupName = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9_-]{0,38}[a-z0-9])?",
        "is not a node group name; write 1-40 lower-case letters, digits, hyphens and underscores, beginning "
        "with a letter",
    ),
]
"""A `Name` that can contain underscores, which EKS accepts."""

ProjectName = Annotated[
    str,
    matching(
        r"(?!internal(?:-|$))(?!sg(?:-|$))[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?",
        "is not a project name; write 1-24 lower-case letters, digits and hyphens, beginning with a letter "
        "(it prefixes names that AWS limits to 32 characters), and not with internal or sg",
    ),
]

EnvironmentName = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?",
        "is not an environment name; write 1-20 lower-case letters, digits and hyphens, like production",
    ),
]

DnsLabel = Annotated[
    str, matching(_LABEL, "is not a DNS label; write 1-63 lower-case letters, digits and hyphens (RFC 1123)")
]
"""A Kubernetes namespace, service account or Service name."""

DnsName = Annotated[
    str,
    Field(max_length=253),
    matching(
        rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?", "is not a DNS name; write it like mlflow.example.com"
    ),
]
"""A fully qualified lower-case host name or domain, without a trailing dot."""

LabelKey = Annotated[
    str,
    matching(
        rf"(?:(?:{_LABEL}\.)*{_LABEL}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,61}}[A-Za-z0-9])?",
        "is not a Kubernetes label key; write it like workload or example.com/workload",
    ),
]

LabelValue = Annotated[
    str,
    matching(
        r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?",
        "is not a Kubernetes label value; write at most 63 letters, digits, '-', '_' or '.'",
    ),
]

TagKey = Annotated[
    str,
    matching(
        r"(?!(?i:aws:))(?u:[\w .:/=+@-]{1,128})",
        "is not a tag key that AWS accepts; write 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
    ),
]

TagValue = Annotated[
    str,
    matching(
        r"(?!(?i:aws:))(?u:[\w .:/=+@-]{0,256})",
        "is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@, not beginning "
        "with aws:",
    ),
]


@dataclass(frozen=True)
class TagMap:
    """Tags of resources; rules find them with `marked`."""


Tags = Annotated[dict[TagKey, TagValue], TagMap()]
