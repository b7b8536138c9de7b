"""The resources of the account, in a folder that every process of the plugin and the tests share."""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiplatform.preview.plan import Json

_TABLES = """
CREATE TABLE IF NOT EXISTS living
    (number INTEGER PRIMARY KEY, type TEXT, id TEXT, region TEXT, urn TEXT, inputs TEXT, outputs TEXT,
     UNIQUE (type, id, region));
CREATE TABLE IF NOT EXISTS deleted_secrets (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS passwords (value TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS faults (number INTEGER PRIMARY KEY, operation TEXT, kind TEXT, remaining INTEGER);
CREATE TABLE IF NOT EXISTS hold (living INTEGER);
"""
_HIDDEN = frozenset({"secretString", "secretBinary", "password", "passwords", "randomPassword", "userData"})


@dataclass(frozen=True)
class Thing:
    """An existing resource."""

    type: str
    id: str
    urn: str
    inputs: Mapping[str, Json]
    outputs: Mapping[str, Json]
    region: str = ""
    """Empty for global resources."""

    @property
    def name(self) -> str:
        """Return its logical name."""
        return self.urn.rpartition("::")[2]


class Cloud:
    """The account. Instances have no state, because all data is in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with self._open() as database:
            database.executescript(_TABLES)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.folder / "cloud.sqlite", timeout=60, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Yield an exclusive transaction."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def living(self, type_: str | None = None) -> list[Thing]:
        """Return the existing resources in the order of creation."""
        with self._open() as database:
            return things(database, type_)

    def note(self, action: str, **more: Json) -> None:
        """Append a line to the log, without secrets."""
        line = json.dumps({"time": round(time.time(), 3), "action": action, **_hidden(more)})
        # A single write to a file opened for appending: lines of several processes are not mixed.
        log = os.open(self.folder / "aws.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(log, f"{line}\n".encode())
        finally:
            os.close(log)

    def notes(self, *actions: str) -> list[dict[str, Any]]:
        """Return the log, or its lines of these actions."""
        log = self.folder / "aws.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [line for line in lines if not actions or line["action"] in actions]

    def remember_password(self, value: str) -> None:
        """Store a password that AWS generated."""
        with self._open() as database:
            database.execute("INSERT OR IGNORE INTO passwords VALUES (?)", (value,))

    def passwords(self) -> list[str]:
        """Return every password that AWS generated."""
        with self._open() as database:
            return [value for (value,) in database.execute("SELECT value FROM passwords")]

    def fail(self, operation: str, kind: str, times: int) -> None:
        """Answer the next calls of an operation (`eks:CreateCluster`, `*`) with `throttle` or `error`, `times` times.

        `answer of eks:CreateCluster` with `lost`: the call succeeds, and its response is lost.
        """
        with self._open() as database:
            database.execute(
                "INSERT INTO faults (operation, kind, remaining) VALUES (?, ?, ?)", (operation, kind, times)
            )

    def heal(self) -> None:
        """Remove all faults and holds."""
        with self._open() as database:
            database.executescript("DELETE FROM faults; DELETE FROM hold;")

    def fault(self, operation: str) -> str | None:
        """Return the fault of a call; None if there is none."""
        with self._open() as database:
            if not database.execute("SELECT 1 FROM faults WHERE remaining > 0").fetchone():
                return None
        with self.changing() as database:
            found = database.execute(
                "SELECT number, kind FROM faults WHERE remaining > 0 AND operation IN (?, ?)",
                (operation, operation if operation.startswith("answer of ") else "*"),
            ).fetchone()
            if found is None:
                return None
            database.execute("UPDATE faults SET remaining = remaining - 1 WHERE number = ?", (found[0],))
            return str(found[1])

    def delete_by_hand(self, type_: str, urn: str) -> None:
        """Delete a resource as a user does in the console."""
        with self._open() as database:
            database.execute("DELETE FROM living WHERE type = ? AND urn = ?", (type_, urn))

    def hold_at(self, living: int) -> None:
        """Block all changes once this number of resources exists, after a creation or after a deletion."""
        with self._open() as database:
            database.executescript("DELETE FROM hold;")
            database.execute("INSERT INTO hold VALUES (?)", (living,))

    def is_held(self, database: sqlite3.Connection) -> bool:
        """Return whether the number of resources is reached at which changes are blocked."""
        wanted = database.execute("SELECT living FROM hold").fetchone()
        count = database.execute("SELECT count(*) FROM living").fetchone()
        return wanted is not None and wanted[0] == count[0]

    def held(self) -> bool:
        """Return the same outside a transaction."""
        with self._open() as database:
            return self.is_held(database)


def things(database: sqlite3.Connection, type_: str | None = None) -> list[Thing]:
    """Return the existing resources within a transaction."""
    rows = database.execute(
        "SELECT type, id, urn, inputs, outputs, region FROM living WHERE type = ? OR ? IS NULL ORDER BY number",
        (type_, type_),
    )
    return [
        Thing(kind, name, urn, json.loads(inputs), json.loads(outputs), region)
        for kind, name, urn, inputs, outputs, region in rows
    ]


def store(database: sqlite3.Connection, thing: Thing) -> None:
    """Store a new or changed resource."""
    database.execute(
        "INSERT INTO living (type, id, region, urn, inputs, outputs) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT "
        "(type, id, region) DO UPDATE SET urn = excluded.urn, inputs = excluded.inputs, outputs = excluded.outputs",
        (thing.type, thing.id, thing.region, thing.urn, json.dumps(thing.inputs), json.dumps(thing.outputs)),
    )


def _hidden(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: "***" if key in _HIDDEN else _hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return value
