"""A simulated S3 with objects in memory."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from moto.server import ThreadedMotoServer


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
    """Run an empty S3 on the loopback address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield ObjectStore(f"http://{host}:{port}")
    finally:
        server.stop()
