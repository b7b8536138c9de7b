"""MLflow of a stack with all its dependencies, created in the order of `pulumi up`."""

import contextlib
import itertools
import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3

from aiplatform.preview.plan import Resource
from tests.parts.counts import proven
from tests.parts.object_store import ObjectStore
from tests.parts.postgresql import Server, running_postgresql
from tests.parts.process import Program, free_port
from tests.running.balancer import Balancer, WayIn, ingress_or_none, request
from tests.running.pods import Place, Pod, Stack, containers, pod_spec

COMMAND = ("mlflow", "server")
CLIENT = Path(__file__).parent / "clients" / "journey.py"
LARGE = Path(__file__).parent / "clients" / "large.py"
BUCKET = "aws:s3/bucket:Bucket"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"


@dataclass
class Running:
    """MLflow of a stack. `pods` are its replicas, each with the ports of its containers."""

    stack: Stack
    deployment: Resource
    way: WayIn
    database: Server
    programs: Path
    place: Place
    balancer: Balancer
    pods: list[Pod] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def host(self) -> str:
        """Return the host name for clients: that of its rule, or else the first allowed external name."""
        if self.way.hosts:
            return self.way.hosts[0]
        command = self._container("server")["command"]
        allowed = command[command.index("--allowed-hosts") + 1].split(",")
        return next(name for name in allowed if ":" not in name and name not in self.way.names_inside())

    def _container(self, name: str) -> dict[str, Any]:
        return next(one for one in containers(self.deployment) if one["name"] == name)

    def _pod(self, resource: Resource, ports: dict[str, int] | None = None) -> Pod:
        folder = self.place.folder / f"{resource.name}-{next(self.numbers)}"
        return Pod(self.stack, resource, replace(self.place, folder=folder), ports)

    def run(self, job: Resource, *, proxy: bool = False) -> str:
        """Run a Job and return its output. Through the proxy it reaches the server by its name in the cluster."""
        pod = self._pod(job)
        if proxy:
            pod.add_environment({"http_proxy": self.balancer.url})
        output = pod.run()
        proven("Jobs of MLflow and its database run to their end")
        return output

    def start(self) -> Pod:
        """Start another replica, without waiting for it."""
        ports = {port["name"]: free_port() for one in containers(self.deployment) for port in one["ports"]}
        pod = self._pod(self.deployment, ports)
        for container in containers(self.deployment):
            pod.start(container["name"])
        self.pods.append(pod)
        return pod

    def wait(self, pod: Pod) -> None:
        """Wait until the startup probe succeeds, at most for the time of the probe, and register the pod as a
        target.
        """
        probe = self._container("server")["startupProbe"]
        seconds = probe["periodSeconds"] * probe["failureThreshold"]
        server: Program = pod.running[0]
        server.wait_until(lambda: self._healthy(pod, probe["httpGet"]["path"]), seconds=seconds)
        self.balancer.ports.append(pod.ports["http"])
        proven("MLflow servers started as rendered")

    def _healthy(self, pod: Pod, path: str) -> bool:
        try:
            # Any host name of a pod: the kubelet's probes and the load balancer's health checks set none.
            return request(pod.ports["http"], f"10.0.3.27:{pod.ports['http']}", path)[0] == 200
        except OSError:
            return False

    def end(self, pod: Pod) -> float:
        """Stop a replica as a rollout does, and return the seconds that it took."""
        self.balancer.ports.remove(pod.ports["http"])
        self.pods.remove(pod)
        return pod.terminate()

    def login(self, name: str) -> tuple[str, str]:
        """Return the login of the administrator (`admin`) or of one of the stack's users."""
        pod = next(one for one in self.pods)
        environment = pod.environment(pod.spec["containers"][0])
        if name == environment["MLFLOW_AUTH_ADMIN_USERNAME"]:
            return name, environment["MLFLOW_AUTH_ADMIN_PASSWORD"]
        (job,) = self.stack.jobs_after(self.deployment)
        volume = next(one for one in pod_spec(job)["volumes"] if "secret" in one)
        return name, self.stack.secret(pod.namespace, volume["secret"]["secretName"])[name]

    def call(
        self,
        path: str,
        login: tuple[str, str] | None,
        *,
        body: dict[str, Any] | None = None,
        method: str | None = None,
        host: str | None = None,
        pod: Pod | None = None,
        workspace: str | None = None,
    ) -> tuple[int, Any]:
        """Send a request of a client, and return the status and the JSON of the response, if it is JSON."""
        headers = {"Authorization": "Basic " + b64encode(":".join(login).encode()).decode()} if login else {}
        if workspace is not None:
            headers["X-MLFLOW-WORKSPACE"] = workspace
        if body is not None:
            headers["Content-Type"] = "application/json"
        port = pod.ports["http"] if pod else self.balancer.target(self.host)
        assert port is not None
        status, content = request(
            port,
            host or self.host,
            path,
            method=method or ("GET" if body is None else "POST"),
            headers=headers,
            body=b"" if body is None else json.dumps(body).encode(),
        )
        proven("requests answered by MLflow as expected")
        with contextlib.suppress(ValueError):
            return status, json.loads(content)
        return status, content.decode(errors="replace")

    def client(
        self, what: str, login: tuple[str, str], variables: dict[str, str] | None = None, *, script: Path = CLIENT
    ) -> dict[str, Any]:
        """Run MLflow's own client through the load balancer, and return the data that it reads."""
        environment = {
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "HOME": str(self.place.folder),
            "MLFLOW_TRACKING_URI": f"http://{self.host}",
            "MLFLOW_TRACKING_USERNAME": login[0],
            "MLFLOW_TRACKING_PASSWORD": login[1],
            "http_proxy": self.balancer.url,
            # Not for the object store: the server returns presigned URLs of it to clients.
            "no_proxy": "127.0.0.1",
            **(variables or {}),
        }
        before = self.balancer.passed
        finished = subprocess.run(
            ["python", str(script), what], env=environment, capture_output=True, text=True, check=False, timeout=280
        )
        assert finished.returncode == 0, f"{finished.stderr[-3000:]}\n{self.logs()}"
        proven("requests of MLflow's own client through the load balancer", self.balancer.passed - before)
        found: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
        return found

    def logs(self) -> str:
        """Return the last lines of every replica."""
        return "\n".join(program.last_lines() for pod in self.pods for program in pod.running)


@contextlib.contextmanager
def running_database(stack: Stack, job: Resource, postgresql: Path) -> Iterator[tuple[Server, Place]]:
    """Run the server that the Job of a database user uses, and yield the place of its pods, without a folder."""
    instance = stack.database_of(job)
    (parameters,) = (
        item.inputs["parameters"]
        for item in stack.recording.all(PARAMETERS)
        if instance.inputs["parameterGroupName"].startswith(item.inputs["namePrefix"])
    )
    with running_postgresql(
        postgresql,
        master=instance.inputs["username"],
        database=instance.inputs["dbName"],
        parameters={item["name"]: item["value"] for item in parameters},
    ) as server:
        stack.master_is(server.master, server.master_password)
        host, port = host_of(job), str(instance.inputs["port"])
        addresses = {f"{host}:{port}": f"127.0.0.1:{server.port}", host: "127.0.0.1"}
        yield server, Place(Path(), [server.programs], addresses, {port: str(server.port)})


def host_of(job: Resource) -> str | None:
    """Return the database of a Job that creates users; None for others."""
    values = {item["name"]: item.get("value") for item in containers(job)[0]["env"]}
    return values.get("PGHOST")


@contextlib.contextmanager
def running_mlflow(
    stack: Stack, deployment: Resource, folder: Path, *, mlflow: Path, postgresql: Path, store: ObjectStore
) -> Iterator[Running]:
    """Run all dependencies of the servers: the buckets, the database, and the Jobs that the Deployment depends on."""
    s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=store.url, **store.login())
    for bucket in stack.recording.all(BUCKET):
        s3.create_bucket(Bucket=bucket.inputs["bucket"])
    jobs = stack.jobs_before(deployment)
    with running_database(stack, next(filter(host_of, jobs)), postgresql) as (server, found):
        place = replace(
            found,
            folder=folder,
            programs=[mlflow, *found.programs],
            addresses={**found.addresses, "0.0.0.0": "127.0.0.1"},  # noqa: S104
            environment=store.environment(),
        )
        way = ingress_or_none(stack, deployment)
        running = Running(stack, deployment, way, server, mlflow, place, Balancer(way, []))
        try:
            for job in jobs:
                running.run(job)
            yield running
        finally:
            running.balancer.close()
            for pod in running.pods:
                pod.stop()
