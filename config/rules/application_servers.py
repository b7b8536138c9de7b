"""Applications: servers listen on the application's port and on all addresses, and mounts hide nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.reading.problems import Path, Problem
from config.applications import Application
from config.rules.environments import running
from config.rules.stack import Rule, Stack


class Server(NamedTuple):
    """Options of a server with which it listens."""

    hosts: tuple[str, ...]
    ports: tuple[str, ...]
    host: str
    port: str
    variables: tuple[str, str] = ("", "")
    """Environment variables of the same."""


SERVERS: Mapping[str, Server] = {
    "uvicorn": Server(("--host",), ("--port",), "127.0.0.1", "8000", ("UVICORN_HOST", "UVICORN_PORT")),
    "gunicorn": Server(("--bind", "-b"), ("--bind", "-b"), "127.0.0.1", "8000"),
    "hypercorn": Server(("--bind", "-b"), ("--bind", "-b"), "127.0.0.1", "8000"),
    "flask": Server(("--host", "-h"), ("--port", "-p"), "127.0.0.1", "5000", ("FLASK_RUN_HOST", "FLASK_RUN_PORT")),
    "fastapi": Server(("--host",), ("--port",), "0.0.0.0", "8000"),  # noqa: S104, its default
    "streamlit": Server(
        ("--server.address",),
        ("--server.port",),
        "0.0.0.0",  # noqa: S104, its default
        "8501",
        ("STREAMLIT_SERVER_ADDRESS", "STREAMLIT_SERVER_PORT"),
    ),
}
"""https://www.uvicorn.org/settings/, https://docs.gunicorn.org/en/stable/settings.html#bind,
https://flask.palletsprojects.com/en/stable/cli/, https://docs.streamlit.io/develop/api-reference/configuration"""

SOCKETS = ("--uds", "--fd", "--config", "-c", "--reload-dir")
LOCAL = ("127.0.0.1", "localhost", "::1")

SYSTEM = ("/bin", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run")
"""Folders of the system, without which no program starts."""


def _words(application: Application) -> list[str]:
    """Return the words of the command line, an option apart from its value."""
    words = [*application.command, *application.arguments]
    if len(words) > 2 and words[0].startswith("python") and words[1] == "-m":
        words = words[2:]
    return [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]


def _given(words: list[str], options: tuple[str, ...]) -> str | None:
    return next((words[index + 1] for index, word in enumerate(words[:-1]) if word in options), None)


def listening(stack: Stack) -> Iterator[Problem]:
    """Probes and clients reach a server: not only its own pod, and on the port of the application."""
    reported: set[str] = set()
    for service, _, application in running(stack):
        name = str(service[-1])
        words = _words(application)
        server = SERVERS.get(words[0].rpartition("/")[2]) if words else None
        if server is None or name in reported or set(words) & set(SOCKETS):
            continue
        host, port = _bound(application, words, server)
        key = "arguments" if application.arguments else "command"
        path: Path = ("applications", name, key)
        if host in LOCAL:
            reported.add(name)
            fix = f"{server.hosts[0]}=0.0.0.0" + (f":{application.port}" if server.hosts == server.ports else "")
            yield Problem(
                path,
                f"{words[0]} listens on {host}, where no probe and no client reaches it; add {fix}",
                because=(("applications", name, "command"),),
            )
        elif port.isdigit() and int(port) != application.port:
            reported.add(name)
            yield Problem(
                path,
                f"{words[0]} listens on {port}, and the application's port is {application.port}; change one of them",
                because=(("applications", name, "port"),),
            )


def _bound(application: Application, words: list[str], server: Server) -> tuple[str, str]:
    """Return host and port on which a server listens."""
    host_variable, port_variable = server.variables
    host = _given(words, server.hosts) or application.environment.get(host_variable) or server.host
    port = _given(words, server.ports) or application.environment.get(port_variable) or server.port
    if server.hosts == server.ports and ":" in host:
        host, _, port = host.rpartition(":")
    return host.strip("[]"), port


def commands(stack: Stack) -> Iterator[Problem]:
    """The first word of a command is a program: no shell divides it."""
    found: list[tuple[Path, tuple[str, ...]]] = [
        (("applications", name, "command"), one.command) for name, one in stack.settings.applications.items()
    ]
    found += [
        (("environments", name, "database", "migration", "command"), one.database.migration.command)
        for name, one in stack.settings.environments.items()
        if one.database is not None and one.database.migration is not None
    ]
    for path, words in found:
        if words and re.search(r"\s", words[0].strip()):
            parts = ", ".join(words[0].split())
            yield Problem((*path, 0), f"{words[0]!r} is not a program, and no shell divides it; write [{parts}]")


def mounts(stack: Stack) -> Iterator[Problem]:
    """A volume hides neither the system nor the temporary folder, and each has a path of its own."""
    for name, application in stack.settings.applications.items():
        seen: dict[str, str] = {}
        for key, path in application.volumes.items():
            here: Path = ("applications", name, "volumes", key)
            if path in SYSTEM or path.startswith(tuple(f"{one}/" for one in ("/proc", "/sys", "/dev"))):
                yield Problem(here, f"{path} would be hidden, and no program starts; choose a path such as /data")
            elif path == "/tmp":  # noqa: S108, a path of the container
                yield Problem(here, f"{path} is the scratch volume of each replica; choose a path such as /data")
            elif seen.setdefault(path, key) != key:
                yield Problem(here, f"{path} is already the path of {seen[path]}; choose another")


DECIDED: Mapping[str, str] = {
    "HOME": "it is the scratch volume",
    "KEEP_ALIVE_SECONDS": "the load balancer depends on it; use responseSeconds",
    "NAMESPACE": "it is the namespace of the environment",
    "AWS_ACCESS_KEY_ID": "pods have the IAM role of their environment; use buckets of the environment",
    "AWS_SECRET_ACCESS_KEY": "pods have the IAM role of their environment; use buckets of the environment",
    "AWS_SESSION_TOKEN": "pods have the IAM role of their environment; use buckets of the environment",
    "AWS_PROFILE": "pods have the IAM role of their environment; use buckets of the environment",
    "AWS_ROLE_ARN": "pods have the IAM role of their environment; use roleName of the environment",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "pods have the IAM role of their environment",
}


def decided(stack: Stack) -> Iterator[Problem]:
    """No variable replaces one on which the platform or the pod's role depends."""
    for name, application in stack.settings.applications.items():
        for variable in application.environment:
            if variable in DECIDED:
                path: Path = ("applications", name, "environment", variable)
                yield Problem(path, f"{variable} cannot be set: {DECIDED[variable]}")


RULES: tuple[Rule, ...] = (listening, commands, mounts, decided)
