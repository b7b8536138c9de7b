"""References between entries of a stack file."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack, noun
from config.settings import Settings
from config.types.references import RefersTo
from config.walk import marked


def references(stack: Stack) -> Iterator[Problem]:
    """A referenced entry exists, is of the required kind, and occurs once in a list."""
    settings, listed = stack.settings, set[tuple[Path, str]]()
    for path, name, to in marked(settings, RefersTo):
        yield from stack.reference(path, name, *to.sections)
        if isinstance(path[-1], int):
            if (path[:-1], name) in listed:
                yield Problem(path, f"duplicate {noun(to.sections)} {name}")
            listed.add((path[:-1], name))
        yield from _kind(settings, path, name, to)


def _kind(settings: Settings, path: Path, name: str, to: RefersTo) -> Iterator[Problem]:
    """Report an entry that exists, but is not of the required kind."""
    server, secret, bucket = settings.databases.get(name), settings.secrets.get(name), settings.buckets.get(name)
    if to.engine is not None and server is not None and server.engine != to.engine:
        message = f"{name} is a {server.engine} database; choose a PostgreSQL database"
        yield Problem(path, message, because=(("databases", name),))
    if to.generated and secret is not None and not secret.generate:
        message = f"{name} is not generated, but the password must be; set secrets.{name}.generate: true"
        yield Problem(path, message, because=(("secrets", name, "generate"),))
    if to.dumps and bucket is not None and bucket.lifecycle.expire_days is None:
        message = f"dumps in {name} never expire; set buckets.{name}.lifecycle.expireDays"
        yield Problem(path, message, severity="warning", because=(("buckets", name),))


RULES: tuple[Rule, ...] = (references,)
