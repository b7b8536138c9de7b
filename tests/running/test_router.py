"""The routers of models as rendered, in front of servers that speak vLLM's API, found by a Kubernetes API."""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.versions import ROUTER_IMAGE
from config.workloads.vllm import API_KEY, api_key_secret_name
from tests.components.base import recorded
from tests.parts import router
from tests.parts.counts import proven
from tests.parts.process import Program, free_port
from tests.running.certificates import Issued
from tests.running.pods import DEPLOYMENT, Place, Pod, Stack, Vault

ADDRESSES = itertools.count(2)
"""Each pod has its own address in 127.0.0.0/8, and the pods of a model have the same port, as in a cluster."""

CHAT = "/v1/chat/completions"
Address = tuple[str, int]

WORDS = 6
PAUSE = 0.4
"""Words of a stream, and the seconds before each."""


def serve(address: str, port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer((address, port), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class Handler(BaseHTTPRequestHandler):
    """Closes each connection after its response, so that a stopped server answers none."""

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Replica:
    """A server of a model that answers with its own address."""

    def __init__(self, port: int, key: str, names: Sequence[str]) -> None:
        address = self.address = f"127.0.0.{next(ADDRESSES)}"

        class Server(Handler):
            def do_GET(self) -> None:
                if self.path == "/v1/models":
                    self.answer({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})
                else:
                    self.answer({}, 200 if self.path == "/health" else 404)

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != f"Bearer {key}":
                    self.answer({"error": "Unauthorized"}, 401)
                elif asked.get("stream"):
                    self._stream()
                else:
                    message = {"role": "assistant", "content": address}
                    self.answer({"model": asked["model"], "choices": [{"index": 0, "message": message}]})

            def _stream(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for word in range(WORDS):
                    time.sleep(PAUSE)
                    self.wfile.write(f'data: {{"choices": [{{"delta": {{"content": "{word}"}}}}]}}\n\n'.encode())
                    self.wfile.flush()
                self.wfile.write(b"data: [DONE]\n\n")

        self._server = serve(address, port, Server)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Kubernetes:
    """Lists and watches pods of one namespace, to which it answers no other request."""

    def __init__(self, folder: Path) -> None:
        self.pods: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []
        self._watches: list[Queue[dict[str, Any]]] = []
        kubernetes = self

        class Server(Handler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                if asked.path != "/api/v1/namespaces/vllm/pods":
                    kubernetes.refused.append(self.path)
                    self.answer({"kind": "Status", "status": "Failure", "code": 403}, 403)
                elif parse_qs(asked.query).get("watch") == ["true"]:
                    self._watch()
                else:
                    listed = {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}}
                    self.answer({**listed, "items": list(kubernetes.pods.values())})

            def _watch(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                events: Queue[dict[str, Any]] = Queue()
                kubernetes._watches.append(events)
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(json.dumps(events.get()).encode() + b"\n")
                        self.wfile.flush()

        server = serve("127.0.0.1", 0, Server)
        self._server = server
        self.config = folder / "kubeconfig"
        here = {"name": "here", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}
        context = {"name": "here", "context": {"cluster": "here", "user": "here"}}
        users = [{"name": "here", "user": {}}]
        self.config.write_text(
            json.dumps({"clusters": [here], "contexts": [context], "users": users, "current-context": "here"})
        )
        self.config.chmod(0o644)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def run(self, name: str, address: str, labels: Mapping[str, str]) -> None:
        """Create a pod that is ready."""
        self.pods[name] = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": "vllm", "uid": name, "labels": labels, "resourceVersion": "1"},
            "spec": {"containers": [{"name": "server"}]},
            "status": {
                "phase": "Running",
                "podIP": address,
                "podIPs": [{"ip": address}],
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        }
        self._tell("ADDED", self.pods[name])

    def delete(self, name: str) -> None:
        """Begin the deletion of a pod, which still runs for its grace period."""
        pod = self.pods.pop(name)
        pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        self._tell("MODIFIED", pod)

    def _tell(self, kind: str, pod: dict[str, Any]) -> None:
        pod["metadata"]["resourceVersion"] = str(time.monotonic_ns())
        for events in self._watches:
            events.put({"type": kind, "object": pod})


class Routed:
    """A model with three replicas, and its routers."""

    def __init__(self, name: str, found: Stack, programs: Path, folder: Path) -> None:
        self.name, port = name, free_port()
        (deployment,) = (
            one for one in found.recording.all(DEPLOYMENT) if one.inputs["metadata"]["name"] == f"{name}-router"
        )
        spec = deployment.inputs["spec"]
        self.kubernetes = Kubernetes(folder)
        (keys,) = {
            item["valueFrom"]["secretKeyRef"]["name"]
            for item in spec["template"]["spec"]["containers"][0]["env"]
            if item["name"] == "API_KEY"
        }
        key = found.secret("vllm", keys)["api-key"]
        self.key = {"Authorization": f"Bearer {key}"}
        vllm = found.recording.settings.workloads.vllm
        assert vllm is not None
        names = [vllm.served_name(name), *vllm.other_names(name)]
        self.replicas = {f"{name}-{one}": Replica(port, key, names) for one in range(3)}
        labels = {"app.kubernetes.io/name": "vllm", "app.kubernetes.io/component": name}
        for pod, replica in self.replicas.items():
            self.kubernetes.run(pod, replica.address, labels)
        # Those of another model of the namespace, and of the routers themselves.
        other = Replica(port, "another key", ["another"])
        self.others = [other]
        self.kubernetes.run("another", other.address, {**labels, "app.kubernetes.io/component": "another"})
        self.addresses: list[Address] = []
        self.pods: list[Pod] = []
        self.programs: list[Program] = []
        for one in range(spec["replicas"]):
            address = f"127.0.0.{next(ADDRESSES)}"
            place = Place(
                folder / f"router-{one}",
                [programs],
                {"=0.0.0.0": f"={address}", "=8000": f"={port}", "=29000": f"={free_port()}"},
                environment={"KUBECONFIG": str(self.kubernetes.config)},
            )
            pod = Pod(found, deployment, place, {"http": port, "metrics": 0}, fields={"metadata.uid": f"uid-{one}"})
            self.pods.append(pod)
            self.programs.append(pod.start("router"))
            self.addresses.append((address, port))
        for at, program in zip(self.addresses, self.programs, strict=True):
            program.wait_until(lambda at=at: self._found(at) == len(self.replicas), seconds=60)

    def _found(self, at: Address) -> int:
        with contextlib.suppress(OSError), response(at, "/readiness") as found:
            return int(json.loads(found.read()).get("healthy_workers", 0))
        return 0

    def ask(self, messages: object, *, at: int = 0, headers: Mapping[str, str] | None = None, model: str = "") -> str:
        """Return the address of the replica that answers."""
        asked, given = {"model": model or self.name, "messages": messages}, {**self.key, **(headers or {})}
        with response(self.addresses[at % len(self.addresses)], CHAT, asked, given) as found:
            content = found.read()
            assert found.status == 200, (found.status, content)
        answered: str = json.loads(content)["choices"][0]["message"]["content"]
        return answered

    def stop(self) -> None:
        for pod in self.pods:
            pod.stop()
        for replica in (*self.replicas.values(), *self.others):
            with contextlib.suppress(OSError):
                replica.stop()
        self.kubernetes.stop()


@contextlib.contextmanager
def response(
    at: Address, path: str, content: object = None, headers: Mapping[str, str] | None = None
) -> Iterator[http.client.HTTPResponse]:
    """Yield the response to a request; with content to a POST."""
    with contextlib.closing(http.client.HTTPConnection(*at, timeout=30)) as connection:
        body = None if content is None else json.dumps(content)
        given = {"Content-Type": "application/json", **(headers or {})}
        connection.request("GET" if content is None else "POST", path, body, given)
        yield connection.getresponse()


@pytest.fixture(scope="module")
def routed(router_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Routed]]:
    keys = {api_key_secret_name("models", name): {API_KEY: None} for name in ("duo", "pair")}
    recording, made = recorded("vllm"), dict[str, Routed]()
    found = Stack("vllm", recording, Vault(keys), Issued(recording))

    def start(name: str) -> Routed:
        if name not in made:
            made[name] = Routed(name, found, router_programs, tmp_path_factory.mktemp(name))
        return made[name]

    yield start
    for one in made.values():
        one.stop()


def test_router_is_that_of_the_image() -> None:
    assert ROUTER_IMAGE.endswith(f":{router.version()}")


QUESTIONS = ("What is it?", "Why so?", "How do I scale?", "Is it safe?", "Can it fail?", "Who pays?", "May I see it?")


def conversation(topic: str, turns: int) -> Iterator[list[dict[str, str]]]:
    """Yield the messages of each turn, with the whole conversation before it and long answers."""
    messages: list[dict[str, str]] = []
    for turn in range(turns):
        messages = [*messages, {"role": "user", "content": f"{topic} {turn}"}]
        yield messages
        messages = [*messages, {"role": "assistant", "content": f"{topic}, answered at length. " * 20}]


def test_conversation_stays_where_its_prefix_is_and_conversations_spread(routed: Callable[[str], Routed]) -> None:
    pair = routed("pair")
    talks = [list(conversation(topic, 3)) for topic in QUESTIONS]
    # All first turns, then all second turns: conversations take turns at the router.
    found = [[pair.ask(talk[turn]) for talk in talks] for turn in range(3)]
    for places in zip(*found, strict=True):
        assert len(set(places)) == 1, places
    assert len(set(found[0])) > 1, "one replica has all conversations"
    proven("conversations stayed where their prefix is", len(talks))


def test_two_routers_send_a_session_to_the_same_replica(routed: Callable[[str], Routed]) -> None:
    duo = routed("duo")
    assert len(duo.addresses) == 2
    places: Counter[str] = Counter()
    for header in ("X-Session-ID", "X-OpenWebUI-Chat-Id"):
        for session in range(12):
            found = {
                duo.ask([{"role": "user", "content": f"{turn}"}], at=turn, headers={header: f"{header}-{session}"})
                for turn in range(4)
            }
            assert len(found) == 1, (header, session)
            places.update(found)
    assert set(places) == {one.address for one in duo.replicas.values()}, places
    proven("sessions went to one replica through two routers", sum(places.values()))


def test_router_takes_the_aliases_of_a_model_and_no_other_name(routed: Callable[[str], Routed]) -> None:
    pair = routed("pair")
    for name in ("qwen3-4b", "pair", "small"):
        assert pair.ask([{"role": "user", "content": "Hello"}], model=name).startswith("127.0.0.")
    asked = {"model": "another", "messages": [{"role": "user", "content": "Hello"}]}
    with response(pair.addresses[0], CHAT, asked, pair.key) as unknown:
        assert unknown.status == 404


def test_router_serves_with_the_key_of_the_model_and_closes_its_own_api(routed: Callable[[str], Routed]) -> None:
    pair = routed("pair")
    asked = {"model": "pair", "messages": [{"role": "user", "content": "Hello"}]}
    for path, content, headers in (
        (CHAT, asked, {}),
        (CHAT, asked, {"Authorization": "Bearer another"}),
        # With these a client could add a server of its own, or remove the replicas.
        ("/workers", {"url": "http://127.0.0.1:1"}, pair.key),
        ("/workers", None, pair.key),
        ("/flush_cache", {}, pair.key),
    ):
        with response(pair.addresses[0], path, content, headers) as refused:
            assert refused.status == 401, path
    assert pair.kubernetes.refused == [], "its Role allows pods of its namespace"


def test_stream_passes_word_by_word_and_outlives_the_router(routed: Callable[[str], Routed]) -> None:
    duo = routed("duo")
    asked = {"model": "duo", "stream": True, "messages": [{"role": "user", "content": "Count"}]}
    times: list[float] = []
    with response(duo.addresses[1], CHAT, asked, duo.key) as found:
        for line in found:
            if line.startswith(b"data: "):
                times.append(time.monotonic())
                if len(times) == 2:
                    ended = threading.Thread(target=duo.pods[1].terminate)
                    ended.start()
                last = line
    ended.join()
    assert last == b"data: [DONE]\n"
    assert len(times) == WORDS + 1
    assert times[WORDS - 1] - times[0] > PAUSE * (WORDS - 2), "the words came at once"
    # The other router serves on.
    assert duo.ask([{"role": "user", "content": "Still there?"}]).startswith("127.0.0.")
    proven("streams outlived their router")


def test_replica_that_fails_or_ends_is_routed_around(routed: Callable[[str], Routed]) -> None:
    pair = routed("pair")
    talks = [list(conversation(f"{topic} And then?", 3)) for topic in QUESTIONS]
    before = [pair.ask(talk[0]) for talk in talks]
    (failed,) = (name for name, one in pair.replicas.items() if one.address == before[0])
    ended = next(name for name in pair.replicas if name != failed)
    pair.replicas[failed].stop()
    gone = {pair.replicas[failed].address}
    after = [pair.ask(talk[1]) for talk in talks]
    assert not set(after) & gone
    assert [new for old, new in zip(before, after, strict=True) if old not in gone] == [
        old for old in before if old not in gone
    ]
    # Deleted, but still there for the responses in progress: it gets no further request.
    pair.kubernetes.delete(ended)
    gone.add(pair.replicas[ended].address)
    deadline = time.monotonic() + 20
    while set(last := [pair.ask(talk[2]) for talk in talks]) & gone and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not set(last) & gone
    proven("replicas were routed around", 2)
