"""Starts one container and becomes it: `container.py <name>`. Runs with the server's own Python, 3.9.

The file `<name>.json` says what to run. Secrets are read with the server's role and reach the container through the
environment of `docker run` alone: they are in no file and on no command line.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional  # noqa: UP035, of Python 3.9 too

FOLDER = Path(os.environ.get("CONTAINERS", "/etc/platform/containers"))


def run(*command: str, given: Optional[str] = None, check: bool = True) -> "subprocess.CompletedProcess[str]":  # noqa: UP045
    """A command of this server, which prints to a text."""
    return subprocess.run(command, input=given, check=check, stdout=subprocess.PIPE, text=True)  # noqa: S603


def secret(arn: str, key: str, region: str) -> str:
    """One property of a secret."""
    read = ("--secret-id", arn, "--query", "SecretString", "--output", "text", "--region", region)
    return str(json.loads(run("aws", "secretsmanager", "get-secret-value", *read).stdout)[key])


def log_in(registry: str, region: str) -> None:
    """A token of ECR holds for twelve hours, so that each start gets a new one."""
    made = run("aws", "ecr", "get-login-password", "--region", region).stdout
    run("docker", "login", "--username", "AWS", "--password-stdin", registry, given=made)


def pull(image: str) -> None:
    """The image, or what is here of it when the registry does not answer."""
    if run("docker", "pull", "--quiet", image, check=False).returncode != 0:
        run("docker", "image", "inspect", image)


def start(name: str, wanted: Dict[str, Any]) -> List[str]:  # noqa: UP006, of Python 3.9 too
    """The command that runs the container, once everything for it is here."""
    region = wanted["region"]
    if wanted["registry"]:
        log_in(wanted["registry"], region)
    pull(wanted["image"])
    os.environ.update(wanted["environment"])
    for variable, (arn, key) in wanted["secrets"].items():
        os.environ[variable] = secret(arn, key, region)
    # One that a crash has left.
    run("docker", "rm", "--force", name, check=False)
    variables = [f"--env={variable}" for variable in (*wanted["environment"], *wanted["secrets"])]
    options = ["--rm", "--name", name, *wanted["arguments"], *variables]
    return ["docker", "run", *options, wanted["image"], *wanted["command"]]


if __name__ == "__main__":
    container = sys.argv[1]
    command = start(container, json.loads((FOLDER / f"{container}.json").read_text(encoding="utf-8")))
    os.execvp(command[0], command)  # noqa: S606, no shell
