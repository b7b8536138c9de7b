"""Compare the content of databases."""

from collections.abc import Mapping

from tests.parts.postgresql import Server


def checksums(
    server: Server, login: Mapping[str, str], *, snapshot: str | None = None, schema: str = "public"
) -> dict[str, tuple[int, str]]:
    """Return the number of rows and a checksum of every table, at present or in an exported snapshot.

    The login's search path begins with the schema.
    """
    tables = server.sql(
        f"SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = '{schema}' ORDER BY 1",  # noqa: S608
        login,
    ).splitlines()
    assert tables
    query = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(md5(one::text), '' ORDER BY md5(one::text))), '') "  # noqa: S608
        f"FROM {table} one"
        for table in tables
    )
    as_of = f"SET TRANSACTION SNAPSHOT '{snapshot}';" if snapshot else ""
    answer = server.sql(f"BEGIN ISOLATION LEVEL REPEATABLE READ; {as_of} {query}; COMMIT", login)
    rows = (line.split("|") for line in answer.splitlines())
    return {table: (int(count), digest) for table, count, digest in rows}
