"""A load balancer in front of the pods, with the rules and target groups of the recording."""

import contextlib
import http.client
import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from aiplatform.preview.plan import Resource
from tests.running.pods import Stack

BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
SERVICE = "kubernetes:core/v1:Service"
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade"}
ANOTHER_ADDRESS = ("127.0.0.2", 0)
"""Source address of the load balancer, which the pods do not trust more than others."""


@dataclass(frozen=True)
class HealthCheck:
    """The health check of a target group."""

    path: str
    statuses: frozenset[int]


@dataclass(frozen=True)
class WayIn:
    """The host names of a Service (any if empty), and its health check."""

    service: str
    namespace: str
    hosts: tuple[str, ...]
    health: HealthCheck

    def names_inside(self) -> set[str]:
        """Return the names of the Service inside the cluster, and the names by which a pod calls itself."""
        full = f"{self.service}.{self.namespace}"
        return {self.service, full, f"{full}.svc", f"{full}.svc.cluster.local", "localhost", "127.0.0.1"}


def ingress_or_none(stack: Stack, deployment: Resource) -> WayIn:
    """Return the route by the resource that registers the pods: a TargetGroupBinding, or a controller's Ingress."""
    labels = deployment.inputs["spec"]["template"]["metadata"]["labels"]
    namespace = deployment.inputs["metadata"]["namespace"]
    services = {
        item.inputs["metadata"]["name"]
        for item in stack.recording.all(SERVICE)
        if item.inputs["metadata"]["namespace"] == namespace
        and item.inputs["spec"]["selector"].items() <= labels.items()
    }
    for item in stack.recording.all(BINDING):
        service = item.inputs["spec"]["serviceRef"]["name"]
        if item.inputs["metadata"]["namespace"] == namespace and service in services:
            return _by_target_group(stack, item, WayIn(service, namespace, (), HealthCheck("", frozenset())))
    for item in stack.recording.all(INGRESS):
        for rule in item.inputs["spec"]["rules"]:
            service = rule["http"]["paths"][0]["backend"]["service"]["name"]
            if item.inputs["metadata"]["namespace"] == namespace and service in services:
                given = item.inputs["metadata"]["annotations"]
                health = HealthCheck(
                    given["alb.ingress.kubernetes.io/healthcheck-path"],
                    _statuses(given["alb.ingress.kubernetes.io/success-codes"]),
                )
                return WayIn(service, namespace, tuple(filter(None, [rule.get("host")])), health)
    raise LookupError(f"nothing leads to {deployment.name} of {stack.name}")


def _by_target_group(stack: Stack, binding: Resource, way: WayIn) -> WayIn:
    arn = binding.inputs["spec"]["targetGroupARN"]
    (rule,) = (
        item.inputs
        for item in stack.recording.all("aws:lb/listenerRule:ListenerRule")
        if arn in [action.get("targetGroupArn") for action in item.inputs["actions"]]
    )
    hosts = [host for one in rule["conditions"] for host in one.get("hostHeader", {}).get("values", ())]
    before = stack.recording.before(binding)
    (group,) = (
        item.inputs["healthCheck"]
        for item in stack.recording.all("aws:lb/targetGroup:TargetGroup")
        if item.urn in before and f"/{item.inputs['name']}/" in arn
    )
    assert (group["port"], group["protocol"]) == ("traffic-port", "HTTP")
    return WayIn(way.service, way.namespace, tuple(hosts), HealthCheck(group["path"], _statuses(group["matcher"])))


def _statuses(matcher: str) -> frozenset[int]:
    found: set[int] = set()
    for part in matcher.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def request(
    port: int, host: str, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Send a request to a pod with any host name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, body=body or None, headers={"Host": host, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()


class Balancer:
    """A proxy on its own port. Clients that use it as HTTP proxy reach the pods by any of their names.

    The Host header is unchanged, as with an ALB. A host without a rule results in 404.
    """

    def __init__(self, way: WayIn, ports: Sequence[int]) -> None:
        self._inside = way.names_inside()
        self._hosts = {host.lower() for host in way.hosts}
        self.ports = list(ports)
        self.passed = 0
        self.transferred = 0
        """Bytes of bodies, in both directions."""
        self._turn = itertools.count()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return its URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def target(self, host: str) -> int | None:
        """Return the port of the next pod in rotation."""
        name = host.partition(":")[0].lower()
        if name not in self._inside and self._hosts and name not in self._hosts:
            return None
        self.passed += 1
        return self.ports[next(self._turn) % len(self.ports)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        balancer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def _pass(self) -> None:
                balancer.transferred += _forward(self, balancer.target(self.headers["Host"]))

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _pass  # noqa: N815

        return Handler


def _forward(made: BaseHTTPRequestHandler, port: int | None) -> int:
    """Pass a request on, and return the bytes of its body and of the answer's."""
    body = b"".join(_body(made))
    if port is None:
        made.send_error(404)
        return 0
    split = urlsplit(made.path)
    path = f"{split.path or '/'}?{split.query}" if split.query else split.path or "/"
    passed = {name: value for name, value in made.headers.items() if name.lower() not in HOP_BY_HOP}
    passed |= {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"}
    passed["Content-Length"] = str(len(body))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=ANOTHER_ADDRESS)
    with contextlib.closing(connection):
        connection.request(made.command, path, body=body, headers=passed)
        answer = connection.getresponse()
        content = answer.read()
        made.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                made.send_header(name, value)
        made.send_header("Content-Length", answer.headers.get("Content-Length", str(len(content))))
        made.end_headers()
        if made.command != "HEAD":
            made.wfile.write(content)
        return len(body) + len(content)


def _body(made: BaseHTTPRequestHandler) -> Iterator[bytes]:
    if made.headers.get("Transfer-Encoding", "").lower() == "chunked":
        while size := int(made.rfile.readline().split(b";")[0], 16):
            yield made.rfile.read(size)
            made.rfile.readline()
        made.rfile.readline()
    elif length := int(made.headers.get("Content-Length", 0)):
        yield made.rfile.read(length)
