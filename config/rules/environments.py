"""Environments: isolation, and references to other sections."""

from collections.abc import Iterator
from itertools import combinations

from catalog.reading.problems import Path, Problem, did_you_mean
from config.applications import Application
from config.environments import Environment
from config.parts import namespaces as taken_namespaces
from config.priorities import HIGHEST, PRIORITIES
from config.rules.stack import Rule, Stack


def _environments(stack: Stack) -> Iterator[tuple[Path, str, Environment]]:
    for name, environment in stack.settings.environments.items():
        yield ("environments", name), name, environment


def running(stack: Stack) -> Iterator[tuple[Path, str, Application]]:
    """Yield the path, the environment and the application of each service, with the service's overrides applied."""
    for path, environment, settings in _environments(stack):
        for name, service in settings.services.items():
            application = stack.settings.applications.get(name)
            if application is not None:
                yield (*path, "services", name), environment, service.of(application)


def apart(stack: Stack) -> Iterator[Problem]:
    """Namespaces, schemas, roles and key prefixes are unique to an environment."""
    first: dict[tuple[str, str, object], str] = {}
    for path, environment, what, place, value in _own(stack):
        other = first.setdefault((what, place, value), environment)
        if other != environment:
            where = f" in {place}" if place else ""
            yield Problem(path, f"{value} is already the {what} of environment {other}{where}; choose another")
    caches = [
        (path, name, environment.cache.cache, stack.settings.cache_users(environment.cache.cache)[name])
        for path, name, environment in _environments(stack)
        if environment.cache
    ]
    for (_, other, theirs, begins), (path, _, ours, prefix) in combinations(caches, 2):
        if ours == theirs and prefix != begins and (prefix.startswith(begins) or begins.startswith(prefix)):
            yield Problem(
                (*path, "cache", "keyPrefix"),
                f"{prefix} overlaps key prefix {begins} of environment {other}, which could read the other's keys; "
                "choose another",
            )


def _own(stack: Stack) -> Iterator[tuple[Path, str, str, str, object]]:
    """Yield the values that are unique to an environment: path, environment, kind, the scope of uniqueness, value."""
    for path, name, environment in _environments(stack):
        yield (*path, "namespace"), name, "namespace", "", stack.settings.namespace(name)
        if environment.role_name:
            yield (*path, "roleName"), name, "role", "", environment.role_name
        if environment.cache:
            cache, here = environment.cache.cache, (*path, "cache")
            yield (*here, "index"), name, "index", f"caches.{cache}", environment.cache.index
            yield (*here, "keyPrefix"), name, "key prefix", f"caches.{cache}", stack.settings.cache_users(cache)[name]
        database = environment.database
        if database is None:
            continue
        here, server = (*path, "database"), database.cluster
        yield (*here, "schemaName"), name, "schema", server, database.schema_name
        yield (*here, "user"), name, "user", server, database.user
        if database.backup:
            bucket, prefix = f"buckets.{database.backup.bucket}", database.backup.prefix or f"{name}/"
            yield (*here, "backup", "prefix"), name, "prefix", bucket, prefix
        scratch = database.restore_database()
        if scratch is not None:
            yield (*here, "backup", "restoreTest", "database"), name, "scratch database", server, scratch


def namespaces(stack: Stack) -> Iterator[Problem]:
    """The namespace of an environment is not a namespace of the platform."""
    taken = taken_namespaces(stack.settings)
    for path, name, _ in _environments(stack):
        namespace = stack.settings.namespace(name)
        if namespace in taken:
            yield Problem(
                (*path, "namespace"), f"{namespace} is already a namespace of {taken[namespace]}; choose another"
            )


def services(stack: Stack) -> Iterator[Problem]:
    """The priority class of a service is one of its environment's."""
    for path, _, environment in _environments(stack):
        for name, service in environment.services.items():
            if service.priority_class is not None and service.priority_class not in environment.priority_classes:
                yield Problem(
                    (*path, "services", name, "priorityClass"),
                    f"{service.priority_class} is not in the environment's priorityClasses"
                    f"{did_you_mean(service.priority_class, environment.priority_classes)}",
                    because=((*path, "priorityClasses"),),
                )


def databases(stack: Stack) -> Iterator[Problem]:
    """The owner of a schema is not the master user, and a restore test has a separate scratch database."""
    for path, _, environment in _environments(stack):
        database, here = environment.database, (*path, "database")
        if database is None:
            continue
        aurora, rds = stack.settings.aurora_clusters, stack.settings.databases
        server = aurora.get(database.cluster) or rds.get(database.cluster)
        if server is not None and database.user == server.master_username:
            yield Problem(
                (*here, "user"), f"{database.user} is the master user of {database.cluster}; choose another name"
            )
        backup = database.backup
        if backup is None:
            continue
        if server is not None and database.restore_database() == server.database_name:
            yield Problem(
                (*here, "backup", "restoreTest", "database"),
                f"{server.database_name} is the database of {database.cluster}, and the restore test drops its data; "
                "choose another",
            )


def volumes(stack: Stack) -> Iterator[Problem]:
    """A volume has an existing access point and one writing environment, and a mounted volume exists."""
    writers: dict[tuple[str, str], str] = {}
    for path, name, environment in _environments(stack):
        for key, volume in environment.volumes.items():
            here = (*path, "volumes", key)
            if volume.file_system in stack.settings.file_systems:
                points = f"fileSystems.{volume.file_system}.accessPoints"
                yield from stack.reference((*here, "accessPoint"), volume.access_point, points)
            folder = (volume.file_system, volume.access_point)
            if not volume.read_only and writers.setdefault(folder, name) != name:
                yield Problem(
                    here,
                    f"is also writable in environment {writers[folder]}; set readOnly: true in one of them",
                    severity="warning",
                    because=(("environments", writers[folder], "volumes"),),
                )
    for path, name, application in running(stack):
        there = stack.names("environments", name, "volumes")
        for key in application.volumes:
            if key not in there:
                hint = did_you_mean(key, there) if there else ""
                yield Problem(
                    path,
                    f"mounts unknown volume {key!r} of environment {name}{hint or '; add it'}",
                    because=(("environments", name, "volumes"),) if not there else (),
                )


def priority_classes(stack: Stack) -> Iterator[Problem]:
    """Priority classes are neither Kubernetes' nor the platform's own, whose pods none of them preempts."""
    for name, found in stack.settings.priority_classes.items():
        path = ("priorityClasses", name)
        if name.startswith("system-"):
            yield Problem(path, f"{name} starts with system-, which Kubernetes reserves; rename it")
        if name in PRIORITIES:
            yield Problem(path, f"{name} is a class of the platform's own pods; rename it")
        if found.value > HIGHEST:
            yield Problem(
                (*path, "value"),
                f"{found.value} preempts the platform's own pods; set at most {HIGHEST}",
            )


RULES: tuple[Rule, ...] = (apart, namespaces, services, databases, volumes, priority_classes)
