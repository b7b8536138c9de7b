import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.parts.process import free_port


def test_free_port_returns_no_port_twice_to_callers_at_once() -> None:
    with ThreadPoolExecutor(8) as callers:
        ports = list(callers.map(lambda _: free_port(), range(80)))
    assert len(set(ports)) == 80


def test_free_port_is_not_one_that_the_system_gives_to_connections() -> None:
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(given.read_text().split()[0]) if given.is_file() else 32768
    assert free_port() < first


def test_free_port_passes_over_a_port_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def first(name: str) -> int:
        """The first port that a machine hands out."""
        (tmp_path / name).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
        return free_port()

    with socket.create_server(("127.0.0.1", first("one"))) as taken:
        assert first("other") > taken.getsockname()[1]
