"""The text of a new stack file."""

import functools
import re
from collections.abc import Iterable
from importlib.resources import files
from ipaddress import ip_network

import jinja2

from aiplatform.scaffold.answers import PURPOSES, Answers
from catalog.versions import KUBERNETES

_TAKEN = re.compile(r"^\s+cidr: [\"']?(10\.\d+\.0\.0/16)", re.MULTILINE)
_ENCRYPTED = re.compile(r"^(?:secretsprovider|encryptedkey|encryptionsalt):.*\n", re.MULTILINE)
_NAME = re.compile(r"^(  ai-platform:project:\n(?:    .*\n|\s*\n)*?    name: )([a-z0-9-]+)", re.MULTILINE)


def stack_text(answers: Answers) -> str:
    """Return the stack file for a purpose."""
    text = _template().render(one=answers, title=PURPOSES[answers.purpose], kubernetes=KUBERNETES)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def copied_text(text: str, stack: str) -> str:
    """Return a stack file with another name: names that begin with the project's begin with the new one, as bucket
    names and clusters exist once. The key of secrets stays with the other stack."""
    found = _NAME.search(text)
    text = _ENCRYPTED.sub("", text)
    if found is None:
        return text
    old = re.escape(found[2])
    # Not inside another word, nor a label of a domain.
    return re.sub(rf"(?<![A-Za-z0-9_.-]){old}(?=[-_/,\s\"'}}\]]|$)", stack, text)


def free_network(others: Iterable[str]) -> str:
    """Return a network that no other stack file of the project has, so that they can be connected later."""
    taken = {ip_network(found) for text in others for found in _TAKEN.findall(text)}
    free = (ip_network(f"10.{number}.0.0/16") for number in range(40, 250, 10))
    return str(next((one for one in free if one not in taken), ip_network("10.40.0.0/16")))


@functools.cache
def _template() -> jinja2.Template:
    # YAML needs no escapes of HTML; the loader checks every value before the file is written.
    environment = jinja2.Environment(  # noqa: S701, as above
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["flow"] = lambda names: f"[{', '.join(names)}]"
    return environment.from_string(files("aiplatform.scaffold").joinpath("stack.yaml.j2").read_text(encoding="utf-8"))
