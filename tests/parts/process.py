"""Programs that run during tests, and end with them."""

import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.shared import locked

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NotReadyError(Exception):
    """A program ended or was not ready in time; the message contains the last lines of its log."""


@dataclass(frozen=True)
class Program:
    """A started program, with all of its output in one log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once `ready` returns true.

        Raises:
            NotReadyError: the program ended before, or the timeout in seconds is exceeded.
        """
        until = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise NotReadyError(f"{self.name} ended with {self.process.returncode}:\n{self.last_lines()}")
            if time.monotonic() > until:
                raise NotReadyError(f"{self.name} was not ready after {seconds:g} s:\n{self.last_lines()}")
            time.sleep(0.05)

    def last_lines(self, count: int = 20) -> str:
        """Return the last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def stop(self, *, seconds: float = 5) -> None:
        """Terminate it, and kill it after a timeout in seconds."""
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
            # The program also ends if the tests are killed: it is bound to the thread that starts it.
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the function takes no lock
        )
    return Program(name, process, log)


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """Return a free port of the loopback address that no other call returns soon.

    The system would choose one of the ports for outgoing connections: another process could use it before the program
    listens. Ports are assigned in rotation, across all test workers of a user.
    """
    counter = Path(tempfile.gettempdir()) / f"ai-platform-ports-{os.getuid()}"
    with locked(counter.with_suffix(".lock")):
        last = int(counter.read_text()) if counter.is_file() else 0
        for step in range(1, len(_PORTS) + 1):
            number = (last + step) % len(_PORTS)
            if _is_free(_PORTS[number]):
                counter.write_text(str(number))
                return _PORTS[number]
    raise NotReadyError(f"every port from {_PORTS[0]} to {_PORTS[-1]} is taken")


_PORTS = range(12000, 30000)
"""Below the ports for outgoing connections, and below the node ports of Kubernetes."""


def _is_free(port: int) -> bool:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def listens(port: int) -> bool:
    """Return whether a process accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
