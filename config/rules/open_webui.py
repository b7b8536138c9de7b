"""Open WebUI: the environment variables that it reads."""

import re
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


TRUE_OR_FALSE = ("ENABLE_", "BYPASS_", "USER_PERMISSIONS_", "SAFE_MODE", "PDF_EXTRACT_IMAGES")
"""Beginnings of variables that are on with `true` and off with anything else."""

OAUTH = ("OPENID_PROVIDER_URL", "GOOGLE_CLIENT_ID", "MICROSOFT_CLIENT_ID", "GITHUB_CLIENT_ID")


def values(stack: Stack) -> Iterator[Problem]:
    """A variable has the effect that its value says, and users can sign in."""
    pages = stack.settings.workloads.open_webui
    given = pages.environment if pages is not None else {}
    here = ("workloads", "openWebui", "environment")
    for name, value in given.items():
        truth = name.startswith(TRUE_OR_FALSE) and name in variables()
        if truth and value.lower() in ("1", "yes", "on", "y", "t", "enabled"):
            yield Problem(
                (*here, name), f'{value!r} is false for Open WebUI, which knows only "true" in any case; write "True"'
            )
        if name == "JWT_EXPIRES_IN" and not re.fullmatch(r"-1|0|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+", value):
            yield Problem((*here, name), f"{value!r} is not a duration; write it like 4w, 12h or -1 for no end")
        if name in NUMBERS and not value.isdigit():
            yield Problem((*here, name), f"{value!r} is not a whole number; change it")
    size, overlap = given.get("CHUNK_SIZE", "1000"), given.get("CHUNK_OVERLAP", "100")
    if size.isdigit() and overlap.isdigit() and int(overlap) > int(size):
        yield Problem(
            (*here, "CHUNK_OVERLAP" if "CHUNK_OVERLAP" in given else "CHUNK_SIZE"),
            f"an overlap of {overlap} is above the chunk size, {size}, and each upload fails; decrease it",
        )
    if given.get("ENABLE_LOGIN_FORM", "true").lower() != "true" and not any(name in given for name in OAUTH):
        yield Problem(
            (*here, "ENABLE_LOGIN_FORM"),
            "no user can sign in: without the form, OAuth is required; set it, or remove this",
        )


NUMBERS = ("RAG_TOP_K", "RAG_FILE_MAX_SIZE", "RAG_FILE_MAX_COUNT", "CHUNK_SIZE", "CHUNK_OVERLAP")

RULES: tuple[Rule, ...] = (unknown_variables, values)
