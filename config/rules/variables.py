"""Environment variables that name others."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from catalog.reading.problems import Path, Problem, nearest
from config.applications import Application
from config.overrides import overridden
from config.parts import reached
from config.rules.stack import Stack
from config.settings import Settings
from config.variables import cycles, references

_LIKE_A_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
"""In a command line `$(date)` is for a shell."""

OF_THE_PLATFORM = (
    "AWS_DEFAULT_REGION",
    "ENVIRONMENT",
    "GUNICORN_CMD_ARGS",
    "HOME",
    "KEEP_ALIVE_SECONDS",
    "NAMESPACE",
    "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN",
    "UVICORN_TIMEOUT_KEEP_ALIVE",
)
"""The variables that the platform sets in each container of an application."""

OF_KUBERNETES = ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT")
"""https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables"""

OF_A_DATABASE = (
    "DATABASE_URL",
    "DB_SCHEMA",
    "PGDATABASE",
    "PGHOST",
    "PGPASSWORD",
    "PGPORT",
    "PGSSLMODE",
    "PGUSER",
)
OF_READERS = ("DATABASE_READER_URL",)
OF_A_CACHE = (
    "REDIS_DB",
    "REDIS_HOST",
    "REDIS_KEY_PREFIX",
    "REDIS_PASSWORD",
    "REDIS_PORT",
    "REDIS_URL",
    "REDIS_USERNAME",
)
OF_THE_GATEWAY = ("GATEWAY_API_KEY", "GATEWAY_URL")


OF_STORES = "STORES_CA_CERTIFICATE"


def given(settings: Settings, key: str, application: Application) -> tuple[str, ...]:
    """Every variable of an application's containers in an environment but those of its own `environment`."""
    environment = settings.environments[key]
    found = [*OF_THE_PLATFORM, *OF_KUBERNETES, *application.secrets]
    if environment.database is not None:
        found += OF_A_DATABASE
        aurora = settings.aurora_clusters.get(environment.database.cluster)
        found += OF_READERS if aurora is not None and aurora.readers else ()
    if environment.cache is not None:
        found += OF_A_CACHE
    connections = environment.connections
    found += [f"{_prefix(one)}_DATABASE_{end}" for one in connections.databases for end in ("HOST", "PORT", "NAME")]
    found += [f"{_prefix(one)}_MODEL_{end}" for one in connections.models for end in ("URL", "NAME", "API_KEY")]
    if connections.gateway is not None:
        found += OF_THE_GATEWAY
    stores = [name for workload, _ in reached(settings, key) for name in workload.client_variables()]
    return (*found, *stores, *([OF_STORES] if stores else []))


def _prefix(key: str) -> str:
    return key.upper().replace("-", "_")


def of_applications(stack: Stack) -> Iterator[Problem]:
    """Variables of applications name only variables that are there, and not each other."""
    unknown: dict[tuple[Path, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    settings = stack.settings
    for key, environment in settings.environments.items():
        for name in environment.services:
            application = settings.applications.get(name)
            if application is None:
                continue
            texts = dict(_texts(("applications", name), application))
            own = environment.services[name].environment
            texts |= {("environment", each): (_place(key, name, each), value) for each, value in own.items()}
            before = given(settings, key, application)
            named = {part[1]: references(text) for part, (_, text) in texts.items() if part[0] == "environment"}
            yield from _each_other({part[1]: place for part, (place, _) in texts.items()}, named, before)
            known = (*before, *named)
            for (kind, _), (place, text) in texts.items():
                for other in references(text):
                    if other not in known and (kind == "environment" or _LIKE_A_VARIABLE.fullmatch(other)):
                        unknown[place, other][key] = known
    for (place, other), environments in unknown.items():
        where = _where(place, len(environments), tuple(environments), settings)
        known = next(iter(environments.values()))
        yield Problem(place, _as_it_is(other, known, where), severity="warning")


def _texts(path: Path, application: Application) -> Iterator[tuple[tuple[str, str], tuple[Path, str]]]:
    """What Kubernetes expands of an application: its place and its value, by kind and name."""
    for name, value in application.environment.items():
        yield ("environment", name), ((*path, "environment", name), value)
    for key, values in (("command", application.command), ("arguments", application.arguments)):
        for index, value in enumerate(values):
            yield (key, str(index)), ((*path, key, index), value)


def _place(environment: str, service: str, variable: str) -> Path:
    return ("environments", environment, "services", service, "environment", variable)


def _where(place: Path, count: int, environments: tuple[str, ...], settings: Settings) -> str:
    """In which environments a variable is missing, where an application runs in others too."""
    runs_in = sum(place[1] in one.services for one in settings.environments.values())
    return f" in {', '.join(environments)}" if place[0] == "applications" and count < runs_in else ""


def _as_it_is(name: str, known: tuple[str, ...], where: str = "") -> str:
    near = nearest(name, known)
    hint = f"did you mean $({near})?" if near else f"for the text itself write $$({name})"
    return f"no variable {name}{where}, so that $({name}) stays as it is; {hint}"


def _each_other(
    places: Mapping[str, Path], named: Mapping[str, tuple[str, ...]], before: tuple[str, ...] = ()
) -> Iterator[Problem]:
    # Under its own name a variable names what a Secret or ConfigMap has under that name.
    own = {name: [other for other in others if other != name or name not in before] for name, others in named.items()}
    for way in cycles(own):
        first = way[0]
        said = f"{first} refers to itself" if len(way) == 1 else f"{' -> '.join((*way, first))} is a cycle"
        yield Problem(
            places[first],
            f"{said}, and Kubernetes leaves a reference to a later variable as it is; remove one of them",
            because=tuple(places[name] for name in way[1:]),
        )


def once(stack: Stack) -> Iterator[Problem]:
    """A variable has its value from a secret or from the stack file."""
    for name, application in stack.settings.applications.items():
        for variable in application.secrets:
            if variable in application.environment:
                path: Path = ("applications", name, "secrets", variable)
                yield Problem(path, f"{variable} is in environment too; keep one of them")
    for key, environment in stack.settings.environments.items():
        for name, service in environment.services.items():
            found = stack.settings.applications.get(name)
            for variable in service.environment:
                if found is not None and variable in found.secrets:
                    message = f"{variable} is in applications.{name}.secrets too; keep one of them"
                    yield Problem(_place(key, name, variable), message)


def of_workloads(stack: Stack) -> Iterator[Problem]:
    """Variables that a stack file sets for a workload do not name each other in a cycle."""
    texts: dict[Path, dict[str, str]] = defaultdict(dict)
    for one in overridden(stack.settings):
        if one.override.kind == "environment variable":
            texts[one.path[:-1]][one.name] = str(one.value)
    for path, values in texts.items():
        named = {name: references(value) for name, value in values.items()}
        yield from _each_other({name: (*path, name) for name in values}, named)


def of_instances(stack: Stack) -> Iterator[Problem]:
    """Docker expands nothing in variables."""
    for key, server in stack.settings.instances.items():
        for name, container in server.containers.items():
            path: Path = ("instances", key, "containers", name)
            for variable, value in container.environment.items():
                for other in references(value):
                    yield Problem(
                        (*path, "environment", variable),
                        f"Docker, unlike Kubernetes, leaves $({other}) as it is; write the value, or use secrets",
                        severity="warning",
                    )


RULES = (of_applications, of_workloads, of_instances, once)
