"""What several files of tests here begin with."""

from pathlib import Path

import pytest

from config.settings import Settings
from tests.aiplatform.verifying import settings


@pytest.fixture
def lab(tmp_path: Path) -> Settings:
    return settings(tmp_path)
