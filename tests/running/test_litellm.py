"""LiteLLM as rendered: the migration, two gateways and the callers' keys, on a real database and a real Redis."""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aiplatform.preview.plan import Resource
from catalog.versions import LITELLM_IMAGE
from tests.parts import litellm, prices
from tests.parts.counts import proven
from tests.parts.postgresql import Server
from tests.parts.process import free_port
from tests.parts.redis import Server as Redis
from tests.parts.redis import running_redis
from tests.running.balancer import request
from tests.running.platform import host_of, running_database
from tests.running.pods import DEPLOYMENT, EXTERNAL_SECRET, JOB, Place, Pod, Stack, containers, stack

STACK = "chat"
USER = "aws:elasticache/user:User"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
OUTSIDE = "https://models.example.com"
TOKENS = 20_000
"""Of every request, as the provider counts: two dollars at the price of the stack file."""

WORDS = 45
"""Of a stream, one a second: longer than LiteLLM's own 30 seconds after SIGTERM."""

REFUSED = (400, 402, 422, 429)
"""What LiteLLM's versions answer to a request above a budget."""


class Provider:
    """Speaks OpenAI's API, and counts who asks by which key for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                provider.asked.append((self.headers["Authorization"], body["model"]))
                if body["model"].startswith("broken"):
                    self.send_error(500)
                    return
                if body.get("stream"):
                    self._stream(body["model"])
                    return
                answer = {
                    "id": f"chatcmpl-{len(provider.asked)}",
                    "object": "chat.completion",
                    "created": int(time.time()),
                    "model": body["model"],
                    "choices": [
                        {
                            "index": 0,
                            "finish_reason": "stop",
                            "message": {"role": "assistant", "content": f"answer {len(provider.asked)}"},
                        }
                    ],
                    "usage": {"prompt_tokens": TOKENS, "completion_tokens": 0, "total_tokens": TOKENS},
                }
                content = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _stream(self, model: str) -> None:
                """A word a second, for as long as the test wants and the client reads."""
                with contextlib.suppress(ConnectionError):
                    self._words(model)

            def _words(self, model: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for word in range(WORDS):
                    choice = {"index": 0, "delta": {"role": "assistant", "content": f"{word} "}, "finish_reason": None}
                    self._event(
                        {
                            "id": "chatcmpl-stream",
                            "object": "chat.completion.chunk",
                            "created": 1,
                            "model": model,
                            "choices": [choice],
                        }
                    )
                    time.sleep(1)
                end = {"index": 0, "delta": {}, "finish_reason": "stop"}
                self._event(
                    {
                        "id": "chatcmpl-stream",
                        "object": "chat.completion.chunk",
                        "created": 1,
                        "model": model,
                        "choices": [end],
                    }
                )
                self.wfile.write(b"data: [DONE]\n\n")

            def _event(self, content: dict[str, Any]) -> None:
                self.wfile.write(f"data: {json.dumps(content)}\n\n".encode())
                self.wfile.flush()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Gateway:
    """Two replicas with all that they need."""

    stack: Stack
    database: Server
    redis: Redis
    provider: Provider
    place: Place
    pods: list[Pod] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def resource(self, type_: str, name: str) -> Resource:
        return self.stack.recording.one(type_, name)

    def pod(self, resource: Resource, ports: dict[str, int] | None = None, **addresses: str) -> Pod:
        folder = self.place.folder / f"{resource.name}-{next(self.numbers)}"
        known = {**{there.replace("_", "-"): here for there, here in addresses.items()}, **self.place.addresses}
        return Pod(self.stack, resource, replace(self.place, folder=folder, addresses=known), ports)

    def run(self, name: str) -> str:
        """Run a Job; what it printed."""
        resource = self.resource(JOB, name)
        here = self.place
        if self.pods:
            inside = {"http://litellm:4000": f"http://127.0.0.1:{self.pods[0].ports['http']}"}
            self.place = replace(here, addresses={**inside, **here.addresses})
        try:
            printed = self.pod(resource).run()
        finally:
            self.place = here
        proven("Jobs of LiteLLM and its database run to their end")
        return printed

    def start(self) -> Pod:
        deployment = self.resource(DEPLOYMENT, "litellm-server")
        ports = {port["name"]: free_port() for one in containers(deployment) for port in one["ports"]}
        pod = self.pod(deployment, ports)
        for container in containers(deployment):
            pod.start(container["name"])
        self.pods.append(pod)
        return pod

    def wait(self, pod: Pod) -> None:
        """Until the startup probe passes; the probe's own patience is for one processor, and this one is shared."""
        path = containers(self.resource(DEPLOYMENT, "litellm-server"))[0]["startupProbe"]["httpGet"]["path"]

        def healthy() -> bool:
            with contextlib.suppress(OSError):
                return request(pod.ports["http"], "10.75.0.9:4000", path)[0] == 200
            return False

        pod.running[0].wait_until(healthy, seconds=400)
        proven("LiteLLM gateways started as rendered")

    def key(self, caller: str) -> str:
        """The key of a caller, as Secrets Manager has it."""
        return self._synced("litellm-callers")[caller]

    def master(self) -> str:
        return self._synced("litellm-keys")["LITELLM_MASTER_KEY"]

    def _synced(self, beginning: str) -> dict[str, str]:
        (name,) = (
            item.inputs["spec"]["target"]["name"]
            for item in self.stack.recording.all(EXTERNAL_SECRET)
            if item.inputs["spec"]["target"]["name"].startswith(f"{beginning}-")
        )
        return self.stack.secret("litellm", name)

    def ask(self, key: str | None, model: str, *, pod: Pod) -> tuple[int, Any]:
        """One request of a chat: the status, and the answer."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        # Without a limit LiteLLM takes a request for as dear as the longest answer.
        body = {"model": model, "messages": [{"role": "user", "content": "How are you?"}], "max_tokens": 10}
        status, content = request(
            pod.ports["http"],
            "litellm",
            "/v1/chat/completions",
            method="POST",
            headers=headers,
            body=json.dumps(body).encode(),
        )
        proven("requests answered by LiteLLM as expected")
        return status, json.loads(content)


def fill(found: Stack) -> None:
    """The secrets that a person fills."""
    for item in found.recording.all(EXTERNAL_SECRET):
        for source in (entry["remoteRef"] for entry in item.inputs["spec"]["data"]):
            if any(f":secret:{STACK}/{name}-" in source["key"] for name in ("openai", "azure", "elsewhere")):
                found.vault.values[source["key"], source["property"]] = f"{source['property']} of a person"


def users(found: Stack) -> dict[str, tuple[str, str]]:
    """The cache's users with their passwords and rights."""
    known = {}
    for item in found.recording.all(USER):
        name = item.inputs["userName"]
        workload = name.removeprefix("chat-counters-")
        (key,) = {
            entry["remoteRef"]["key"]
            for one in found.recording.all(EXTERNAL_SECRET)
            for entry in one.inputs["spec"]["data"]
            if f":secret:{STACK}/{workload}/cache-" in entry["remoteRef"]["key"]
        }
        known[name] = (found.vault.value(key, "password"), item.inputs["accessString"])
    return known


@pytest.fixture(scope="module")
def gateway(
    litellm_programs: Path, postgresql_programs: Path, redis_programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    found = stack(STACK)
    fill(found)
    first = found.recording.one(JOB, "litellm-database-user")
    assert host_of(first)
    provider = Provider()
    with (
        running_database(found, first, postgresql_programs) as (server, place),
        running_redis(redis_programs, users=users(found)) as redis,
    ):
        deployment = found.recording.one(DEPLOYMENT, "litellm-server")
        values = {item["name"]: item.get("value", "") for item in containers(deployment)[0]["env"]}
        made = Gateway(
            found,
            server,
            redis,
            provider,
            replace(
                place,
                folder=tmp_path_factory.mktemp("litellm"),
                programs=[litellm_programs, *place.programs],
                addresses={
                    **place.addresses,
                    values["REDIS_HOST"]: "127.0.0.1",
                    OUTSIDE: provider.url,
                    "0.0.0.0": "127.0.0.1",  # noqa: S104
                },
                values={**place.values, values["REDIS_PORT"]: str(redis.port)},
                environment={
                    "PRISMA_QUERY_ENGINE_BINARY": str(litellm.query_engine()),
                    # Who signed the cache's certificate; of ElastiCache's everybody knows it.
                    "SSL_CERT_FILE": str(redis.authority),
                },
            ),
        )
        try:
            for job in found.jobs_before(deployment):
                made.run(job.name)
            for pod in [made.start(), made.start()]:
                made.wait(pod)
            yield made
        finally:
            for pod in made.pods:
                pod.stop()
            provider.close()


def test_part_has_the_version_of_the_stacks() -> None:
    assert LITELLM_IMAGE.endswith(f":v{litellm.version()}")


def test_table_of_priced_models_is_that_of_the_part(litellm_programs: Path) -> None:
    assert prices.TABLE.read_text(encoding="utf-8") == prices.table(litellm_programs)


def test_keys_are_created_once_and_allow_their_models(gateway: Gateway) -> None:
    first, second = gateway.pods
    callers = ("batch", "free", "limited", "pages", "parallel")
    assert gateway.run("litellm-callers").splitlines() == [f"{caller}: key made" for caller in callers]
    assert gateway.run("litellm-callers").splitlines() == [f"{caller}: limits set" for caller in callers]
    for pod in (first, second):
        status, answer = gateway.ask(gateway.key("free"), "own", pod=pod)
        assert (status, answer["choices"][0]["message"]["role"]) == (200, "assistant")
        assert gateway.ask(gateway.key("free"), "gpt-5-mini", pod=pod)[0] in {401, 403}
    assert set(gateway.provider.asked) == {("Bearer password of a person", "own-7b")}


def test_missing_or_wrong_key_is_refused(gateway: Gateway) -> None:
    before = len(gateway.provider.asked)
    for pod in gateway.pods:
        assert gateway.ask(None, "own", pod=pod)[0] == 401
        assert gateway.ask("sk-0123456789abcdef0123456789abcdef", "own", pod=pod)[0] == 401
    assert len(gateway.provider.asked) == before


def test_answers_are_not_cached(gateway: Gateway) -> None:
    (pod, _) = gateway.pods
    answers = [gateway.ask(gateway.key("free"), "own", pod=pod)[1]["choices"][0]["message"]["content"] for _ in "12"]
    assert answers[0] != answers[1]


def test_budget_holds_over_both_replicas(gateway: Gateway) -> None:
    """5.5 dollars at two dollars a request: the third goes over, and the fourth is refused by whichever is asked."""
    for pod in itertools.islice(itertools.cycle(gateway.pods), 3):
        assert gateway.ask(gateway.key("batch"), "own", pod=pod)[0] == 200
        # What it has cost is counted after the answer.
        time.sleep(2)
    before = len(gateway.provider.asked)
    for pod in gateway.pods:
        status, answer = gateway.ask(gateway.key("batch"), "own", pod=pod)
        assert status in REFUSED, answer
        assert "Budget has been exceeded" in json.dumps(answer)
    assert len(gateway.provider.asked) == before
    proven("budgets that both replicas refused to exceed")


def test_rate_limit_holds_over_both_replicas(gateway: Gateway) -> None:
    """Six requests a minute: the seventh is refused by whichever is asked."""
    key, before = gateway.key("limited"), len(gateway.provider.asked)
    for pod in itertools.islice(itertools.cycle(gateway.pods), 6):
        assert gateway.ask(key, "own", pod=pod)[0] == 200
    assert [gateway.ask(key, "own", pod=pod)[0] for pod in gateway.pods] == [429, 429]
    assert len(gateway.provider.asked) == before + 6
    proven("rate limits that both replicas refused to exceed")


@contextlib.contextmanager
def streaming(key: str, pod: Pod) -> Iterator[None]:
    """A stream whose first words have arrived; it ends with the context."""
    body = {"model": "own", "messages": [{"role": "user", "content": "Count"}], "max_tokens": 10, "stream": True}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}", "Host": "litellm"}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", pod.ports["http"], timeout=60)) as connection:
        connection.request("POST", "/v1/chat/completions", body=json.dumps(body), headers=headers)
        answer = connection.getresponse()
        assert (answer.status, answer.readline()[:5]) == (200, b"data:")
        yield


def test_parallel_requests_are_limited_over_both_replicas(gateway: Gateway) -> None:
    """Two streams at once, one at each replica: a third request is refused by both."""
    key, (first, second) = gateway.key("parallel"), gateway.pods
    with streaming(key, first), streaming(key, second):
        assert [gateway.ask(key, "own", pod=pod)[0] for pod in gateway.pods] == [429, 429]


def test_deployments_share_requests_by_weight(gateway: Gateway) -> None:
    """Nine to one."""
    before = len(gateway.provider.asked)
    for pod in itertools.islice(itertools.cycle(gateway.pods), 16):
        assert gateway.ask(gateway.master(), "shared", pod=pod)[0] == 200
    models = [model for _, model in gateway.provider.asked[before:]]
    assert (set(models) <= {"large", "small"}, len(models)) == (True, 16)
    assert models.count("large") > models.count("small")


def test_failed_request_reaches_other_deployment_then_fallback(gateway: Gateway) -> None:
    before = len(gateway.provider.asked)
    status, answer = gateway.ask(gateway.master(), "failing", pod=gateway.pods[0])
    assert (status, answer["model"]) == (200, "own-7b")
    models = [model for _, model in gateway.provider.asked[before:]]
    assert models[-1] == "own-7b"
    assert set(models[:-1]) == {"broken-a", "broken-b"}
    proven("requests that a fallback answered")


def test_cache_user_may_run_every_command_of_the_gateway(gateway: Gateway) -> None:
    keys = gateway.redis.command("KEYS", "*")
    assert keys
    assert [key for key in keys if not key.startswith("litellm:")] == []
    assert gateway.redis.command("ACL", "LOG") == []


def test_prometheus_reads_spending_on_a_separate_port(gateway: Gateway) -> None:
    for pod in gateway.pods:
        status, page = request(pod.ports["metrics"], "10.75.0.9:4001", "/metrics")
        assert status == 200
        assert b"litellm_spend_metric" in page


def test_removed_key_is_refused(gateway: Gateway) -> None:
    job = gateway.resource(JOB, "litellm-callers")
    pod = gateway.pod(job)
    callers = json.loads(pod.environment(containers(job)[0])["CALLERS"])
    left = {name: limits for name, limits in callers.items() if name != "free"}
    inside = f"http://127.0.0.1:{gateway.pods[0].ports['http']}"
    changed = [
        {"name": "CALLERS", "value": json.dumps(left)}
        if item["name"] == "CALLERS"
        else {"name": "LITELLM_URL", "value": inside}
        if item["name"] == "LITELLM_URL"
        else item
        for item in containers(job)[0]["env"]
    ]
    template = job.inputs["spec"]["template"]
    spec = {**template["spec"], "containers": [{**containers(job)[0], "env": changed}]}
    other = replace(job, inputs={**job.inputs, "spec": {"template": {**template, "spec": spec}}})
    assert "free: old key deleted" in gateway.pod(other).run()
    status, _ = gateway.ask(gateway.key("free"), "own", pod=gateway.pods[0])
    assert status == 401


def test_migrations_run_once(gateway: Gateway) -> None:
    login = gateway.database.as_master("litellm")
    assert int(gateway.database.sql("SELECT count(*) FROM _prisma_migrations", login)) > 100
    before = gateway.database.sql("SELECT max(finished_at) FROM _prisma_migrations", login)
    gateway.run("litellm-migration")
    assert gateway.database.sql("SELECT max(finished_at) FROM _prisma_migrations", login) == before


def test_stream_is_completed_by_a_gateway_that_ends(gateway: Gateway) -> None:
    """SIGTERM two seconds after the first word; the last word comes after the 30 seconds that LiteLLM would wait."""
    pod = gateway.pods[-1]
    words: list[str] = []
    started = threading.Event()

    def read() -> None:
        body = {"model": "own", "messages": [{"role": "user", "content": "Count"}], "stream": True}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {gateway.master()}", "Host": "litellm"}
        connection = http.client.HTTPConnection("127.0.0.1", pod.ports["http"], timeout=120)
        with contextlib.closing(connection):
            connection.request("POST", "/v1/chat/completions", body=json.dumps(body), headers=headers)
            for line in connection.getresponse():
                words.append(line.decode().strip())
                started.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert started.wait(60), "the stream began"
    time.sleep(2)
    gateway.pods.remove(pod)
    seconds = pod.terminate()
    reader.join(timeout=30)
    assert "data: [DONE]" in words, words[-3:]
    told = [json.loads(word.removeprefix("data: ")) for word in words if word.startswith("data: {")]
    content = "".join(str(one["choices"][0]["delta"].get("content") or "") for one in told if one["choices"])
    assert content == "".join(f"{word} " for word in range(WORDS))
    assert 30 < seconds < pod.spec["terminationGracePeriodSeconds"]
    proven("streams completed by a LiteLLM gateway after SIGTERM")
