"""Names in a stack file that stand for something else in it."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.settings import Settings
from config.types.references import RefersTo
from config.walk import marked


def references(stack: Stack) -> Iterator[Problem]:
    """What is named exists, is of the kind that is needed, and is named once in a list."""
    settings, listed = stack.settings, set[tuple[Path, str]]()
    for path, name, to in marked(settings, RefersTo):
        yield from stack.reference(path, name, *to.sections)
        if isinstance(path[-1], int):
            if (path[:-1], name) in listed:
                yield Problem(path, f"{name} stands here twice; keep one")
            listed.add((path[:-1], name))
        yield from _kind(settings, path, name, to)


def _kind(settings: Settings, path: Path, name: str, to: RefersTo) -> Iterator[Problem]:
    """What is wrong with the thing itself."""
    server, secret, bucket = settings.databases.get(name), settings.secrets.get(name), settings.buckets.get(name)
    if to.engine is not None and server is not None and server.engine != to.engine:
        message = f"{name} is {server.engine}; name a database of PostgreSQL"
        yield Problem(path, message, because=(("databases", name),))
    if to.generated and secret is not None and not secret.generate:
        message = f"{name} is filled by a person, and the password is AWS's to make; write generate: true there"
        yield Problem(path, message, because=(("secrets", name, "generate"),))
    if to.dumps and bucket is not None and bucket.lifecycle.expire_days is None:
        message = f"{name} keeps every dump for ever; write buckets.{name}.lifecycle.expireDays"
        yield Problem(path, message, severity="warning", because=(("buckets", name),))


RULES: tuple[Rule, ...] = (references,)
