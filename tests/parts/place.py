"""Where real parts are kept, and what happens when one is missing."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import pytest


class MissingPartError(Exception):
    """A part is not on this machine; the message says how to get it."""


def kept(name: str, *pinned: Path, also: Iterable[str] = ()) -> Path:
    """The folder of a part in the cache; another version of what pins it is another folder."""
    digest = hashlib.sha256()
    for file in pinned:
        digest.update(file.read_bytes())
    for text in also:
        digest.update(text.encode())
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ai-platform" / f"{name}-{digest.hexdigest()[:16]}"


def required() -> bool:
    """Whether a missing part is a failure: in CI, where a tier that skips proves nothing."""
    return os.environ.get("REAL_PARTS") == "required"


def absent(missing: MissingPartError) -> NoReturn:
    """Skip what needs the part, or fail where every part is required."""
    if required():
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))
