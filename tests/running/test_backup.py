"""Backup and restore test as rendered: real pg_dump and pg_restore, the AWS CLI, and an S3 in memory."""

import csv
import io
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from catalog.versions import AWS_CLI_IMAGE
from tests.config.base import ROOT
from tests.parts.counts import proven
from tests.parts.object_store import ObjectStore
from tests.running.pods import FailedError, Place, Pod, stack
from tests.running.rows import checksums
from tests.running.shared import SCHEMAS, SCRATCH, STACK, Shared, shared_database
from tests.running.writers import AGREE, ROWS, TABLES, Writers

BUCKET, PREFIX = "pingvas-backups", "prod/"
NAME = r"prod/prod_backup_\d{8}_\d{6}\.sql"
BACKUP, RESTORE = "prod-db-backup", "prod-db-restore-test"
SCHEMA = SCHEMAS["prod"]


class Bucket:
    """The bucket of the dumps, emptied for each test."""

    def __init__(self, store: ObjectStore) -> None:
        self.client: Any = boto3.client("s3", region_name="us-east-1", endpoint_url=store.url, **store.login())

    def empty(self) -> None:
        """Delete what is in it."""
        for key in self.contents():
            self.client.delete_object(Bucket=BUCKET, Key=key)

    def contents(self) -> list[str]:
        """The keys in it."""
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(item["Key"] for item in found)

    def dump(self) -> str:
        """The key of the only dump."""
        (key,) = (key for key in self.contents() if key.endswith(".sql"))
        assert re.fullmatch(NAME, key)
        return key

    def read(self, key: str) -> bytes:
        """An object."""
        content: bytes = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return content

    def write(self, key: str, content: bytes) -> None:
        """Put something else in its place."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def counts(self) -> dict[str, int]:
        """The rows that were counted with the only dump."""
        text = self.read(self.dump().replace(".sql", ".counts.csv")).decode()
        return {name: int(rows) for name, rows in csv.reader(io.StringIO(text))}


@pytest.fixture(scope="module")
def shared(
    postgresql_programs: Path,
    client_programs: Path,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("backup")
    with shared_database(stack(STACK), postgresql_programs, folder) as made:
        made.set_up()
        made.place = replace(
            made.place,
            images={**made.place.images, AWS_CLI_IMAGE: [client_programs]},
            # Version 1 of the CLI knows the region by another name; nobody waits for retries here.
            environment={**object_store.environment(), "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"},
        )
        Bucket(object_store).client.create_bucket(Bucket=BUCKET)
        made.server.sql(TABLES, made.login("prod"))
        made.server.sql("CREATE TABLE elsewhere (id int)", made.login("dev"))
        yield made


@pytest.fixture
def bucket(object_store: ObjectStore) -> Bucket:
    found = Bucket(object_store)
    found.empty()
    return found


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    """What one backup has uploaded, for tests of what becomes of it."""
    return {}


@pytest.fixture
def dumped(shared: Shared, bucket: Bucket, kept: dict[str, bytes]) -> Bucket:
    """The bucket with one dump."""
    if not kept:
        run(shared, BACKUP)
        kept.update({key: bucket.read(key) for key in bucket.contents()})
    for key, content in kept.items():
        bucket.write(key, content)
    return bucket


def pod_of(shared: Shared, cron_job: str, *, place: Place | None = None) -> Pod:
    return shared.pod(shared.cron_job(cron_job), place=place)


def run(shared: Shared, cron_job: str, *, place: Place | None = None) -> str:
    printed = pod_of(shared, cron_job, place=place).run()
    proven(f"runs of {cron_job}")
    return printed


def assert_fails(shared: Shared, cron_job: str, answer: str, *, place: Place | None = None) -> str:
    """A run that fails, with this in what it prints, and no word of success."""
    with pytest.raises(FailedError, match=answer) as failure:
        pod_of(shared, cron_job, place=place).run()
    printed = failure.value.printed
    assert "completed" not in printed
    assert "passed" not in printed
    proven("faults that a backup or a restore test answered by failing")
    return printed


def test_dump_and_counts_are_consistent_during_writes_and_restore_equal(shared: Shared, bucket: Bucket) -> None:
    login = shared.login("prod")
    with Writers(login, 2) as writers:
        pod = pod_of(shared, BACKUP)
        before = writers.committed
        printed = pod.step("dump")
        during = writers.committed - before
        assert during > 10, "people wrote during the dump"
        proven("transactions committed while a dump was made", during)
        printed += pod.step("upload")
    key = bucket.dump()
    assert bucket.contents() == [key.replace(".sql", ".counts.csv"), key]
    size = len(bucket.read(key))
    assert printed.splitlines()[-1] == f"Backup completed: s3://{BUCKET}/{key}, {size} bytes"
    counted = bucket.counts()
    assert counted["a_run"] >= ROWS
    assert counted["z_metric"] == 2 * counted["a_run"], "counted one after the other they disagree"
    assert int(shared.server.sql("SELECT count(*) FROM a_run", login)) > counted["a_run"], (
        "what came later is not in it"
    )

    printed = run(shared, RESTORE)
    assert printed.splitlines()[-1] == f"Restore test passed: {key}"
    for name, rows in counted.items():
        assert re.search(rf"^ {name} +\| +{rows} \| +{rows} \|", printed, re.MULTILINE), "the table is printed"
    scratch = shared.login("prod", SCRATCH)
    assert shared.server.sql(AGREE, scratch) == "t|t|t"
    restored = checksums(shared.server, scratch, schema=SCHEMA)
    assert {name: rows for name, (rows, _) in restored.items()} == counted
    proven("rows compared after a restore", sum(counted.values()))


@pytest.mark.usefixtures("bucket")
def test_restore_is_identical_to_the_byte_and_repeatable(
    shared: Shared,
) -> None:
    run(shared, BACKUP)
    wanted = checksums(shared.server, shared.login("prod"), schema=SCHEMA)
    for _ in range(2):
        run(shared, RESTORE)
        assert checksums(shared.server, shared.login("prod", SCRATCH), schema=SCHEMA) == wanted


def test_dump_has_only_the_schema_of_the_environment(shared: Shared, dumped: Bucket, tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(dumped.read(dumped.dump()))
    program = str(shared.server.programs / "pg_restore")
    listed = subprocess.run([program, "--list", tmp_path / "dump"], capture_output=True, text=True, check=True).stdout
    assert "Format: CUSTOM" in listed
    assert f"TABLE {SCHEMA} a_run prod_user" in listed
    assert "elsewhere" not in listed
    assert "dev_pingvas" not in listed


def test_newest_dump_is_restored(shared: Shared, dumped: Bucket) -> None:
    bucket = dumped
    key = bucket.dump()
    for older in ("20200101_000000", "20251231_235959"):
        bucket.write(f"{PREFIX}prod_backup_{older}.sql", b"old")
    bucket.write(f"{PREFIX}zzz.sql", b"not a dump")
    assert run(shared, RESTORE).splitlines()[-1] == f"Restore test passed: {key}"


def test_odd_names_and_empty_and_partitioned_tables_are_counted(shared: Shared, bucket: Bucket) -> None:
    shared.server.sql(
        """
        CREATE TABLE "Odd, ""name"" of 'one'" (id int);
        INSERT INTO "Odd, ""name"" of 'one'" VALUES (1), (2);
        CREATE TABLE nothing (id int);
        CREATE TABLE by_year (year int) PARTITION BY LIST (year);
        CREATE TABLE by_year_1 PARTITION OF by_year FOR VALUES IN (1);
        INSERT INTO by_year SELECT 1 FROM generate_series(1, 3);
        CREATE TABLE base (id int);
        CREATE TABLE derived (more int) INHERITS (base);
        INSERT INTO derived VALUES (1, 1);
        CREATE MATERIALIZED VIEW total AS SELECT count(*) FROM a_run;
        """,
        shared.login("prod"),
    )
    try:
        run(shared, BACKUP)
        counts = bucket.counts()
        run(shared, RESTORE)
    finally:
        shared.server.sql(
            """
            DROP TABLE "Odd, ""name"" of 'one'", nothing, by_year, derived, base;
            DROP MATERIALIZED VIEW total;
            """,
            shared.login("prod"),
        )
    wanted = {"Odd, \"name\" of 'one'": 2, "nothing": 0, "by_year_1": 3, "base": 0, "derived": 1}
    assert {name: rows for name, rows in counts.items() if name not in ("a_run", "m_total", "z_metric")} == wanted


def test_schema_without_tables_is_dumped_and_restored(
    shared: Shared, bucket: Bucket, postgresql_programs: Path, tmp_path: Path
) -> None:
    with shared_database(shared.stack, postgresql_programs, tmp_path) as empty:
        empty.set_up()
        empty.place = replace(empty.place, images=shared.place.images, environment=shared.place.environment)
        assert "The schema has no tables" in run(empty, BACKUP)
        assert bucket.counts() == {}
        run(empty, RESTORE)
    shared.stack.master_is(shared.server.master, shared.server.master_password)


# --- faults ---


def test_wrong_password_fails_and_uploads_nothing(shared: Shared, bucket: Bucket) -> None:
    shared.stack.vault.rotate("pingvas/prod/database")
    try:
        assert_fails(shared, BACKUP, 'password authentication failed for user "prod_user"')
    finally:
        shared.set_up()
    assert bucket.contents() == []


def test_unreadable_table_fails_the_dump(shared: Shared, bucket: Bucket) -> None:
    shared.server.sql(
        "CREATE TABLE prod_pingvas.hidden (id int); REVOKE ALL ON prod_pingvas.hidden FROM prod_user", shared.master
    )
    try:
        assert_fails(shared, BACKUP, "permission denied for table hidden")
    finally:
        shared.server.sql("DROP TABLE prod_pingvas.hidden", shared.master)
    assert bucket.contents() == []


def test_row_level_security_fails_the_dump(shared: Shared, bucket: Bucket) -> None:
    # The dump would lack the hidden rows.
    login = shared.login("prod")
    shared.server.sql(
        "CREATE TABLE walled (id int); ALTER TABLE walled ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", login
    )
    try:
        assert_fails(shared, BACKUP, "query would be affected by row-level security policy")
    finally:
        shared.server.sql("DROP TABLE walled", login)
    assert bucket.contents() == []


def test_missing_schema_fails_the_dump(shared: Shared, bucket: Bucket) -> None:
    shared.server.sql("ALTER SCHEMA prod_pingvas RENAME TO away", shared.master)
    try:
        assert_fails(shared, BACKUP, "no matching schemas were found")
    finally:
        shared.server.sql("ALTER SCHEMA away RENAME TO prod_pingvas", shared.master)
    assert bucket.contents() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a small disk")
def test_full_disk_fails_the_dump(shared: Shared, bucket: Bucket) -> None:
    pod = pod_of(shared, BACKUP)
    folder = str(pod.folder("backup"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=777", "none", folder], check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        with pytest.raises(FailedError, match="No space left on device") as failure:
            pod.run()
    finally:
        subprocess.run(["umount", folder], check=True)
    assert "completed" not in failure.value.printed
    proven("faults that a backup or a restore test answered by failing")
    assert bucket.contents() == []


def test_upload_to_a_missing_bucket_fails(shared: Shared, bucket: Bucket) -> None:
    bucket.client.delete_bucket(Bucket=BUCKET)
    try:
        assert_fails(shared, BACKUP, "NoSuchBucket")
    finally:
        bucket.client.create_bucket(Bucket=BUCKET)


def instead_of_aws(shared: Shared, folder: Path, lines: Sequence[str]) -> Place:
    """A place whose image of the AWS CLI has a program that does something else before the real one."""
    (real,) = shared.place.images[AWS_CLI_IMAGE]
    folder.chmod(0o755)
    program = folder / "aws"
    program.write_text("\n".join(["#!/bin/sh", *lines, f'exec {real}/aws "$@"', ""]))
    program.chmod(0o755)
    return replace(shared.place, images={**shared.place.images, AWS_CLI_IMAGE: [folder, real]})


@pytest.mark.usefixtures("bucket")
def test_object_of_another_size_fails(shared: Shared, tmp_path: Path) -> None:
    place = instead_of_aws(shared, tmp_path, ['case "$*" in *".sql --query"*) echo 17; exit;; esac'])
    assert re.search(r"has 17 bytes instead of \d{5,}", assert_fails(shared, BACKUP, "instead of", place=place))


def test_dump_is_never_in_the_bucket_without_its_counts(shared: Shared, bucket: Bucket, tmp_path: Path) -> None:
    place = instead_of_aws(shared, tmp_path, ['case "$*" in *".counts.csv s3:"*) exit 1;; esac'])
    assert_fails(shared, BACKUP, "status 1", place=place)
    assert bucket.contents() == []


def test_failed_upload_is_retried_with_the_same_dump(shared: Shared, bucket: Bucket) -> None:
    pod = pod_of(shared, BACKUP)
    pod.step("dump")
    pod.step("upload")
    first = bucket.read(bucket.dump())
    pod.step("upload")
    assert bucket.read(bucket.dump()) == first


def test_interrupted_attempt_leaves_nothing_to_upload(shared: Shared, bucket: Bucket) -> None:
    pod = pod_of(shared, BACKUP)
    left = pod.folder("backup") / "prod_backup_20200101_000000.sql"
    left.write_text("half")
    pod.run()
    assert not left.exists()
    assert "20200101" not in bucket.dump()


def test_missing_row_fails_the_restore_test_and_is_shown(shared: Shared, dumped: Bucket) -> None:
    counts = dumped.read(dumped.dump().replace(".sql", ".counts.csv"))
    dumped.empty()
    login = shared.login("prod")
    shared.server.sql("DELETE FROM z_metric WHERE id = (SELECT min(id) FROM z_metric)", login)
    run(shared, BACKUP)
    left = dumped.counts()["z_metric"]
    # The dump of now, with the counts of before.
    dumped.write(dumped.dump().replace(".sql", ".counts.csv"), counts)
    printed = assert_fails(shared, RESTORE, "the restored tables differ from those that were dumped")
    assert re.search(rf"^ z_metric +\| +{left + 1} \| +{left} \| differs", printed, re.MULTILINE)
    assert re.search(r"^ a_run +\| +(\d+) \| +\1 \| *$", printed, re.MULTILINE)


def test_missing_table_fails_the_restore_test(shared: Shared, dumped: Bucket) -> None:
    bucket = dumped
    key = bucket.dump().replace(".sql", ".counts.csv")
    bucket.write(key, bucket.read(key) + b"another,0\n")
    assert re.search(r"another +\| +0 \| +\| differs", assert_fails(shared, RESTORE, "the restored tables differ"))


@pytest.mark.parametrize("length", [0, 200, -2000], ids=["empty", "in its head", "in its data"])
def test_truncated_dump_fails_the_restore_test(shared: Shared, dumped: Bucket, length: int) -> None:
    dumped.write(dumped.dump(), dumped.read(dumped.dump())[:length])
    assert_fails(shared, RESTORE, "pg_restore: error")


@pytest.mark.usefixtures("bucket")
def test_bucket_without_dumps_fails_the_restore_test(shared: Shared) -> None:
    assert_fails(shared, RESTORE, f"There is no dump below s3://{BUCKET}/{PREFIX}")


def test_dump_without_counts_fails_the_restore_test(shared: Shared, dumped: Bucket) -> None:
    bucket = dumped
    bucket.client.delete_object(Bucket=BUCKET, Key=bucket.dump().replace(".sql", ".counts.csv"))
    assert_fails(shared, RESTORE, r"\(404\)")


@pytest.mark.usefixtures("dumped")
def test_restore_test_never_empties_the_shared_database(shared: Shared) -> None:
    pod = pod_of(shared, RESTORE)
    (step,) = pod.spec["containers"]
    given = next(item for item in step["env"] if item["name"] == "PGDATABASE")
    rows = shared.server.sql("SELECT count(*) FROM a_run", shared.login("prod"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(given, "value", shared.database)
        with pytest.raises(FailedError, match="nothing is dropped here"):
            pod.run()
    assert shared.server.sql("SELECT count(*) FROM a_run", shared.login("prod")) == rows


def test_documented_commands_restore_lost_rows(shared: Shared, dumped: Bucket, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = text.partition("## Back up and restore an environment\n")[2].partition("\n## ")[0]
    commands = [line.removeprefix("$ ") for line in section.splitlines() if line.startswith("$ pg_restore ")]
    assert len(commands) == 2
    (tmp_path / "prod.dump").write_bytes(dumped.read(dumped.dump()))
    login = shared.login("prod")
    shared.server.sql("DROP TABLE z_metric; DELETE FROM a_run WHERE id < 100; CREATE TABLE later (id int)", login)
    path = {"PATH": f"{shared.server.programs}:/usr/bin:/bin"}
    for command in commands:
        subprocess.run(["sh", "-euc", command], env={**login, **path}, cwd=tmp_path, check=True)
        proven("commands of docs/operate.md run as they stand there")
    counts = {name: rows for name, (rows, _) in checksums(shared.server, login, schema=SCHEMA).items()}
    assert counts == {**dumped.counts(), "later": 0}
    shared.server.sql("DROP TABLE later", login)
