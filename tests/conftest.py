"""What every session of tests keeps quiet about, and what it prints at its end."""

import pytest

from tests.parts.counts import PROVEN


def pytest_configure(config: pytest.Config) -> None:
    # The AWS SDK warns of its own deprecated classes while it is imported; none of them is used here.
    config.addinivalue_line(
        "filterwarnings",
        "ignore:.*(has been deprecated in favor of|uses AWS EC2 LaunchConfiguration):DeprecationWarning",
    )
    # parliament reads its own data through setuptools.
    config.addinivalue_line("filterwarnings", "ignore:pkg_resources is deprecated:UserWarning")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PROVEN:
        return
    terminalreporter.section("proven on real parts")
    for what, number in sorted(PROVEN.items()):
        terminalreporter.write_line(f"{number:>8}  {what}")
