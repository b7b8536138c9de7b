"""`python -m tests.engine.plugin FOLDER`: serve the account in the folder, and print the port for the engine."""

import os
import sys
import threading
import time
from concurrent import futures
from importlib.metadata import version
from pathlib import Path

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2_grpc

from tests.engine.plugin.account import Account
from tests.engine.plugin.provider import Provider


def _end_with_engine(engine: int) -> None:
    while os.getppid() == engine:
        time.sleep(0.2)
    os._exit(1)


def main() -> None:
    """Serve until the engine ends."""
    threading.Thread(target=_end_with_engine, args=(os.getppid(),), daemon=True).start()
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(64), options=unlimited)
    provider = Provider(Account(Path(sys.argv[1])), version("pulumi_aws"))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
