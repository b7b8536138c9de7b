"""Unique physical names, and the source of charts."""

from collections import Counter
from collections.abc import Callable, Iterator

from catalog.reading.problems import Path, Problem
from config.parts import charts as installed_charts
from config.rules.stack import Rule, Stack
from config.settings import Settings
from config.types.databases import check_database_identifier, check_replication_group_id
from config.types.storage import check_bucket_name, check_repository_name, check_secret_name

LONGEST_IDENTIFIER = 63


def _named(stack: Stack) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    settings = stack.settings
    buckets: list[tuple[Path, str]] = [
        (("buckets", key, "name"), settings.bucket_name(key)) for key in settings.buckets
    ]
    copied = [key for key, bucket in settings.buckets.items() if bucket.replicate_to is not None]
    buckets += [(("buckets", key, "replicaName"), settings.replica_name(key)) for key in copied]
    yield "bucket", [*buckets, *((("accessLogs", "bucket"), name) for name in settings.log_bucket_names())]
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
    """Physical names are unique, and tag keys differ in more than case."""
    for kind, names in _named(stack):
        first: dict[str, Path] = {}
        for path, name in names:
            if name in first:
                yield Problem(path, f"{name} is already the name of {kind} {first[name][1]}; choose another")
            first.setdefault(name, path)
    yield from _derived(stack)
    yield from _taken(stack)
    tags = Counter(key.lower() for key in stack.settings.project.tags)
    for lower, count in tags.items():
        if count > 1:
            yield Problem(("project", "tags"), f"{lower} occurs {count} times in different case; keep one")


def _taken(stack: Stack) -> Iterator[Problem]:
    """The secret name prefixes of workloads and environments are not used by other secrets."""
    settings = stack.settings
    workloads = [workload.name for workload in settings.workloads.wanted()]
    for key in settings.secrets:
        name = settings.secret_name(key)
        for kind, owners in (("workload", workloads), ("environment", list(settings.environments))):
            for place in (f"{settings.project.name}/{owner}/" for owner in owners):
                if name.startswith(place):
                    yield Problem(
                        ("secrets", key), f"{name} begins with {place}, which is reserved for that {kind}; rename it"
                    )
    for environment in settings.environments:
        if environment in workloads:
            yield Problem(
                ("environments", environment),
                f"{environment} is also a workload, and both would have secrets below "
                f"{settings.project.name}/{environment}/; rename it",
            )


def _derived(stack: Stack) -> Iterator[Problem]:
    """Default names, composed of the project's name and a key, are valid in AWS."""
    settings = stack.settings
    made: list[tuple[Path, str, str, Callable[[str], str]]] = [
        (("buckets", key), "name", settings.bucket_name(key), check_bucket_name)
        for key, bucket in settings.buckets.items()
        if bucket.name is None
    ]
    made += [
        (("accessLogs", "bucket"), "bucket", name, check_bucket_name)
        for name in settings.log_bucket_names()
        if name != settings.access_logs.bucket
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
        if len(settings.aurora_identifier(key)) <= LONGEST_IDENTIFIER and "--" not in settings.aurora_identifier(key):
            longest = max(cluster.instance_names(settings.aurora_identifier(key)), key=len)
            made.append((("auroraClusters", key), "a shorter instancePrefix", longest, check_database_identifier))
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
    made += [
        (("secrets", key), "name", settings.secret_name(key), check_secret_name)
        for key, secret in settings.secrets.items()
        if secret.name is None
    ]
    for path, field, name, check in made:
        try:
            check(name)
        except ValueError as error:
            yield Problem(path, f"{error}, or set {field}", because=(("project", "name"),))


def charts(stack: Stack) -> Iterator[Problem]:
    """A mirror has a location, and the charts' own repositories have none."""
    settings = stack.settings.charts
    path = ("charts", "location")
    if settings.source == "repository" and settings.location is not None:
        yield Problem(
            path,
            "has no effect with source: repository; set source: oci or folder, or remove it",
            because=(("charts", "source"),),
        )
    if settings.source == "oci" and not (settings.location or "").startswith("oci://"):
        yield Problem(path, "must begin with oci:// when source is oci")
    if settings.source == "folder" and not settings.location:
        yield Problem(path, "is missing; set the directory to which `helm pull` wrote the charts")


def chart_files(stack: Stack) -> Iterator[Problem]:
    """The directory of charts has every chart that the stack installs."""
    settings, folder = stack.settings.charts, stack.folder
    if settings.source != "folder" or not settings.location or folder is None:
        return
    wanted = [settings.file(chart.name, version) for chart, version in installed_charts(stack.settings)]
    missing = [file.rpartition("/")[2] for file in wanted if not (folder / file).is_file()]
    if missing:
        yield Problem(
            ("charts", "location"),
            f"{settings.location} lacks {', '.join(missing)}; run `helm pull <chart> --version <version> -d "
            f"{settings.location}` for {'it' if len(missing) == 1 else 'each'}",
            because=(("addons",), ("monitoring",), ("gitops",), ("nodeGroups",), ("nodePools",)),
        )


RULES: tuple[Rule, ...] = (unique, charts, chart_files)
