"""Redis as ElastiCache runs it: with TLS, and with users who can only access their own keys.

The programs are from PATH, or from Debian's packages with their libraries.
"""

import contextlib
import secrets
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.parts import debian
from tests.parts.certificates import make_certificates
from tests.parts.place import MissingPartError, kept
from tests.parts.process import free_port, start

PACKAGES = ("redis-tools", "redis-server", "libjemalloc2", "liblzf1")
PROGRAMS = ("redis-server", "redis-sentinel", "redis-cli")
"""Names by which the program selects its function."""


def programs(*, build: bool = False) -> Path:
    """Return the folder of the programs.

    Raises:
        MissingPartError: they are neither on PATH nor in the cache, and they are not downloaded or the download failed.
    """
    on_path = [shutil.which(name) for name in PROGRAMS]
    if all(on_path):
        return Path(str(on_path[0])).parent
    folder = kept("redis", also=PACKAGES)
    made = folder / "programs"
    if not made.is_dir():
        if not build:
            raise MissingPartError("redis-server is not on PATH: `make parts` fetches Debian's packages")
        for package in PACKAGES:
            debian.fetch(package, folder)
        _wrap(folder, made)
    return made


def _wrap(folder: Path, made: Path) -> None:
    """Write scripts that run the programs with the libraries in their folder."""
    (library,) = {file.parent for file in folder.glob("usr/lib/*/libjemalloc.so.2")}
    begun = made.with_suffix(".new")
    begun.mkdir(exist_ok=True)
    for name in PROGRAMS:
        real = folder / "usr" / "bin" / ("redis-cli" if name == "redis-cli" else "redis-check-rdb")
        program = begun / name
        # bash supports `exec -a`: the name selects the function of the program.
        program.write_text(
            f'#!/bin/bash\nexport LD_LIBRARY_PATH="{library}"\nexec -a {name} "{real}" "$@"\n', encoding="utf-8"
        )
        program.chmod(0o755)
    begun.rename(made)


@dataclass(frozen=True)
class Server:
    """A running server, with a certificate that `authority` signed for 127.0.0.1."""

    port: int
    authority: Path
    password: str
    """Password of the user `admin`, who has all permissions."""

    def command(self, *words: str) -> list[str]:
        """Return the output lines of a command of the administrator."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
        ):
            stream = connection.makefile("rwb")
            for one in (("AUTH", "admin", self.password), words):
                parts = [part for word in one for part in (f"${len(word.encode())}", word)]
                stream.write("\r\n".join([f"*{len(one)}", *parts, ""]).encode())
                stream.flush()
                answer = _answer(stream)
            return answer


def _answer(stream: object) -> list[str]:
    line = stream.readline().decode().strip()  # type: ignore[attr-defined]
    kind, rest = line[0], line[1:]
    if kind == "*":
        return [text for _ in range(int(rest)) for text in _answer(stream)]
    if kind == "$":
        size = int(rest)
        return [] if size < 0 else [stream.read(size + 2)[:-2].decode()]  # type: ignore[attr-defined]
    if kind == "-":
        raise ValueError(rest)
    return [rest]


@contextlib.contextmanager
def running_redis(found: Path, *, users: Mapping[str, tuple[str, str]]) -> Iterator[Server]:
    """Run a server with TLS only. `users` have a password and an access string of ElastiCache."""
    with tempfile.TemporaryDirectory(prefix="redis-") as name:
        folder = Path(name)
        certificates = make_certificates(folder)
        server = Server(free_port(), certificates.authority, secrets.token_hex())
        lines = [
            "port 0",
            f"tls-port {server.port}",
            "bind 127.0.0.1",
            f"tls-cert-file {certificates.server}",
            f"tls-key-file {certificates.server_key}",
            f"tls-ca-cert-file {certificates.authority}",
            "tls-auth-clients no",
            'save ""',
            f"dir {folder}",
            "user default off",
            f"user admin on >{server.password} ~* &* +@all",
            *(f"user {user} >{password} {rights}" for user, (password, rights) in users.items()),
        ]
        configuration = folder / "redis.conf"
        configuration.write_text("\n".join(lines))
        running = start("redis", [found / "redis-server", configuration], folder)
        try:
            running.wait_until(lambda: "Ready to accept connections" in running.last_lines(), seconds=30)
            yield server
        finally:
            running.stop()
