"""Where real parts are kept, and what happens when one is missing."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.shared import locked


class MissingPartError(Exception):
    """A part is not on this machine; the message says how to get it."""


def kept(name: str, *pinned: Path, also: Iterable[str] = ()) -> Path:
    """The folder of a part in the cache; another version of what pins it is another folder."""
    digest = hashlib.sha256()
    for file in pinned:
        digest.update(file.read_bytes())
    for text in also:
        digest.update(text.encode())
    return _cache() / f"{name}-{digest.hexdigest()[:16]}"


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ai-platform"


def building() -> AbstractContextManager[None]:
    """Wait until nobody else builds a part, and keep others waiting meanwhile: two builds write the same files.

    Whoever builds looks for the part only then, and may find that another run has just built it.
    """
    return locked(_cache() / "building.lock")


def required() -> bool:
    """Whether a missing part is a failure: in CI, where a tier that skips proves nothing."""
    return os.environ.get("REAL_PARTS") == "required"


def absent(missing: MissingPartError) -> NoReturn:
    """Skip what needs the part, or fail where every part is required."""
    if required():
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))
