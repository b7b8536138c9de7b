"""Replacement for Prisma's command line, whose schema engine is in no package registry.

`prisma migrate deploy` runs the migrations of the folder in order, each once, and records them in Prisma's table; SQL
runs through psql. Other commands of LiteLLM have no effect.
"""

import os
import pathlib
import subprocess
import sys
import urllib.parse

LEDGER = """
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
)
"""


def psql(*arguments: str) -> str:
    """Return psql's output; raise an exception if it fails."""
    url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    known = dict(urllib.parse.parse_qsl(url.query))
    query = urllib.parse.urlencode({"sslmode": known["sslmode"]} if "sslmode" in known else {})
    options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
    finished = subprocess.run(
        ["psql", *options, "--dbname", url._replace(query=query).geturl(), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGOPTIONS": "-c client_min_messages=error"},
    )
    if finished.returncode:
        raise SystemExit(f"P3018: {finished.stderr}")
    return finished.stdout


def deploy(folder: pathlib.Path) -> int:
    """Run pending migrations and return their number."""
    psql("--command", LEDGER)
    known = set(psql("--command", "SELECT migration_name FROM _prisma_migrations").splitlines())
    wanted = sorted(file.parent.name for file in folder.glob("*/migration.sql"))
    steps = []
    for name in (one for one in wanted if one not in known):
        entry = (
            "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) "  # noqa: S608
            f"VALUES (gen_random_uuid(), md5('{name}'), now(), '{name}', 1)"
        )
        steps += ["--file", str(folder / name / "migration.sql"), "--command", entry]
    if steps:
        # One process: a program for each of two hundred files would take minutes.
        psql(*steps)
    return len(set(wanted) - known)


def main(arguments: list[str]) -> int:
    """Run the commands that LiteLLM uses."""
    if arguments[:2] == ["migrate", "deploy"]:
        made = deploy(pathlib.Path.cwd() / "migrations")
        sys.stdout.write(f"{made} migrations applied\n" if made else "No pending migrations to apply.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
