"""Messages, descriptions and docstrings use the words of the AWS, Kubernetes and Pulumi documentation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.base import ROOT

FOLDERS = ("aiplatform", "catalog", "components", "config", "policies", ".github/scripts")

WORDS = re.compile(
    r"\b(entrances?|ways? in|whoever|nobody|somebody|surroundings|is no name|stands? here|lets? through|of the own"
    r"|at the (?:least|most)|asleep|awake|slips?|doors?)\b",
    re.IGNORECASE,
)
"""Each has a better word in the field: ingress or load balancer, nobody and whoever name their subject, and so on."""


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a file with their lines; names and types of earlier releases are not texts."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    former = {
        id(keyword.value)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Former"
        for keyword in node.keywords
    }
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in former and not text.startswith("ai-platform:"):
            yield node.lineno, text


@pytest.mark.parametrize("folder", FOLDERS)
def test_texts_avoid_words_that_no_reader_searches_for(folder: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {match[0]}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for line, text in _texts(file)
        for match in WORDS.finditer(text)
    ]
    assert found == []
