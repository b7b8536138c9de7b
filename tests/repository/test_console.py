"""Output that documents show is what today's program prints, and each shipped stack has a tutorial."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.base import SHIPPED
from tests.config.base import ROOT
from tests.repository.console import PAGES, anew, excerpt, parts, project, unproven, words_of

SECTIONS = ("What it builds and costs", "Change first", "Create it", "First use", "Stop it", "Remove it")


@pytest.fixture(scope="module")
def _project() -> Iterator[None]:
    with project():
        yield


@pytest.mark.usefixtures("_project")
@pytest.mark.parametrize("file", PAGES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_shown_output_is_what_the_program_prints(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == anew(text), "`make outputs` writes it"
    assert unproven(text) == []


@pytest.mark.parametrize("stack", SHIPPED)
def test_stack_has_a_tutorial_from_its_plan_to_its_removal(stack: str) -> None:
    text = (ROOT / f"docs/tutorials/{stack}.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    shown = {words[0] for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) for words in _run(block)}
    assert shown >= {"plan", "cost"}
    for page, place in (("README.md", f"docs/tutorials/{stack}.md"), ("docs/tutorials/README.md", f"{stack}.md")):
        assert f"]({place})" in (ROOT / page).read_text(encoding="utf-8")


def _run(block: str) -> list[list[str]]:
    return [words for _, command, shown in parts(block) if shown and (words := words_of(command))]


OUTPUT = [
    *("dev  stack", "└── Platform", "3 resources", "", "by row  1", "a ██ 2.00", "b ▎ 3.00", ""),
    *("rest", "about 4 USD", "end"),
]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (["anything"], OUTPUT),
        (["dev", "...", "9 resources", "..."], ["dev  stack", "...", "3 resources", "..."]),
        (["...", "by row 7", "x", "..."], ["...", *OUTPUT[4:7], "..."]),
        (["...", "about 1,234 USD"], ["...", "about 4 USD", "end"]),
        (["  ..."], ["  ..."]),
    ],
)
def test_excerpt_has_lines_of_the_same_form(shown: list[str], expected: list[str]) -> None:
    assert excerpt(shown, OUTPUT) == expected


def test_line_that_is_gone_fails() -> None:
    with pytest.raises(AssertionError, match="no line like 'gone'"):
        excerpt(["...", "gone"], OUTPUT)


def test_output_of_another_program_is_found() -> None:
    assert unproven("```console\n$ pulumi up\ncreated\n$ kubectl get nodes\n```\n") == ["pulumi up"]
