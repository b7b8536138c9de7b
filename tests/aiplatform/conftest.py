"""Quiet about what is not ours."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # The AWS SDK warns of its own deprecated classes while it is imported; none of them is used here.
    config.addinivalue_line(
        "filterwarnings",
        "ignore:.*(has been deprecated in favor of|uses AWS EC2 LaunchConfiguration):DeprecationWarning",
    )
