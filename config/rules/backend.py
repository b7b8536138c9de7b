"""The bucket of the Pulumi state is no resource of the stack whose state it holds."""

from collections.abc import Iterator
from pathlib import Path as FilePath
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

PROJECT_FILE = "Pulumi.yaml"
ADVICE = (
    "`pulumi destroy` would delete the state in the middle of its work; remove it from the stack file, and create the "
    "bucket as docs/operate.md shows"
)


def state_bucket(folder: FilePath) -> str | None:
    """Return the bucket of `backend.url` in Pulumi.yaml, such as `s3://BUCKET/PREFIX?region=us-west-2`.

    None for another backend, and for a file that Pulumi cannot read either.
    https://www.pulumi.com/docs/iac/concepts/projects/project-file/#backend-options
    """
    try:
        project = YAML(typ="safe").load((folder / PROJECT_FILE).read_text(encoding="utf-8"))
        url = urlsplit(project["backend"]["url"])
    except (OSError, ValueError, YAMLError, LookupError, TypeError, AttributeError):
        return None
    return url.netloc if url.scheme == "s3" and url.netloc else None


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
        if name == held:
            yield Problem(path, f"{name} holds the Pulumi state (backend.url in {PROJECT_FILE}): {ADVICE}")


RULES: tuple[Rule, ...] = (own_state,)
