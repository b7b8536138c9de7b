"""Requirements of the tier, and replacements for missing programs."""

import os
import shutil
import socket
import sys
from pathlib import Path

from catalog import versions
from tests.config.base import ROOT
from tests.parts.place import MissingPartError

PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-resource-kubernetes", "pulumi-resource-eks")

_PLUGIN = """\
#!/bin/sh
PYTHONPATH={root} exec {python} -m tests.engine.plugin {folder} "$@"
"""
# `aws eks get-token` returns a token that the API server accepts; no other command of the AWS CLI is used.
_AWS = """\
#!/bin/sh
case "$*" in
*--version*) echo "aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64" ;;
*get-token*) printf '{{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "spec": {{}}, \
"status": {{"expirationTimestamp": "2100-01-01T00:00:00Z", "token": "%s"}}}}' "$(cat {folder}/token)" ;;
*) echo "no answer to: $*" >&2; exit 2 ;;
esac
"""


def find_programs() -> None:
    """Check that Pulumi's programs are installed.

    Raises:
        MissingPartError: a program of Pulumi is not on PATH.
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise MissingPartError(f"{', '.join(missing)} not on PATH: https://www.pulumi.com/docs/iac/download-install/")


def charts() -> dict[str, str] | None:
    """Return the setting `charts` of a stack: the folder in CHARTS_DIR, or None if the repositories can be reached.

    Raises:
        MissingPartError: a chart is not in the folder, or there is neither a folder nor internet access.
    """
    folder = os.environ.get("CHARTS_DIR")
    if folder:
        wanted = [Path(folder) / f"{chart.name}-{chart.version}.tgz" for chart in _charts()]
        missing = [file.name for file in wanted if not file.is_file()]
        if missing:
            raise MissingPartError(f"CHARTS_DIR lacks {', '.join(missing)}: `helm pull` gets them (docs/operate.md)")
        return {"source": "folder", "location": str(Path(folder).resolve())}
    for chart in _charts():
        host = chart.repository.removeprefix("https://").partition("/")[0]
        try:
            socket.create_connection((host, 443), timeout=3).close()
        except OSError as error:
            raise MissingPartError(f"no CHARTS_DIR, and {host} cannot be reached: {error}") from None
    return None


def _charts() -> list[versions.ChartVersion]:
    return [value for value in vars(versions).values() if isinstance(value, versions.ChartVersion)]


def write_programs(folder: Path, account: Path) -> None:
    """Write the AWS provider plugin and an AWS CLI for the account in another folder."""
    folder.mkdir()
    texts = {
        "pulumi-resource-aws": _PLUGIN.format(root=ROOT, python=sys.executable, folder=account),
        "aws": _AWS.format(folder=account),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
