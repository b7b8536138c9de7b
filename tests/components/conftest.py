"""Quiet about what is not ours."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # parliament reads its own data through setuptools.
    config.addinivalue_line("filterwarnings", "ignore:pkg_resources is deprecated:UserWarning")
