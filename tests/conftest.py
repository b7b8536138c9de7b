"""What every session of tests prints at its end."""

import pytest

from tests.parts.counts import PROVEN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PROVEN:
        return
    terminalreporter.section("proven on real parts")
    for what, number in sorted(PROVEN.items()):
        terminalreporter.write_line(f"{number:>8}  {what}")
