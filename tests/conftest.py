"""What every session of tests does: it shares plans among workers, and says at its end what was proven and skipped."""

import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import shared
from tests.parts.counts import PROVEN

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController

_FOLDER = pytest.StashKey[Path]()


def _input(config: pytest.Config) -> dict[str, Any] | None:
    """What the controller gives a worker; None in any other process."""
    return getattr(config, "workerinput", None)


def pytest_configure(config: pytest.Config) -> None:
    given = _input(config)
    if given is not None:
        shared.join(Path(given["shared"]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _input(config) is not None:
        from tests.distribution import in_order

        items[:] = in_order(items, Path(__file__).parent)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadScopeScheduling":
    from tests.distribution import Units

    return Units(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "WorkerController") -> None:
    if _FOLDER not in node.config.stash:
        node.config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="ai-platform-tests-"))
    node.workerinput["shared"] = str(node.config.stash[_FOLDER])


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _input(session.config) is not None:
        session.config.workeroutput["proven"] = dict(PROVEN)  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: "WorkerController") -> None:
    PROVEN.update(getattr(node, "workeroutput", {}).get("proven", {}))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FOLDER in config.stash:
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = Counter(_missing(report) for report in terminalreporter.stats.get("skipped", ()))
    if skipped:
        missing = ", ".join(f"{what} ({count})" for what, count in skipped.most_common())
        told = f"skipped {skipped.total()} tests, by what is missing: {missing}"
        terminalreporter.write_line(
            f"{told}; `make parts` gets what a registry has, `pytest -rs` says where the rest is"
        )
    if not PROVEN:
        return
    terminalreporter.section("proven on real parts")
    for what, number in sorted(PROVEN.items()):
        terminalreporter.write_line(f"{number:>8}  {what}")


def _missing(report: pytest.TestReport) -> str:
    """The part without which a test was skipped: what its reason begins with."""
    place = report.longrepr
    reason = str(place[2] if isinstance(place, tuple) else place).removeprefix("Skipped: ")
    return re.split(r" (?:is|are) (?:not|neither) |: ", reason, maxsplit=1)[0]
