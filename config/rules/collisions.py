"""Settings that are used twice, for purposes that exclude each other."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack


def tenants(stack: Stack) -> Iterator[Problem]:
    """A number is one tenant, and either a student or an instructor."""
    section = stack.settings.tenants
    if section is None:
        return
    span = section.range
    written: dict[int, str] = {}
    if span is not None and span.last <= 10**section.digits:
        written = {number: f"{number:0{section.digits}d}" for number in range(span.first, span.last + 1)}
    for number, member in section.members.items():
        path: Path = ("tenants", "members", number)
        other = written.setdefault(int(number), number)
        if other != number:
            yield Problem(path, f"{number} is the same number as {other}, and a second tenant; write {other}")
        elif member.instructor and span is not None and span.first <= int(number) <= span.last:
            yield Problem(
                path,
                f"{number} is an instructor and one of the students of the range, {span.first} to {span.last}; "
                "choose a number outside the range",
                because=(("tenants", "range"),),
            )


def buckets(stack: Stack) -> Iterator[Problem]:
    """A bucket of dumps, which deletes its objects after some days, has no other objects."""
    settings = stack.settings
    dumps: dict[str, Path] = {}
    for key, environment in settings.environments.items():
        if environment.database is not None and environment.database.backup is not None:
            dumps.setdefault(environment.database.backup.bucket, ("environments", key, "database", "backup", "bucket"))
    mlflow = settings.tenants.mlflow if settings.tenants is not None else None
    if mlflow is not None and mlflow.backup is not None:
        dumps.setdefault(mlflow.backup.bucket, ("tenants", "mlflow", "backup", "bucket"))
    for path, bucket, what in _others(stack):
        if bucket in dumps and settings.buckets[bucket].lifecycle.expire_days is not None:
            yield Problem(
                path,
                f"{bucket} is the bucket of dumps, which deletes {what} after "
                f"{settings.buckets[bucket].lifecycle.expire_days} days, too; choose another bucket",
                because=(dumps[bucket], ("buckets", bucket, "lifecycle", "expireDays")),
            )


def _others(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    """Yield what else is in buckets: the setting, the bucket, and the objects."""
    workloads, known = stack.settings.workloads, stack.settings.buckets
    found: list[tuple[Path, str, str]] = []
    if workloads.mlflow is not None:
        found.append((("workloads", "mlflow", "bucket"), workloads.mlflow.bucket, "artifacts"))
    if workloads.open_webui is not None:
        found.append((("workloads", "openWebui", "bucket"), workloads.open_webui.bucket, "uploaded files"))
    for name, model in workloads.vllm.models.items() if workloads.vllm is not None else ():
        if model.weights.streamed is not None:
            path: Path = ("workloads", "vllm", "models", name, "weights", "streamed", "bucket")
            found.append((path, model.weights.streamed.bucket, "weights"))
    for key, environment in stack.settings.environments.items():
        found += [(("environments", key, "buckets", name), name, "files of services") for name in environment.buckets]
    yield from (one for one in found if one[1] in known)


def routes(stack: Stack) -> Iterator[Problem]:
    """A model of the gateway does not take the name of another one of the platform."""
    vllm, litellm = stack.settings.workloads.vllm, stack.settings.workloads.litellm
    if vllm is None or litellm is None:
        return
    for served, name, path in vllm.names():
        route = litellm.models.get(served)
        if route is not None and all(server.vllm != name for server in route.servers()):
            yield Problem(
                ("workloads", "litellm", "models", served),
                f"{served} is the name of workloads.vllm.models.{name} in requests, which no client of the gateway "
                "could use; choose another name",
                because=(("workloads", "vllm", *path),),
            )


RULES: tuple[Rule, ...] = (tenants, buckets, routes)
