"""What the tests of scripts share."""

from pathlib import Path

import pytest

from tests.repository.base import Checkout, make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path)
