"""The picture of a comment in the README: `python -m tests.browser.comment` writes what GitHub shows of one edit."""

from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright

from aiplatform.cli.comment import comment
from aiplatform.diff.difference import compare
from aiplatform.diff.formats import Comparison, as_json
from tests.browser import chromium
from tests.config.base import ROOT
from tests.diff.base import STACK, side

EDIT = ('nodeGroups.system.instanceTypes=["m7i.large"]', "buckets.artifacts.name=ai-dev-models")
"""Another instance type, and a renamed bucket."""

PICTURE = ROOT / "docs" / "pictures" / "comment.png"

_DOTS = {"🔴": "#d1242f", "🟡": "#d4a72c", "⚪": "#afb8c1"}
"""Colours of the marks, for which few machines have a font."""

_STYLE = """
body { margin: 0; padding: 16px; width: 860px; font: 14px/1.5 system-ui, "Noto Sans", sans-serif; color: #1f2328 }
main { border: 1px solid #d1d9e0; border-radius: 6px; padding: 8px 16px 16px }
h2 { padding-bottom: .3em; border-bottom: 1px solid #d1d9e0 }
h3 { margin: 16px 0 4px } ul { margin: 0; padding-left: 2em }
a { color: #0969da } sub { color: #59636e; overflow-wrap: anywhere } li { overflow-wrap: anywhere }
"""


def body() -> str:
    """Return the comment on a pull request with the edit."""
    found = compare(STACK, side(), side(*EDIT))
    return comment([as_json(Comparison("main", "the pull request", (found,)))], "")


def main() -> None:
    """Write the picture."""
    content = MarkdownIt().render(body())
    for mark, colour in _DOTS.items():
        content = content.replace(mark, f"<span style='color: {colour}'>●</span>")
    page = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><main>{content}</main>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 900, "height": 600})
        shown.set_content(page)
        PICTURE.parent.mkdir(exist_ok=True)
        shown.screenshot(path=PICTURE, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
