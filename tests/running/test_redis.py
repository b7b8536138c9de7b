"""Redis and its Sentinels as rendered, each pod with its own address: failover without data loss."""

import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from components.workloads.redis.configuration import files
from config.workloads.redis import SENTINEL_PORT, Redis
from tests.parts.counts import proven
from tests.running.pods import Place, Pod, Stack, isolated, stack

STACK = "redis"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
GROUP = "primary"
SECONDS = 60
"""The longest that anything here may take, on a machine that is busy with other tests."""


@dataclass
class Fleet:
    """The pods of both StatefulSets, running, and the names that lead to them."""

    stack: Stack
    place: Place
    programs: Path
    names: Path
    """What stands for the Services of pods: a name always leads somewhere, and nobody answers where the pod is gone."""

    network: str
    """The first three parts of all addresses."""

    pods: dict[str, Pod] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    """Of each pod, by its name."""

    addresses: dict[str, str] = field(default_factory=dict)
    """Of those that are there."""

    known: dict[str, str] = field(default_factory=dict)
    """Of those that were there, too."""

    given: int = 0
    """How many addresses were: no pod gets one a second time."""

    @property
    def settings(self) -> Redis:
        """What the stack file says."""
        redis = self.stack.recording.settings.workloads.redis
        assert redis is not None
        return redis

    def make(self) -> None:
        """All pods, without starting any."""
        for resource in self.stack.recording.all(STATEFUL_SET):
            name, spec = resource.inputs["metadata"]["name"], resource.inputs["spec"]
            for number in range(spec["replicas"]):
                pod = f"{name}-{number}"
                place = Place(self.place.folder / pod, self.place.programs, {}, hosts=self.names)
                port = spec["template"]["spec"]["containers"][0]["ports"][0]["containerPort"]
                self.pods[pod] = Pod(self.stack, resource, place, {"redis": port}, fields={"metadata.name": pod})
                self.domains[pod] = f"{spec['serviceName']}.redis.svc.cluster.local"

    def servers(self) -> list[str]:
        """Their names, there or not."""
        return [pod for pod in self.pods if not pod.startswith("redis-sentinel")]

    def sentinels(self) -> list[str]:
        """Their names, there or not."""
        return [pod for pod in self.pods if pod.startswith("redis-sentinel")]

    def start(self, *pods: str) -> None:
        """Start pods, each at an address that none had before."""
        self.known = {pod: f"{self.network}.{250 - number}" for number, pod in enumerate(self.pods)} | self.known
        for pod in pods:
            self.given += 1
            self.addresses[pod] = f"{self.network}.{self.given}"
            self.pods[pod].fields["status.podIP"] = self.addresses[pod]
        self._publish()
        for pod in pods:
            self.pods[pod].start(self.container(pod))

    def kill(self, *pods: str) -> None:
        """End pods as a node that is lost does."""
        for pod in pods:
            self.pods[pod].stop()
            self.pods[pod].running.clear()
            self.addresses.pop(pod, None)

    def _publish(self) -> None:
        self.known.update(self.addresses)
        lines = [f"{address} {pod}.{self.domains[pod]}" for pod, address in self.known.items()]
        self.names.write_text("\n".join(["127.0.0.1 localhost", *lines, ""]))

    def container(self, pod: str) -> str:
        """The name of a pod's one container."""
        (container,) = self.pods[pod].spec["containers"]
        name: str = container["name"]
        return name

    def password(self, pod: str, variable: str = "REDIS_PASSWORD") -> str:
        """What a pod was given."""
        (container,) = self.pods[pod].spec["containers"]
        return self.pods[pod].environment(container)[variable]

    def ask(self, pod: str, *words: str, user: str = "default", password: str | None = None) -> str:
        """What a pod answers to a client, or to another user."""
        known = self.password(pod, "REDIS_PASSWORD" if user == "default" else "PLATFORM_PASSWORD")
        port = SENTINEL_PORT if pod in self.sentinels() else self.settings.port
        login = {"REDISCLI_AUTH": password or known, "PATH": "/usr/bin:/bin"}
        asked = [*self.client(), "--user", user, "-h", self.addresses[pod], "-p", str(port), *words]
        return subprocess.run(asked, env=login, capture_output=True, text=True, check=False, timeout=10).stdout.strip()

    def client(self) -> list[str | Path]:
        """The program of a client, which verifies certificates by the stack's authority."""
        program: list[str | Path] = [self.programs / "redis-cli"]
        if not self.settings.tls:
            return program
        authority = self.place.folder / "ca.crt"
        files = self.stack.certificates.of("redis")
        assert files is not None
        authority.write_text(files["ca.crt"])
        return [*program, "--tls", "--cacert", authority]

    def primary(self) -> str:
        """The pod that a client is led to; empty where it is nobody that is there."""
        for sentinel in self.sentinels():
            if sentinel in self.addresses:
                host = self.ask(sentinel, "sentinel", "get-master-addr-by-name", GROUP).partition("\n")[0]
                pod = host.partition(".")[0]
                if pod in self.addresses:
                    return pod
        return ""

    def write(self, key: str, value: str) -> bool:
        """What a client does that writes: find the primary, and ask it."""
        pod = self.primary()
        return bool(pod) and self.ask(pod, "set", key, value) == "OK"

    def role(self, pod: str) -> str:
        return self.ask(pod, "role").partition("\n")[0]

    def probe(self, pod: str, kind: str) -> bool:
        """Whether a probe of the pod succeeds."""
        (container,) = self.pods[pod].spec["containers"]
        return self.pods[pod].execute(self.container(pod), container[kind]["exec"]["command"]).returncode == 0

    def healthy(self) -> bool:
        """One primary that all Sentinels name, with all its replicas, and all Sentinels know of all."""
        if set(self.addresses) != set(self.pods):
            return False
        primary = self.primary()
        if not primary or self.role(primary) != "master":
            return False
        replicas = self.ask(primary, "info", "replication").count("state=online")
        told = {self.ask(one, "sentinel", "get-master-addr-by-name", GROUP) for one in self.sentinels()}
        known = [self.ask(one, "sentinel", "master", GROUP) for one in self.sentinels()]
        others = {(fact(one, "num-other-sentinels"), fact(one, "num-slaves")) for one in known}
        return (
            replicas == self.settings.replicas - 1
            and len(told) == 1
            and others == {(str(self.settings.sentinels - 1), str(self.settings.replicas - 1))}
            and all(self.role(pod) == "slave" for pod in self.servers() if pod != primary)
        )

    def printed(self) -> str:
        """The ends of all logs."""
        found = [log for pod in self.pods for log in (self.place.folder / pod).glob("*.log")]
        return "\n".join(f"--- {log.parent.name}\n{log.read_text()[-1500:]}" for log in found)

    def until(self, ready: Callable[[], bool], *, seconds: float = SECONDS) -> float:
        """Wait; how many seconds it took."""
        begun = time.monotonic()
        while not ready():
            assert time.monotonic() < begun + seconds, f"not within {seconds} s:\n{self.printed()}"
            time.sleep(0.1)
        return time.monotonic() - begun


def fact(lines: str, name: str) -> str:
    """A value of what a Sentinel tells by lines of names and values."""
    found = lines.splitlines()
    return found[found.index(name) + 1] if name in found else ""


@pytest.fixture(scope="module")
def fleet(redis_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    if not isolated():
        pytest.skip("this machine lets nobody mount, and pods need names of their own")
    folder = tmp_path_factory.mktemp("redis")
    network = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}"
    made = Fleet(stack(STACK), Place(folder, [redis_programs], {}), redis_programs, folder / "hosts", network)
    made.make()
    try:
        # Servers first: they wait for most of the Sentinels, however long these take.
        made.start(*made.servers())
        made.start(*made.sentinels())
        made.until(made.healthy)
        yield made
    finally:
        for pod in made.pods.values():
            pod.stop()


def test_first_server_is_the_first_primary_and_names_are_announced(fleet: Fleet) -> None:
    assert fleet.primary() == "redis-0"
    answer = fleet.ask("redis-sentinel-3", "sentinel", "get-master-addr-by-name", GROUP)
    assert answer.splitlines() == ["redis-0.redis-servers.redis.svc.cluster.local", str(fleet.settings.port)]
    for replica in ("redis-1", "redis-2"):
        assert f"ip={replica}.redis-servers.redis.svc.cluster.local" in fleet.ask("redis-0", "info", "replication")
        assert f"master_host:{answer.splitlines()[0]}" in fleet.ask(replica, "info", "replication")
    others = fleet.ask("redis-sentinel-0", "sentinel", "sentinels", GROUP)
    assert "redis-sentinel-4.redis-sentinels.redis.svc.cluster.local" in others
    master = fleet.ask("redis-sentinel-0", "sentinel", "master", GROUP)
    assert (fact(master, "quorum"), fact(master, "down-after-milliseconds")) == ("3", "3000")
    proven("Redis servers and Sentinels started as rendered", len(fleet.pods))


def test_probes_follow_the_state_of_a_pod(fleet: Fleet) -> None:
    for pod in fleet.pods:
        assert all(fleet.probe(pod, kind) for kind in ("startupProbe", "readinessProbe", "livenessProbe")), pod


def test_client_changes_data_and_no_server_settings(fleet: Fleet) -> None:
    assert fleet.ask("redis-0", "set", "one", "1", "ex", "100") == "OK"
    assert fleet.ask("redis-0", "eval", "return redis.call('get', KEYS[1])", "1", "one") == "1"
    assert fleet.ask("redis-0", "publish", "news", "x") == "0"
    fleet.until(lambda: fleet.ask("redis-2", "get", "one") == "1")
    assert "READONLY" in fleet.ask("redis-1", "set", "one", "2")
    for words in (
        ("config", "get", "masterauth"),
        ("replicaof", "no", "one"),
        ("shutdown",),
        ("acl", "list"),
        ("module", "list"),
        ("failover",),
        ("client", "kill", "type", "replica"),
    ):
        assert "NOPERM" in fleet.ask("redis-0", *words), words
    for words in (
        ("sentinel", "failover", GROUP),
        ("sentinel", "remove", GROUP),
        ("sentinel", "set", GROUP, "quorum", "1"),
        ("publish", "__sentinel__:hello", "x"),
        ("acl", "list"),
        ("sentinel", "config", "get", "*"),
    ):
        assert "NOPERM" in fleet.ask("redis-sentinel-0", *words), words
    assert fleet.ask("redis-sentinel-0", "sentinel", "replicas", GROUP)
    proven("commands of clients that Redis and Sentinels refused", 13)


def test_wrong_or_missing_password_is_refused(fleet: Fleet) -> None:
    for pod in ("redis-0", "redis-1", "redis-sentinel-0"):
        for user in ("default", "platform"):
            answer = fleet.ask(pod, "ping", user=user, password=secrets.token_hex())
            assert "WRONGPASS" in answer or "NOAUTH" in answer, (pod, user, answer)
        # The password of clients is none of the platform's.
        assert "PONG" not in fleet.ask(pod, "ping", user="platform", password=fleet.password(pod)).splitlines()
        port = SENTINEL_PORT if "sentinel" in pod else fleet.settings.port
        nobody = [*fleet.client(), "-h", fleet.addresses[pod], "-p", str(port), "ping"]
        assert "NOAUTH" in subprocess.run(nobody, capture_output=True, text=True, check=False).stdout
    proven("wrong passwords refused by Redis and Sentinels", 12)


def test_user_passwords_are_hashed_in_files(fleet: Fleet) -> None:
    password = fleet.password("redis-0")
    files = [file for pod in fleet.pods for file in (fleet.place.folder / pod).rglob("*") if file.is_file()]
    assert len(files) > 2 * len(fleet.pods)
    assert [file for file in files if password.encode() in file.read_bytes()] == []
    own = fleet.password("redis-0", "PLATFORM_PASSWORD").encode()
    on_volumes = [file for server in fleet.servers() for file in fleet.pods[server].folder("data").rglob("*")]
    assert [file for file in on_volumes if file.is_file() and own in file.read_bytes()] == []


def test_lost_primary_is_replaced_and_returns_as_a_replica(fleet: Fleet) -> None:
    lost = fleet.primary()
    keys = [f"before-{number}" for number in range(50)]
    assert fleet.ask(lost, "mset", *(word for key in keys for word in (key, key))) == "OK"
    assert fleet.ask(lost, "wait", "2", "5000") == "2", "both replicas have all of it"
    fleet.kill(lost)
    pause = fleet.until(lambda: fleet.write("after", "1"))
    assert pause >= 2, "it was missed first"
    assert pause < 30
    new = fleet.primary()
    assert new != lost
    assert fleet.ask(new, "mget", *keys).splitlines() == keys
    fleet.start(lost)
    fleet.until(fleet.healthy)
    assert fleet.primary() == new
    fleet.until(lambda: fleet.ask(lost, "get", "after") == "1")
    assert fleet.ask(lost, "get", "before-49") == "before-49"
    proven("primaries killed and replaced")


def test_stopping_primary_fails_over_first(fleet: Fleet) -> None:
    leaving = fleet.primary()
    assert fleet.write("handed", "over")
    (container,) = fleet.pods[leaving].spec["containers"]
    begun = time.monotonic()
    done = fleet.pods[leaving].execute("redis", container["lifecycle"]["preStop"]["exec"]["command"])
    handed = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    assert fleet.role(leaving) == "slave"
    new = fleet.primary()
    assert new != leaving
    fleet.until(lambda: fleet.write("handed", "on"), seconds=10)
    assert handed + fleet.pods[leaving].terminate() < 60, "within the grace period"
    del fleet.addresses[leaving]
    assert fleet.ask(new, "get", "handed") == "on"
    fleet.start(leaving)
    fleet.until(fleet.healthy)
    assert fleet.primary() == new
    proven("primaries that handed over before they ended")


def test_stopping_replica_causes_no_failover(fleet: Fleet) -> None:
    primary = fleet.primary()
    replica = next(pod for pod in fleet.servers() if pod != primary)
    (container,) = fleet.pods[replica].spec["containers"]
    assert fleet.pods[replica].execute("redis", container["lifecycle"]["preStop"]["exec"]["command"]).returncode == 0
    assert fleet.primary() == primary


def test_primary_with_an_empty_volume_yields(fleet: Fleet) -> None:
    # Its replicas would be emptied.
    lost = fleet.primary()
    assert fleet.write("kept", "yes")
    assert fleet.ask(lost, "wait", "2", "5000") == "2"
    fleet.kill(lost)
    for found in fleet.pods[lost].folder("data").iterdir():
        shutil.rmtree(found) if found.is_dir() else found.unlink()
    fleet.start(lost)
    fleet.until(fleet.healthy)
    assert fleet.primary() != lost
    assert "lacks data that others have" in (fleet.place.folder / lost / "redis.log").read_text()
    assert {fleet.ask(pod, "get", "kept") for pod in fleet.servers()} == {"yes"}
    proven("primaries that came back with an empty volume")


def test_primary_without_persistence_yields_after_a_restart(fleet: Fleet) -> None:
    # Its log is of another time, and its replicas would drop what they have.
    lost = fleet.primary()
    file = fleet.pods[lost].folder("configuration") / "redis.conf"
    kept = file.read_text()
    cache = files(fleet.settings.model_copy(update={"persistence": "snapshots"}))["redis.conf"]
    assert fleet.write("cached", "yes")
    assert fleet.ask(lost, "wait", "2", "5000") == "2"
    fleet.kill(lost)
    file.write_text(re.sub("^appendonly .*", re.search("^appendonly .*", cache, re.M)[0], kept, flags=re.M))
    try:
        fleet.start(lost)
        fleet.until(fleet.healthy)
        assert fleet.primary() != lost
        assert {fleet.ask(pod, "get", "cached") for pod in fleet.servers()} == {"yes"}
    finally:
        file.write_text(kept)
    proven("primaries without a log that yielded")


def test_pods_with_new_addresses_find_each_other_and_the_last_primary(fleet: Fleet) -> None:
    if fleet.primary() == "redis-0":
        fleet.ask("redis-sentinel-0", "sentinel", "failover", GROUP, user="platform")
        fleet.until(lambda: fleet.primary() != "redis-0" and fleet.healthy())
    primary = fleet.primary()
    assert fleet.write("evening", "1")
    known = {one: fleet.ask(one, "sentinel", "myid") for one in fleet.sentinels()}
    before = dict(fleet.addresses)
    for pod in reversed(fleet.pods):
        fleet.pods[pod].terminate()
    fleet.kill(*fleet.pods)
    fleet.start(*fleet.pods)
    fleet.until(fleet.healthy)
    assert not set(before.values()) & set(fleet.addresses.values())
    assert {one: fleet.ask(one, "sentinel", "myid") for one in fleet.sentinels()} == known
    assert fleet.primary() == primary
    assert fleet.ask(primary, "get", "evening") == "1"
    proven("fleets that came back at new addresses")


def test_primary_without_replicas_refuses_writes(fleet: Fleet) -> None:
    primary = fleet.primary()
    replicas = [pod for pod in fleet.servers() if pod != primary]
    fleet.kill(*replicas)
    fleet.until(lambda: "NOREPLICAS" in fleet.ask(primary, "set", "lonely", "1"), seconds=30)
    fleet.start(*replicas)
    fleet.until(fleet.healthy)
    assert fleet.write("together", "1")


def test_minority_of_sentinels_causes_no_failover(fleet: Fleet) -> None:
    primary, minority = fleet.primary(), fleet.sentinels()[2:]
    fleet.kill(*minority)
    fleet.kill(primary)
    time.sleep(3 * fleet.settings.down_after_seconds)
    assert {fleet.role(pod) for pod in fleet.servers() if pod != primary} == {"slave"}
    fleet.start(*minority)
    fleet.until(lambda: fleet.write("elected", "1"))
    assert fleet.primary() != primary
    fleet.start(primary)
    fleet.until(fleet.healthy)
    proven("elections that a minority of Sentinels could not hold")
