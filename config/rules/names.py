"""Names that AWS wants once, and where charts come from."""

from collections import Counter
from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.settings import Settings
from config.types.databases import check_database_identifier, check_replication_group_id
from config.types.storage import check_bucket_name, check_repository_name


def _named(stack: Stack) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    settings = stack.settings
    buckets: list[tuple[Path, str]] = [
        (("buckets", key, "name"), settings.bucket_name(key)) for key in settings.buckets
    ]
    copied = [key for key, bucket in settings.buckets.items() if bucket.replicate_to is not None]
    yield "bucket", [*buckets, *((("buckets", key, "replicaName"), settings.replica_name(key)) for key in copied)]
    databases: list[tuple[Path, str]] = [
        (("databases", key, "identifier"), settings.database_identifier(key)) for key in settings.databases
    ]
    yield "database", [*databases, *((path, name) for path, name in _instances(settings))]
    yield (
        "Aurora cluster",
        [(("auroraClusters", key, "identifier"), settings.aurora_identifier(key)) for key in settings.aurora_clusters],
    )
    yield "cache", [(("caches", key, "identifier"), settings.cache_identifier(key)) for key in settings.caches]
    yield (
        "the Service of cache",
        [(("caches", key, "service"), cache.service) for key, cache in settings.caches.items() if cache.service],
    )
    yield (
        "file system",
        [(("fileSystems", key, "name"), settings.file_system_name(key)) for key in settings.file_systems],
    )
    yield (
        "repository",
        [(("repositories", key, "name"), settings.repository_name(key)) for key in settings.repositories],
    )
    yield "secret", [(("secrets", key, "name"), settings.secret_name(key)) for key in settings.secrets]


def _instances(settings: Settings) -> Iterator[tuple[Path, str]]:
    for key, cluster in settings.aurora_clusters.items():
        for name in cluster.instance_names(settings.aurora_identifier(key)):
            yield ("auroraClusters", key, "instancePrefix"), name


def unique(stack: Stack) -> Iterator[Problem]:
    """Two of a kind never share a physical name, and tags differ in more than case."""
    for kind, names in _named(stack):
        first: dict[str, Path] = {}
        for path, name in names:
            if name in first:
                yield Problem(path, f"{name} is the name of {kind} {first[name][1]} too; choose another")
            first.setdefault(name, path)
    yield from _derived(stack)
    yield from _taken(stack)
    tags = Counter(key.lower() for key in stack.settings.project.tags)
    for lower, count in tags.items():
        if count > 1:
            yield Problem(("project", "tags"), f"{lower} stands here {count} times in different case; keep one")


def _taken(stack: Stack) -> Iterator[Problem]:
    """Workloads and environments keep their secrets in places of their own."""
    settings = stack.settings
    workloads = [workload.name for workload in settings.workloads.wanted()]
    for key in settings.secrets:
        name = settings.secret_name(key)
        for kind, owners in (("workload", workloads), ("environment", list(settings.environments))):
            for place in (f"{settings.project.name}/{owner}/" for owner in owners):
                if name.startswith(place):
                    yield Problem(
                        ("secrets", key), f"{name} lies below {place}, where that {kind} keeps its own; rename it"
                    )
    for environment in settings.environments:
        if environment in workloads:
            yield Problem(
                ("environments", environment),
                f"{environment} is a workload too, and both keep secrets below {settings.project.name}/{environment}/; "
                "rename it",
            )


def _derived(stack: Stack) -> Iterator[Problem]:
    """A name made of the project's and the key is one that AWS takes, too."""
    settings = stack.settings
    made = [
        (("buckets", key), "name", settings.bucket_name(key), check_bucket_name)
        for key, bucket in settings.buckets.items()
        if bucket.name is None
    ]
    made += [
        (("databases", key), "identifier", settings.database_identifier(key), check_database_identifier)
        for key, database in settings.databases.items()
        if database.identifier is None
    ]
    for key, cluster in settings.aurora_clusters.items():
        if cluster.identifier is None:
            name = settings.aurora_identifier(key)
            made.append((("auroraClusters", key), "identifier", name, check_database_identifier))
    made += [
        (("caches", key), "identifier", settings.cache_identifier(key), check_replication_group_id)
        for key, cache in settings.caches.items()
        if cache.identifier is None
    ]
    made += [
        (("repositories", key), "name", settings.repository_name(key), check_repository_name)
        for key, repository in settings.repositories.items()
        if repository.name is None
    ]
    for path, field, name, check in made:
        try:
            check(name)
        except ValueError as error:
            yield Problem(path, f"{error}, or write {field}", because=(("project", "name"),))


def charts(stack: Stack) -> Iterator[Problem]:
    """A mirror has an address, and the charts' own repositories need none."""
    settings = stack.settings.charts
    path = ("charts", "location")
    if settings.source == "repository" and settings.location is not None:
        yield Problem(
            path,
            "is not used with source: repository; write source: oci or folder, or remove it",
            because=(("charts", "source"),),
        )
    if settings.source == "oci" and not (settings.location or "").startswith("oci://"):
        yield Problem(path, "must begin with oci:// for source: oci")
    if settings.source == "folder" and not settings.location:
        yield Problem(path, "is missing; name the folder that `helm pull` wrote the charts to")


RULES: tuple[Rule, ...] = (unique, charts)
