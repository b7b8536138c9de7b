"""The plans of the shipped stacks as a person writes them, and a browser to open their reports in."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.browser import chromium
from tests.components.base import SHIPPED
from tests.config.base import shipped_project
from tests.parts.place import MissingPartError, absent

LOOKS = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""CI is root, where there is no sandbox; nothing but the page may cause a request."""


@dataclass(frozen=True)
class Written:
    """What `aiplatform plan` wrote for a stack."""

    folder: Path

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / "report.html"

    def read(self, name: str) -> Any:
        """A file beside the page."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Opened:
    """A report in a browser, with all that it asked for and all that the browser had to say about it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str, about: object = None) -> Any:
        """The answer of a function of looks.js."""
        return self.page.evaluate(f"{LOOKS}.{question}", about)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def program() -> Path:
    """Chromium."""
    try:
        return chromium.program()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def plans(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Written]:
    """Every shipped stack, by its name. Nothing is planned where no browser would open it."""
    assert program.exists()
    folder = tmp_path_factory.mktemp("plans")
    stacks = [word for stack in SHIPPED for word in ("--stack", stack)]
    project = folder / "project"
    project.mkdir()
    command = [sys.executable, "-m", "aiplatform", "plan", *stacks, "--out", str(folder), "--fail-on", "never"]
    subprocess.run(command, cwd=shipped_project(project), check=True, capture_output=True)
    return {stack: Written(folder / stack) for stack in SHIPPED}


@pytest.fixture(params=SHIPPED)
def written(request: pytest.FixtureRequest, plans: Mapping[str, Written]) -> Written:
    """One stack after the other."""
    return plans[request.param]


@pytest.fixture(scope="package")
def browser(program: Path) -> Iterator[Browser]:
    """One for all tests of this folder, with a new, empty profile; its loop of events must not outlive them."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens files, each in a window of its own."""
    contexts: list[BrowserContext] = []

    def open_one(file: Path, *, width: int = 1280, dark: bool = False, script: bool = True) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        opened = Opened(context.new_page())
        page = opened.page

        def requested(request: Request) -> None:
            opened.requests.append(request.url)

        def told(message: ConsoleMessage) -> None:
            opened.complaints.append(f"{message.type}: {message.text}")

        def asked(dialog: Dialog) -> None:
            opened.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("request", requested)
        page.on("console", told)
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("dialog", asked)
        page.goto(file.as_uri())
        return opened

    yield open_one
    for context in contexts:
        context.close()
