"""Lists in documents equal those of the code, and documents for contributors are valid for GitHub."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import versions
from tests.config.base import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests" / "README.md", ROOT / "NOTICE"])
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yaml"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_operate_pulls_every_chart_at_its_version() -> None:
    wanted = []
    for chart in vars(versions).values():
        if isinstance(chart, versions.ChartVersion):
            is_oci = chart.repository.startswith("oci://")
            where = f"{chart.repository}/{chart.name}" if is_oci else f"{chart.name} --repo {chart.repository}"
            wanted.append(f"$ helm pull {where} --version {chart.version} -d charts")
    assert re.findall(r"^\$ helm pull .*$", text_of("docs/operate.md"), re.MULTILINE) == wanted


def test_documents_name_files_that_exist() -> None:
    rooms = "aiplatform|catalog|components|config|docs|policies|tests|[.]github"
    missing = [
        f"{file.relative_to(ROOT)}: {path}"
        for file in DOCUMENTS
        for path in re.findall(rf"`((?:{rooms})/[\w./-]+)`", file.read_text(encoding="utf-8"))
        if not (ROOT / path).exists() and not (file.parent / path).exists()
    ]
    assert missing == []


def test_links_between_documents_resolve_to_files_and_headings() -> None:
    broken = []
    for file in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", file.read_text(encoding="utf-8")):
            path, _, heading = target.partition("#")
            leads = file.parent / path
            if not leads.exists() or (heading and heading not in headings(leads)):
                broken.append(f"{file.relative_to(ROOT)}: {target}")
    assert broken == []


def headings(file: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    found = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


def test_changelog_has_the_format_and_the_version_of_the_package() -> None:
    found = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert found[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading) for heading in found[1:])
    assert version("aiplatform") in found[1]
    kinds = set(re.findall(r"^### (.+)$", text_of("CHANGELOG.md"), re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_contributing_has_a_section_for_parts() -> None:
    assert "\n## Add a part\n" in text_of("CONTRIBUTING.md")


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_issue_form_is_valid_for_github(file: Path) -> None:
    """https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema"""
    form: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert form.keys() == {"name", "description", "labels", "body"}
    for element in form["body"]:
        assert element["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        needed = {"markdown": "value", "dropdown": "options"}.get(element["type"], "label")
        assert element["attributes"][needed]
    ids = [element["id"] for element in form["body"] if element["type"] != "markdown"]
    assert len(ids) == len(set(ids)) == len([one for one in form["body"] if "label" in one["attributes"]])


def test_pre_commit_hooks_use_the_tools_and_versions_of_lint() -> None:
    local, actionlint = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    makefile = text_of("Makefile")
    for hook in local["hooks"]:
        program = hook["entry"].split()[0]
        assert hook["language"] == "system"
        assert f"$(BIN)/{program.removeprefix('.venv/bin/')} " in f"{makefile} ".replace("\n", " "), hook["id"]
    pinned = re.search(r"rhysd/actionlint (v\S+)", text_of("tests/parts/modules/actionlint/go.mod"))
    assert pinned
    assert actionlint["rev"] == pinned[1]
    pattern = re.compile(actionlint["hooks"][0]["files"])
    workflows = [*ROOT.glob(".github/workflows/*"), *ROOT.glob("docs/releases/.github/workflows/*")]
    assert all(pattern.search(file.relative_to(ROOT).as_posix()) for file in workflows)
