"""The cache of real parts, and the result of tests whose part is missing."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.shared import locked


class MissingPartError(Exception):
    """A part is not installed; the message says how to get it."""


def kept(name: str, *pinned: Path, also: Iterable[str] = ()) -> Path:
    """Return the folder of a part in the cache, which differs for each version of the files that pin it."""
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
    """Hold a lock for builds: two builds would write the same files.

    Look for the part again inside, because another run can have built it meanwhile.
    """
    return locked(_cache() / "building.lock")


def required() -> bool:
    """Return whether a missing part is a failure, as in CI, where a skipped tier proves nothing."""
    return os.environ.get("REAL_PARTS") == "required"


def absent(missing: MissingPartError) -> NoReturn:
    """Skip the test, or fail if every part is required."""
    if required():
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))
