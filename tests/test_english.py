"""Messages, descriptions and docstrings use the words of the AWS, Kubernetes and Pulumi documentation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.base import ROOT

FOLDERS = ("catalog", "config", "aiplatform/findings", "aiplatform/fit")
"""Where every text was read for it; a folder is added when its texts were."""

WORDS = re.compile(
    r"\b(entrances?|ways? in|whoever|nobody|somebody|surroundings|is no name|stands? here|lets? through|of the own"
    r"|at the (?:least|most)|asleep|slips?|doors?)\b",
    re.IGNORECASE,
)
"""Each has a better word in the field: ingress or load balancer, nobody and whoever name their subject, and so on."""


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("folder", FOLDERS)
def test_texts_avoid_words_that_no_reader_searches_for(folder: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {match[0]}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for line, text in _texts(file)
        for match in WORDS.finditer(text)
    ]
    assert found == []
