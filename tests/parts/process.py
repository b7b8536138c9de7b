"""Programs that run beside the tests, and end with them."""

import ctypes
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NotReadyError(Exception):
    """A program ended or did not answer in time; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Program:
    """A program that was started, with everything that it prints in one log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once `ready` says so.

        Raises:
            NotReadyError: the program ended before, or the time is over.
        """
        until = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise NotReadyError(f"{self.name} ended with {self.process.returncode}:\n{self.last_lines()}")
            if time.monotonic() > until:
                raise NotReadyError(f"{self.name} was not ready after {seconds:g} s:\n{self.last_lines()}")
            time.sleep(0.05)

    def last_lines(self, count: int = 20) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def stop(self, *, seconds: float = 5) -> None:
        """Ask it to end, and make it end when it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start(
    name: str, arguments: Sequence[str | Path], folder: Path, *, environment: Mapping[str, str] | None = None
) -> Program:
    """Start a program; its log is `<folder>/<name>.log`."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            # Even tests that are killed leave no program behind; it ends with the thread that starts it.
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the function takes no lock
        )
    return Program(name, process, log)


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """A port on the loopback address that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
