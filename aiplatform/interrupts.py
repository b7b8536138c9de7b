"""End the process at a signal, at once, and leave nothing half written.

Python's own way, an exception in whatever runs, can be swallowed: by the event loop, a callback or a library that
catches everything. A handler that ends the process cannot.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = b"\x1b[?25h\n"
_unfinished: set[Path] = set()


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Mark a file or folder as half written: a signal removes it."""
    _unfinished.add(path)
    try:
        yield path
    finally:
        _unfinished.discard(path)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let signals wait until the end of a short step."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_at_signals() -> None:
    """End the process with 128 and the number of the signal, as shells count; ignored signals stay ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    for path in tuple(_unfinished):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if os.isatty(2):
        # The progress hides the cursor.
        os.write(2, _SHOW_CURSOR)
    os._exit(128 + number)
