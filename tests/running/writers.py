"""Concurrent writers to a database, and tables that show whether a copy of it is consistent."""

import threading
import time

import psycopg

ROWS = 60_000
"""Number of rows for a dump that takes longer than many transactions."""


class Writers:
    """Writers during a dump: each transaction writes to three tables, which are consistent after it."""

    def __init__(self, login: dict[str, str], count: int) -> None:
        self.conninfo = psycopg.conninfo.make_conninfo(
            host=login["PGHOST"],
            port=login["PGPORT"],
            user=login["PGUSER"],
            password=login["PGPASSWORD"],
            dbname=login["PGDATABASE"],
            sslmode=login["PGSSLMODE"],
        )
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(count)]
        self.committed = 0
        self._counting = threading.Lock()

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        self.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait(self, transactions: int) -> None:
        """Wait until this number of further transactions is committed."""
        end, until = self.committed + transactions, time.monotonic() + 30
        while self.committed < end:
            assert time.monotonic() < until, "nobody writes"
            time.sleep(0.01)

    def _write(self) -> None:
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            while not self._over.is_set():
                with connection.transaction():
                    made = connection.execute("INSERT INTO a_run (text) VALUES ('new') RETURNING id").fetchone()
                    assert made
                    connection.execute("UPDATE m_total SET runs = runs + 1")
                    connection.execute("INSERT INTO z_metric (run) VALUES (%s), (%s)", [made[0], made[0]])
                with self._counting:
                    self.committed += 1


TABLES = f"""
CREATE TABLE a_run (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);
CREATE TABLE z_metric (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run bigint NOT NULL REFERENCES a_run);
CREATE TABLE m_total (runs bigint NOT NULL);
INSERT INTO a_run (text) SELECT repeat(md5(n::text), 4) FROM generate_series(1, {ROWS}) n;
INSERT INTO z_metric (run) SELECT id FROM a_run, generate_series(1, 2);
INSERT INTO m_total SELECT count(*) FROM a_run;
"""  # noqa: S608
AGREE = """
SELECT (SELECT count(*) FROM a_run) = (SELECT runs FROM m_total),
       (SELECT count(*) FROM z_metric) = 2 * (SELECT runs FROM m_total),
       NOT EXISTS (SELECT run FROM z_metric GROUP BY run HAVING count(*) <> 2)
"""
