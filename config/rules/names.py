"""Names that AWS wants once, and where charts come from."""

from collections import Counter
from collections.abc import Iterator

from config.problems import Path, Problem
from config.rules.stack import Stack


def _named(stack: Stack) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    settings = stack.settings
    yield "bucket", [(("buckets", key, "name"), settings.bucket_name(key)) for key in settings.buckets]
    yield (
        "database",
        [(("databases", key, "identifier"), settings.database_identifier(key)) for key in settings.databases],
    )
    yield "secret", [(("secrets", key, "name"), settings.secret_name(key)) for key in settings.secrets]


def unique(stack: Stack) -> Iterator[Problem]:
    """Two of a kind never share a physical name, and tags differ in more than case."""
    for kind, names in _named(stack):
        first: dict[str, Path] = {}
        for path, name in names:
            if name in first:
                yield Problem(path, f"{name} is the name of {kind} {first[name][1]} too; choose another")
            first.setdefault(name, path)
    for key, bucket_name in ((key, stack.settings.bucket_name(key)) for key in stack.settings.buckets):
        if len(bucket_name) > 63:
            yield Problem(("buckets", key), f"{bucket_name} is longer than 63 characters; give it a shorter name")
    tags = Counter(key.lower() for key in stack.settings.project.tags)
    for lower, count in tags.items():
        if count > 1:
            yield Problem(("project", "tags"), f"{lower} stands here {count} times in different case; keep one")


def charts(stack: Stack) -> Iterator[Problem]:
    """A mirror has an address, and the charts' own repositories need none."""
    settings = stack.settings.charts
    path = ("charts", "location")
    if settings.source == "repository" and settings.location is not None:
        yield Problem(path, "is not used with source: repository; write source: oci or folder, or remove it")
    if settings.source == "oci" and not (settings.location or "").startswith("oci://"):
        yield Problem(path, "must begin with oci:// for source: oci")
    if settings.source == "folder" and settings.location is None:
        yield Problem(path, "is missing; name the folder that `helm pull` wrote the charts to")
