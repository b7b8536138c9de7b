"""Decision pages have a status, a date, and the options that were weighed."""

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(file for file in FOLDER.glob("*.md") if file.name not in {"README.md", "template.md"})
SECTIONS = ["Context", "Options", "Decision", "Consequences"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_decision_page_has_status_date_and_weighed_options(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    status = re.search(r"^Status: (proposed|accepted|superseded by \[.+\]\(.+\.md\))\nDate: (\S+)$", text, re.MULTILINE)
    assert status is not None
    assert date(2026, 1, 1) <= date.fromisoformat(status[2]) <= date.today()
    assert [name for name in re.findall(r"^## (.+)$", text, re.MULTILINE) if name in SECTIONS] == SECTIONS
    options = text.partition("## Options")[2].partition("## Decision")[0]
    rows = re.findall(r"^\| (?!option|---)(.+) \| (.+) \|$", options, re.MULTILINE)
    assert len(rows) >= 2, "one option is no choice"


def test_index_lists_each_decision_page_by_its_title() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\d+\. \[(.+)\]\((.+)\)$", index, re.MULTILINE)
    titles = [(page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "), page.name) for page in PAGES]
    assert sorted(listed) == sorted(titles)
