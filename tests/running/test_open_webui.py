"""Open WebUI as rendered: the migration, and two replicas on a real database and a real Redis."""

import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from catalog.open_webui import TABLE
from catalog.versions import OPEN_WEBUI_IMAGE
from tests.parts import open_webui
from tests.parts.counts import proven
from tests.parts.process import free_port
from tests.parts.redis import running_redis
from tests.running.balancer import request
from tests.running.platform import running_database
from tests.running.pods import DEPLOYMENT, JOB, Place, Pod, Stack, containers, stack
from tests.running.test_litellm import STACK, fill, users

CLIENT = Path(__file__).parent / "clients" / "open_webui.py"
ADMINISTRATOR = "admin@example.com"
CONFIG = "/api/v1/auths/admin/config"


@dataclass
class Pages:
    """Two replicas."""

    stack: Stack
    place: Place
    programs: Path
    pods: list[Pod] = field(default_factory=list)
    token: str = ""

    def pod(self) -> Pod:
        """A further pod of the Deployment, with the settings of the stack file written."""
        deployment = self.stack.recording.one(DEPLOYMENT, "open-webui-server")
        ports = {port["name"]: free_port() for one in containers(deployment) for port in one["ports"]}
        found = Pod(self.stack, deployment, self._place(f"server-{len(self.pods)}"), ports)
        self.pods.append(found)
        return found

    def run(self, name: str) -> str:
        """Run a Job; what it printed."""
        return Pod(self.stack, self.stack.recording.one(JOB, name), self._place(name)).run()

    def _place(self, name: str) -> Place:
        return replace(self.place, folder=self.place.folder / name)

    def ask(self, pod: Pod, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request to one replica, and return the answer."""
        status, content = request(
            pod.ports["http"],
            "chat.example.com",
            path,
            method="GET" if body is None else "POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
            body=None if body is None else json.dumps(body).encode(),
        )
        assert status == 200, content
        return json.loads(content)


@pytest.fixture(scope="module")
def pages(
    open_webui_programs: Path, postgresql_programs: Path, redis_programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pages]:
    found = stack(STACK)
    fill(found)
    first = found.recording.one(JOB, "open-webui-database-user")
    with (
        running_database(found, first, postgresql_programs) as (_, place),
        running_redis(redis_programs, users=users(found)) as redis,
    ):
        values = {item["name"]: item.get("value", "") for item in containers(server(found))[0]["env"]}
        address, _, port = values["REDIS_URL"].partition("@")[2].removesuffix("/0").partition(":")
        made = Pages(
            found,
            replace(
                place,
                folder=tmp_path_factory.mktemp("open-webui"),
                programs=[open_webui_programs, *place.programs],
                addresses={**place.addresses, f"{address}:{port}": f"127.0.0.1:{redis.port}", "0.0.0.0": "127.0.0.1"},  # noqa: S104
                # The database of the tests has no pgvector, which the slim form connects to at the first upload.
                values={**place.values, "vector": "plpgsql"},
                environment={
                    "USE_SLIM_DOCKER": "true",
                    "FRONTEND_BUILD_DIR": str(open_webui.package(open_webui_programs) / "frontend"),
                    # Who signed the cache's certificate; of ElastiCache's everybody knows it.
                    "SSL_CERT_FILE": str(redis.authority),
                },
            ),
            open_webui_programs,
        )
        try:
            for name in ("open-webui-database-user", "open-webui-migration"):
                made.run(name)
            made.pod().step("settings")
            made.pod()
            for pod in made.pods:
                pod.start("server")
            for pod in made.pods:
                wait(pod)
            password = found.vault.value(administrator(found), "password")
            login = {"email": ADMINISTRATOR, "password": password}
            made.token = made.ask(made.pods[0], "/api/v1/auths/signin", login)["token"]
            yield made
        finally:
            for pod in made.pods:
                pod.stop()


def server(found: Stack) -> Any:
    return found.recording.one(DEPLOYMENT, "open-webui-server")


def administrator(found: Stack) -> str:
    (key,) = (
        entry["remoteRef"]["key"]
        for item in found.recording.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        for entry in item.inputs["spec"]["data"]
        if ":secret:chat/open-webui/administrator-" in entry["remoteRef"]["key"] and entry["secretKey"] == "password"
    )
    return str(key)


def wait(pod: Pod) -> None:
    def ready() -> bool:
        with contextlib.suppress(OSError):
            return request(pod.ports["http"], "10.75.0.9:8080", "/ready")[0] == 200
        return False

    pod.running[-1].wait_until(ready, seconds=300)
    proven("Open WebUI servers started as rendered")


def test_part_has_the_version_of_the_stacks(open_webui_programs: Path) -> None:
    version = open_webui_programs.parent.glob("lib/*/site-packages/open_webui-*.dist-info")
    assert [one.name for one in version] == [f"open_webui-{OPEN_WEBUI_IMAGE.rpartition(':v')[2]}.dist-info"]


def test_table_of_variables_is_that_of_the_part(open_webui_programs: Path) -> None:
    assert TABLE.read_text(encoding="utf-8") == open_webui.table(open_webui.package(open_webui_programs))


def test_clicked_settings_reach_all_replicas_and_stack_file_wins(pages: Pages) -> None:
    first, second = pages.pods
    before, models = pages.ask(second, CONFIG), pages.ask(second, "/openai/config")
    assert (before["ENABLE_SIGNUP"], before["DEFAULT_USER_ROLE"]) == (False, "pending")
    clicked = {**before, "ENABLE_SIGNUP": True, "ENABLE_CHANNELS": True, "PENDING_USER_OVERLAY_TITLE": "Soon"}
    pages.ask(first, CONFIG, clicked)
    connections = ["https://changed.example.com/v1", "https://other.example.com/v1"]
    added = {**models, "OPENAI_API_BASE_URLS": connections, "OPENAI_API_KEYS": ["changed", "other"]}
    pages.ask(first, "/openai/config/update", added)
    shown = pages.ask(second, CONFIG)
    assert (shown["ENABLE_SIGNUP"], shown["PENDING_USER_OVERLAY_TITLE"]) == (True, "Soon")
    # The next start of a pod.
    assert "ui.enable_signup: set" in pages.pod().step("settings")
    shown, after = pages.ask(second, CONFIG), pages.ask(second, "/openai/config")
    assert (shown["ENABLE_SIGNUP"], shown["PENDING_USER_OVERLAY_TITLE"]) == (False, "Soon")
    assert shown["ENABLE_CHANNELS"] is True
    # Further connections stay behind that of the platform.
    assert after["OPENAI_API_BASE_URLS"] == [*models["OPENAI_API_BASE_URLS"], "https://other.example.com/v1"]
    assert after["OPENAI_API_KEYS"] == [*models["OPENAI_API_KEYS"], "other"]
    proven("settings of Open WebUI that the stack file wins")


def test_model_for_embeddings_has_the_key_of_the_gateway(pages: Pages) -> None:
    # Open WebUI takes OPENAI_API_KEY for it only if the URL is OpenAI's.
    models = pages.ask(pages.pods[0], "/openai/config")
    embedding = pages.ask(pages.pods[1], "/api/v1/retrieval/embedding")["openai_config"]
    assert embedding == {"url": models["OPENAI_API_BASE_URLS"][0], "key": models["OPENAI_API_KEYS"][0]}


def test_event_of_one_replica_reaches_a_websocket_at_the_other(pages: Pages) -> None:
    first, second = pages.pods[:2]
    command = [
        pages.programs / "python",
        CLIENT,
        f"http://127.0.0.1:{second.ports['http']}",
        pages.token,
        "events:channel",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "connected\n"
        pages.ask(first, "/api/v1/channels/create", {"name": "news", "type": "group"})
        assert "channel:created" in client.stdout.readline()
    proven("events of Open WebUI that crossed replicas")
