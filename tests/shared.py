"""What the workers of one run share: values that one of them computes and the others read."""

import contextlib
import fcntl
import hashlib
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

_Value = TypeVar("_Value")


class _Run:
    """The run that this process belongs to."""

    folder: Path | None = None
    """Set by `tests/conftest.py` where there are several workers."""


def join(folder: Path | None) -> None:
    """Share values in this folder from now on; None ends that."""
    _Run.folder = folder


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that one process has at a time; the file stays, for its name is the lock."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def once(name: str, make: Callable[[], _Value]) -> _Value:
    """Return what `make` returns, which is called by one worker of a run only.

    The value has to be one that `pickle` takes. A process that is alone makes it anew.
    """
    if _Run.folder is None:
        return make()
    kept = _Run.folder / hashlib.sha256(name.encode()).hexdigest()
    with locked(kept.with_suffix(".lock")):
        if kept.is_file():
            made: _Value = pickle.loads(kept.read_bytes())  # noqa: S301 - this run has written it
            return made
        made = make()
        kept.write_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        return made
