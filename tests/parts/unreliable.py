"""A proxy to the API server that can reject, break and delay requests, as an overloaded control plane does."""

import contextlib
import http.client
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.parts.control_plane import ControlPlane

_BETWEEN_TWO = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}
)
"""Headers of a single connection."""


class Unreliable:
    """The faults and their counts; can be changed while requests are in progress."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refusals: list[tuple[int, frozenset[str]]] = []
        self.seconds = 0.0
        """Delay of every request in seconds."""

        self.answered: Counter[int] = Counter()
        """Number of rejected requests by status."""

    def refuse(self, status: int, count: int, *methods: str) -> None:
        """Respond to the next `count` requests of these methods with a status, without forwarding them."""
        with self._lock:
            self._refusals += [(status, frozenset(methods))] * count

    def forgive(self) -> None:
        """Forward all requests again."""
        with self._lock:
            self._refusals.clear()

    def refusal_for(self, method: str) -> int | None:
        """Return the status for a request and count it; None to forward the request."""
        with self._lock:
            for index, (status, methods) in enumerate(self._refusals):
                if method in methods:
                    del self._refusals[index]
                    self.answered[status] += 1
                    return status
        return None


@contextlib.contextmanager
def unreliable(control_plane: ControlPlane) -> Iterator[tuple[str, Unreliable]]:
    """Yield the URL of the proxy, with the API server's own certificate, and its faults, none at first."""
    faults = Unreliable()
    trusted = ssl.create_default_context(cafile=str(control_plane.certificates.authority))
    handler = type("Handler", (_Handler,), {"faults": faults, "port": control_plane.port, "trusted": trusted})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(control_plane.certificates.server, control_plane.certificates.server_key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}", faults
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults: Unreliable
    port: int
    trusted: ssl.SSLContext

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(self.faults.seconds)
        status = self.faults.refusal_for(self.command)
        if status is not None:
            self._refuse(status)
            return
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.trusted)
        with contextlib.closing(connection):
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _BETWEEN_TWO}
            connection.request(self.command, self.path, body or None, headers)
            self._give_back(connection.getresponse())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the base class's names

    def _give_back(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _BETWEEN_TWO:
                self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        # A watch does not end: each piece is forwarded when it arrives.
        with contextlib.suppress(OSError, http.client.HTTPException):
            while piece := answer.read1(65536):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

    def _refuse(self, status: int) -> None:
        reason = {429: "TooManyRequests", 500: "InternalError"}.get(status, "Unknown")
        body = json.dumps(
            {
                "kind": "Status",
                "apiVersion": "v1",
                "status": "Failure",
                "reason": reason,
                "code": status,
                "message": reason,
            }
        ).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
        """Log nothing: rejected requests are counted, and the API server logs the others."""
