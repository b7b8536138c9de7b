"""Kafka's pods of a recording as local processes, each with a loopback address and its DNS names.

Only folders are replaced in the rendered objects: Java reads a hosts file instead of DNS. Services and the load
balancer are forwarders, with targets by the selectors, bindings and listeners of the recording.
"""

import contextlib
import itertools
import os
import secrets
import selectors
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiplatform.preview.plan import Resource
from tests.parts import kafka
from tests.parts.process import Program, start
from tests.running import confluent
from tests.running.balancer import BINDING, SERVICE
from tests.running.pods import JOB, Stack, containers

STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
LISTENER = "aws:lb/listener:Listener"
RECORD = "aws:route53/record:Record"
RUN = "/etc/confluent/docker/run"
DATA = "/var/lib/kafka/data"
CERTIFICATE = "/certificate"
ZONES = 3
"""Zones of the stacks."""

BALANCER_HOST = 250
FIRST_SERVICE_HOST = 100
TOOLS = {"kafka-configs": "kafka.admin.ConfigCommand", "kafka-topics": "org.apache.kafka.tools.TopicCommand"}
HEAP = "-Xms32m -Xmx320m"
"""Replaces the rendered heap size: tests have two processors, and share the memory."""


def accepts(address: str, port: int) -> bool:
    """Return whether a process accepts connections at the address."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


@dataclass
class Forwarder:
    """Accepts connections at an address and port, and forwards each to the next target that responds."""

    address: str
    port: int
    targets: Sequence[tuple[str, int]]
    taken: int = 0

    def __post_init__(self) -> None:
        self._listening = socket.create_server((self.address, self.port))
        self._turn = itertools.cycle(self.targets)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        self.taken += 1
        with client:
            for _ in self.targets:
                with contextlib.suppress(OSError), socket.create_connection(next(self._turn), timeout=5) as server:
                    server.settimeout(None)
                    _pump(client, server)
                    return

    def close(self) -> None:
        """Stop accepting connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select():
                source: Any = key.fileobj
                content = source.recv(65536)
                if not content:
                    return
                key.data.sendall(content)


@dataclass
class Cluster:
    """All pods of Kafka, and the forwarders to them."""

    stack: Stack
    jars: Path
    folder: Path
    network: str = field(default_factory=lambda: f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250) + 1}")
    running: dict[str, Program] = field(default_factory=dict)
    forwarders: dict[tuple[str, int], Forwarder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sets = {item.inputs["metadata"]["name"]: item for item in self.stack.recording.all(STATEFUL_SET)}
        self.pods: dict[str, tuple[Resource, str]] = {}
        self.hosts: dict[str, str] = {"localhost": "127.0.0.1", socket.gethostname(): "127.0.0.1"}
        numbers = itertools.count(1)
        for name, item in self.sets.items():
            service, spec = item.inputs["spec"]["serviceName"], item.inputs["spec"]
            for number in range(spec["replicas"]):
                address = f"{self.network}.{next(numbers)}"
                self.pods[f"{name}-{number}"] = item, address
                self.hosts[f"{name}-{number}.{service}.kafka.svc.cluster.local"] = address
        self.certificate = self.folder / "certificate"
        """Mounted at its path in all pods: the volume of a Secret."""

        self._mount()
        self._services()
        self.outside = self._balancer()
        """Names for clients outside the cluster: only those of the load balancer."""

    def address(self, pod: str) -> str:
        """Return the address of a pod."""
        return self.pods[pod][1]

    def _mount(self) -> None:
        self.certificate.mkdir()
        self._write(self.stack.certificates.of("kafka"))

    def renew(self) -> None:
        """Renew the certificate, for pods that start from now on."""
        self._write(self.stack.certificates.renew("kafka"))

    def _write(self, files: Mapping[str, str] | None) -> None:
        for name, content in (files or {}).items():
            (self.certificate / name).write_text(content)

    def here(self, text: str) -> str:
        """Return a text with the local path of the certificate."""
        return text.replace(CERTIFICATE, str(self.certificate))

    def client(self) -> str:
        """Return the properties of a client in the cluster, as the Jobs have them."""
        found = [item for job in self.stack.recording.all(JOB) for item in containers(job)[0]["env"]]
        return next((self.here(item["value"]) for item in found if item["name"] == "CLIENT"), "")

    # --- forwarders ---

    def _selected(self, service: Resource) -> list[tuple[str, int]]:
        """Return the targets of a Service: the pods that its selector matches, at the port with the target's name."""
        wanted = dict(service.inputs["spec"]["selector"])
        single = wanted.pop("statefulset.kubernetes.io/pod-name", None)
        (port,) = service.inputs["spec"]["ports"]
        found = []
        for pod, (item, address) in self.pods.items():
            labels = item.inputs["spec"]["template"]["metadata"]["labels"]
            numbers = {one["name"]: one["containerPort"] for one in containers(item)[0]["ports"]}
            if wanted.items() <= labels.items() and single in (None, pod):
                found.append((address, numbers[port["targetPort"]]))
        return found

    def _services(self) -> None:
        hosts = itertools.count(FIRST_SERVICE_HOST)
        for item in self.stack.recording.all(SERVICE):
            spec, name = item.inputs["spec"], item.inputs["metadata"]["name"]
            if spec.get("clusterIP") == "None":
                continue
            address = f"{self.network}.{next(hosts)}"
            self.hosts[f"{name}.kafka.svc.cluster.local"] = address
            (port,) = spec["ports"]
            self._forward(address, port["port"], self._selected(item))

    def _balancer(self) -> dict[str, str]:
        """Start forwarders: each listener forwards to its target group, to which a binding adds the pods of a
        Service.
        """
        services = {item.inputs["metadata"]["name"]: item for item in self.stack.recording.all(SERVICE)}
        bound = {
            item.inputs["spec"]["targetGroupARN"]: services[item.inputs["spec"]["serviceRef"]["name"]]
            for item in self.stack.recording.all(BINDING)
        }
        address = f"{self.network}.{BALANCER_HOST}"
        for item in self.stack.recording.all(LISTENER):
            (action,) = item.inputs["defaultActions"]
            self._forward(address, item.inputs["port"], self._selected(bound[action["targetGroupArn"]]))
        (name,) = (item.inputs["name"] for item in self.stack.recording.all(RECORD) if item.inputs.get("aliases"))
        return {name: address}

    def _forward(self, address: str, port: int, targets: Sequence[tuple[str, int]]) -> None:
        self.forwarders[address, port] = Forwarder(address, port, targets)

    # --- pods ---

    def java(self, hosts: Mapping[str, str] | None = None, *, log: str = "info") -> list[str]:
        """Return a command of Java with all jars, which resolves only these hosts."""
        inside = hosts is None
        known = {
            "localhost": "127.0.0.1",
            socket.gethostname(): "127.0.0.1",
            **(self.hosts if hosts is None else hosts),
        }
        file = self.folder / ("hosts-inside" if inside else "hosts-outside")
        if not file.exists():
            file.write_text("".join(f"{address} {name}\n" for name, address in known.items()))
        return [
            str(kafka.java()),
            *HEAP.split(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            f"-Djdk.net.hosts.file={file}",
            f"-Dorg.slf4j.simpleLogger.defaultLogLevel={log}",
            "-cp",
            f"{self.jars}/*",
        ]

    def start(self, pod: str) -> None:
        """Start the container of a pod by its own command, with its existing volume."""
        item, address = self.pods[pod]
        container = containers(item)[0]
        assert not {"args", "envFrom"} & container.keys()
        folder = self.folder / pod
        folder.mkdir(exist_ok=True)
        stands_in = folder / "run"
        stands_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{confluent.__file__}"\n')
        stands_in.chmod(0o755)
        environment = {
            one["name"]: self.here(_value(one, pod)).replace(DATA, str(folder / "data")) for one in container["env"]
        }
        command = [text.replace(RUN, str(stands_in)) for text in container["command"]]
        self.running[pod] = start(
            "server",
            command,
            folder,
            environment={
                **environment,
                "PATH": os.environ["PATH"],
                "HOSTNAME": pod,
                "POD_FOLDER": str(folder),
                "POD_ADDRESS": address,
                "POD_JAVA": "\n".join(self.java()),
            },
        )

    def wait(self, pod: str, *, seconds: float = 180) -> None:
        """Wait until the readiness probe succeeds."""
        self.running[pod].wait_until(lambda: self.ready(pod), seconds=seconds)

    def ready(self, pod: str) -> bool:
        """Return the result of the readiness probe: a connection, or a command in the pod."""
        item, address = self.pods[pod]
        container = containers(item)[0]
        probe, ports = container["readinessProbe"], {one["name"]: one["containerPort"] for one in container["ports"]}
        if "tcpSocket" in probe:
            return accepts(address, ports[probe["tcpSocket"]["port"]])
        command = [text.replace("127.0.0.1", address) for text in probe["exec"]["command"]]
        finished = subprocess.run(command, capture_output=True, check=False, timeout=probe["timeoutSeconds"] * 4)
        return finished.returncode == 0

    def start_all(self, name: str) -> None:
        """Start all pods of a StatefulSet in parallel, as its policy requires."""
        assert self.sets[name].inputs["spec"]["podManagementPolicy"] == "Parallel"
        pods = [pod for pod, (item, _) in self.pods.items() if item is self.sets[name]]
        for pod in pods:
            self.start(pod)
        for pod in pods:
            self.wait(pod)

    def kill(self, pod: str) -> None:
        """Kill a pod, as when its node fails."""
        process = self.running.pop(pod).process
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Stop all pods."""
        for program in self.running.values():
            program.process.kill()
        for forwarder in self.forwarders.values():
            forwarder.close()

    # --- clients ---

    def tool(
        self,
        program: str,
        *arguments: str,
        hosts: Mapping[str, str] | None = None,
        given: str = "",
        seconds: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of Kafka's own command line tools."""
        return subprocess.run(
            [*self.java(hosts, log="error"), *self._archive(), program, *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )

    def _archive(self) -> list[str]:
        """Return options with which tools read their classes from an archive, which the first one writes.

        They take half of the CPU time: https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
        """
        file = self.folder / "tools.jsa"
        return ["-Xlog:disable", f"-XX:{'SharedArchiveFile' if file.exists() else 'ArchiveClassesAtExit'}={file}"]

    def job(self, name: str, **changed: str) -> str:
        """Run the Job that creates users or topics, and return its output."""
        item = self.stack.recording.one(JOB, name)
        container = containers(item)[0]
        programs = self.folder / "programs"
        programs.mkdir(exist_ok=True)
        for tool, program in TOOLS.items():
            java = shlex.join([*self.java(log="error"), program])
            (programs / tool).write_text(f'#!/bin/sh\nexec {java} "$@"\n')
            (programs / tool).chmod(0o755)
        finished = subprocess.run(
            container["command"],
            env={
                "PATH": f"{programs}:{os.environ['PATH']}",
                "TMPDIR": str(programs),
                **{one["name"]: self.here(self.value(one)) for one in container["env"] if one["name"] != "HOME"},
                **changed,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    def value(self, item: Mapping[str, Any]) -> str:
        """Return the value of a variable: as rendered, or from its secret."""
        if "value" in item:
            return str(item["value"])
        reference = item["valueFrom"]["secretKeyRef"]
        return self.stack.secret("kafka", reference["name"])[reference["key"]]


@contextlib.contextmanager
def cluster(found: Stack, jars: Path, folder: Path) -> Iterator[Cluster]:
    """Yield a cluster with all pods; those that brokers depend on start first."""
    made = Cluster(found, jars, folder)
    try:
        for name in sorted(made.sets, key=lambda name: len(found.recording.before(made.sets[name]))):
            made.start_all(name)
        yield made
    finally:
        made.stop()


def _value(variable: Mapping[str, Any], pod: str) -> str:
    """The value of a variable; the API server copies the zone of the node, and pods are spread over all."""
    if "value" in variable:
        return str(variable["value"])
    assert variable["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['topology.kubernetes.io/zone']"
    return f"zone-{int(pod.rpartition('-')[2]) % ZONES}"
