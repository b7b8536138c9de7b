"""The bucket of the Pulumi state is no resource of the stack whose state it holds."""

import os
from collections.abc import Iterator
from pathlib import Path as FilePath
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

PROJECT_FILE = "Pulumi.yaml"
VARIABLE = "PULUMI_BACKEND_URL"
LOGIN = "pulumi login"
ADVICE = (
    "`pulumi destroy` would delete the state in the middle of its work; remove it from the stack file, and create the "
    "bucket as docs/operate.md shows"
)


def backend_url(folder: FilePath) -> tuple[str, str]:
    """Return the URL of the backend and where it stands, both empty without one: the environment variable takes
    precedence over Pulumi.yaml, and that over the last `pulumi login`.

    https://www.pulumi.com/docs/iac/concepts/projects/project-file/#backend-options
    """
    login = FilePath(os.environ.get("PULUMI_HOME") or FilePath.home() / ".pulumi") / "credentials.json"
    places = {
        VARIABLE: os.environ.get(VARIABLE),
        f"backend.url in {PROJECT_FILE}": _read(folder / PROJECT_FILE, "backend", "url"),
        LOGIN: _read(login, "current"),
    }
    return next(((url, place) for place, url in places.items() if url), ("", ""))


def state_bucket(folder: FilePath) -> tuple[str, str] | None:
    """Return the bucket of the backend's URL, such as `s3://BUCKET/PREFIX?region=us-west-2`, and where the URL stands.

    None for another backend, and for a file that Pulumi cannot read either.
    https://www.pulumi.com/docs/iac/concepts/state-and-backends/#using-a-diy-backend
    """
    url, place = backend_url(folder)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.netloc, place) if parts.scheme == "s3" and parts.netloc else None


def _read(file: FilePath, *path: str) -> str | None:
    """Return a string in a YAML or JSON file; None where the file does not have it."""
    try:
        found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        for key in path:
            found = found[key]
    except (OSError, ValueError, YAMLError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _buckets(stack: Stack) -> Iterator[tuple[Path, str]]:
    settings = stack.settings
    for key, bucket in settings.buckets.items():
        yield ("buckets", key, "name"), settings.bucket_name(key)
        if bucket.replicate_to is not None:
            yield ("buckets", key, "replicaName"), settings.replica_name(key)


def own_state(stack: Stack) -> Iterator[Problem]:
    """No bucket of the stack holds its state."""
    held = state_bucket(stack.folder) if stack.folder is not None else None
    for path, name in _buckets(stack):
        if held is not None and name == held[0]:
            yield Problem(path, f"{name} holds the Pulumi state ({held[1]}): {ADVICE}")


RULES: tuple[Rule, ...] = (own_state,)
