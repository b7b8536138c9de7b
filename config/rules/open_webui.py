"""Open WebUI: the environment variables that it reads."""

from collections.abc import Iterator

from catalog.open_webui import VERSION, variables
from catalog.reading.problems import Problem, nearest
from config.rules.stack import Rule, Stack

OF_LIBRARIES = ("AWS_", "FORWARDED_", "HF_", "OTEL_", "PYTHON", "SSL_", "UVICORN_", "WEB_CONCURRENCY")
"""Beginnings of variables that its libraries read."""


def unknown_variables(stack: Stack) -> Iterator[Problem]:
    """A misspelt variable would be ignored; one of a library or of another version is passed on."""
    pages = stack.settings.workloads.open_webui
    for name in pages.environment if pages is not None else ():
        if name in variables() or name.startswith(OF_LIBRARIES) or name.lower().endswith("_proxy"):
            continue
        similar = nearest(name, variables())
        hint = f"; did you mean {similar}?" if similar else "; check its name"
        yield Problem(
            ("workloads", "openWebui", "environment", name),
            f"{name} is unknown to Open WebUI {VERSION}, which ignores it{hint}",
            severity="warning",
        )


RULES: tuple[Rule, ...] = (unknown_variables,)
