"""Serves what the server processes of one pod have counted, on a port of its own.

The server's /metrics asks for an administrator's password; this one is closed by a NetworkPolicy instead.
"""

import os
import pathlib
import signal
import sys
import time

from prometheus_client import CollectorRegistry, multiprocess, start_http_server

# The first process of a container ignores what it does not handle, and would keep its pod for the whole grace period.
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry, path=folder)
start_http_server(int(os.environ["METRICS_PORT"]), registry=registry)
while True:
    time.sleep(3600)
