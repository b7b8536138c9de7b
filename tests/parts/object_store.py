"""A simulated S3 and ECR, with objects in memory."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.parts.process import free_port, listens, start


@dataclass(frozen=True)
class ObjectStore:
    """A running S3, which accepts any credentials."""

    url: str

    def login(self) -> dict[str, str]:
        """Return the arguments of a boto3 client."""
        return {"aws_access_key_id": "tests", "aws_secret_access_key": "tests"}

    def environment(self) -> dict[str, str]:
        """Return environment variables that configure clients of S3 to use it."""
        return {"AWS_ENDPOINT_URL_S3": self.url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests"}


@contextlib.contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    """Run an empty S3 on the loopback address.

    It is a process of its own: within one process all servers of moto share their buckets.
    """
    with tempfile.TemporaryDirectory(prefix="ai-platform-object-store-") as folder:
        port = free_port()
        server = start(
            "moto", [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)], Path(folder)
        )
        try:
            server.wait_until(lambda: listens(port), seconds=60)
            yield ObjectStore(f"http://127.0.0.1:{port}")
        finally:
            server.stop()
