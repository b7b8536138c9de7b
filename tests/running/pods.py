"""Containers of a stack's recording as local processes: with their rendered command, environment and files.

Three properties differ from a cluster. Addresses are replaced. Paths of volumes are replaced by folders, in one place:
`Pod._here`. The programs are those of a part instead of an image's. If the tests run as root, a container is the first
process of its own PID namespace, has the user of its security context, and can only write to its emptyDirs.
"""

import functools
import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote_plus

from aiplatform.preview.plan import Resource
from components.data.secret import Secret
from tests.components.base import Recording, record_stack
from tests.parts.counts import proven
from tests.parts.process import Program, start
from tests.running.certificates import Issued

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
CRON_JOB = "kubernetes:batch/v1:CronJob"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
INSTANCE = "aws:rds/instance:Instance"
JOB = "kubernetes:batch/v1:Job"

LONGEST_SECONDS = 400
"""Timeout in seconds of a container that runs to its end, while many share two processors."""

TEXTS = {".conf", ".ini", ".sh", ".sql", ".yaml"}
"""Extensions of files of a ConfigMap that contain addresses and folders."""

MASTER = ":secret:rds!"
"""Part of the ARN of every secret that RDS creates for a master user."""

HOSTS = 'if [ -n "${HOSTS:-}" ]; then mount --bind "$HOSTS" /etc/hosts; fi; '
READ_ONLY = 'for writable in $WRITABLE; do mount --bind "$writable" "$writable"; done; mount -o remount,bind,ro /'
"""Commands in a new mount namespace, which do not affect other processes."""


@functools.cache
def isolated() -> bool:
    """Return whether containers can have namespaces."""
    tried = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"]
    return os.geteuid() == 0 and subprocess.run(tried, capture_output=True, check=False).returncode == 0


class FailedError(Exception):
    """A container failed, with its status and its output."""

    def __init__(self, status: int, printed: str) -> None:
        super().__init__(f"status {status}: {printed[-6000:]}")
        self.status = status
        self.printed = printed


@dataclass(frozen=True)
class Vault:
    """Secrets of Secrets Manager: generated when they are read, or with the values of the program.

    A property that a secret does not have is an error, as it is for External Secrets.
    """

    fixed: Mapping[str, Mapping[str, Any]]
    """Known values of each secret, by its name; None for a generated password."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)

    def value(self, key: str, name: str) -> str:
        """Return a property of a secret with the name or ARN `key`."""
        if (key, name) not in self.values:
            self.values[key, name] = self._known(key)[name] or secrets.token_hex(16)
        return self.values[key, name]

    def rotate(self, secret: str) -> None:
        """Replace a secret's generated properties, as its next version would."""
        for key, name in [known for known in self.values if self._known(known[0]) is self.fixed[secret]]:
            if self.fixed[secret][name] is None:
                del self.values[key, name]

    def _known(self, key: str) -> Mapping[str, Any]:
        if MASTER in key:
            return {"username": None, "password": None}
        found = [name for name in self.fixed if f":secret:{name}-" in key]
        return self.fixed[max(found, key=len)]


@dataclass(frozen=True)
class Stack:
    """A stack's recording, and its secrets."""

    name: str
    recording: Recording
    vault: Vault
    certificates: Issued

    def deployments(self, *command: str) -> list[Resource]:
        """Return every Deployment with a container whose command begins with these words."""
        return [
            found
            for found in self.recording.all(DEPLOYMENT)
            if any(tuple(one.get("command", ())[: len(command)]) == command for one in containers(found))
        ]

    def jobs_before(self, resource: Resource) -> list[Resource]:
        """Return the Jobs that a resource depends on, in order."""
        before = self.recording.before(resource)
        found = [job for job in self.recording.all(JOB) if job.urn in before]
        return sorted(found, key=lambda job: len(self.recording.before(job)))

    def jobs_after(self, resource: Resource) -> list[Resource]:
        """Return the Jobs that depend on a resource."""
        return [job for job in self.recording.all(JOB) if resource.urn in self.recording.before(job)]

    def config_map(self, namespace: str, name: str) -> Mapping[str, str]:
        """Return the data of a ConfigMap."""
        return self._object(CONFIG_MAP, namespace, name)["data"]

    def secret(self, namespace: str, name: str) -> dict[str, str]:
        """Return the data of a Secret, as External Secrets or the authority of the stores would create it."""
        certificate = self.certificates.secret(namespace, name)
        if certificate is not None:
            return dict(certificate)
        found = next(
            item.inputs["spec"]
            for item in self.recording.all(EXTERNAL_SECRET)
            if item.inputs["metadata"]["namespace"] == namespace and item.inputs["spec"]["target"]["name"] == name
        )
        sources = {item["secretKey"]: item["remoteRef"] for item in found["data"]}
        known = {key: self.vault.value(source["key"], source["property"]) for key, source in sources.items()}
        template = found["target"].get("template", {}).get("data")
        return {key: _filled(text, known) for key, text in template.items()} if template else known

    def master_is(self, user: str, password: str) -> None:
        """Set the content of RDS's secrets: the login of the one server that replaces all instances."""
        for item in self.recording.all(EXTERNAL_SECRET):
            for source in (entry["remoteRef"] for entry in item.inputs["spec"]["data"]):
                if MASTER in source["key"]:
                    self.vault.values[source["key"], source["property"]] = {"username": user, "password": password}[
                        source["property"]
                    ]

    def _object(self, type_: str, namespace: str, name: str) -> Mapping[str, Any]:
        (found,) = (
            item.inputs
            for item in self.recording.all(type_)
            if (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]) == (namespace, name)
        )
        return found

    def database_of(self, job: Resource) -> Resource:
        """Return the RDS instance whose host is set in a Job."""
        hosts = [item["value"] for one in containers(job) for item in one["env"] if item["name"] == "PGHOST"]
        (found,) = (
            item for item in self.recording.all(INSTANCE) if hosts[0].startswith(f"{item.inputs['identifier']}.")
        )
        return found


@functools.cache
def stack(name: str) -> Stack:
    """Return a stack with its own secrets."""
    fixed: dict[str, dict[str, Any]] = {}
    initialize = Secret.__init__

    def watched(self: Secret, *arguments: Any, **given: Any) -> None:
        prefix = given.get("prefix")
        generated = {key: f"{prefix}{secrets.token_hex(16)}" if prefix else None for key in given.get("generated", ())}
        fixed[given["secret_name"]] = {**(given.get("fixed") or {}), **generated}
        initialize(self, *arguments, **given)

    with mock.patch.object(Secret, "__init__", watched):
        found = record_stack(name)
    return Stack(name, found, Vault(fixed), Issued(found))


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Return a template of External Secrets with its values; these stacks use two forms."""
    return re.sub(
        r"\{\{ \.(\w+)( \| urlquery)? \}\}",
        lambda found: quote_plus(values[found[1]]) if found[2] else values[found[1]],
        text,
    )


def pod_spec(resource: Resource) -> Mapping[str, Any]:
    """Return the pod template of a Deployment, Job or CronJob."""
    spec = resource.inputs["spec"]
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]


def containers(resource: Resource) -> Sequence[Mapping[str, Any]]:
    """Return its containers."""
    return pod_spec(resource)["containers"]


@dataclass(frozen=True)
class Place:
    """The context of pods: their folder, the programs of an image, and the addresses of other servers."""

    folder: Path
    programs: Sequence[Path]
    addresses: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    """Replaced values, such as the port of the database."""

    images: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """Programs that only containers of an image have."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Additional environment variables, such as the endpoint that replaces AWS."""

    hosts: Path | None = None
    """Hosts file of pods, in the format of /etc/hosts, for containers with namespaces. It can change."""


class Pod:
    """A pod: its volumes, and its containers as processes."""

    def __init__(
        self,
        found: Stack,
        resource: Resource,
        place: Place,
        ports: Mapping[str, int] | None = None,
        *,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.spec = pod_spec(resource)
        self.namespace: str = resource.inputs["metadata"]["namespace"]
        self.ports = dict(ports or {})
        # Where the API server copies the zone of the node.
        self.fields = {"metadata.labels['topology.kubernetes.io/zone']": "zone-a", **(fields or {})}
        """Values of the downward API, by the path of the field."""
        self.running: list[Program] = []
        self._added: dict[str, str] = {}
        self._stack = found
        self._place = place
        place.folder.mkdir(parents=True)
        self._security = self.spec["securityContext"]
        self._declared = [*self.spec["volumes"], *_claimed(resource)]
        self._volumes = {volume["name"]: self._volume(volume) for volume in self._declared}
        rendered: set[str] = set()
        for container in self._all():
            self._render(container, rendered)

    def _all(self) -> Sequence[Mapping[str, Any]]:
        """Return its containers in the order in which they start."""
        return [*self.spec.get("initContainers", ()), *self.spec["containers"]]

    def folder(self, volume: str) -> Path:
        """Return the local folder of a volume."""
        return self._volumes[volume]

    def _volume(self, volume: Mapping[str, Any]) -> Path:
        folder = self._place.folder / volume["name"]
        folder.mkdir()
        mode = volume.get("configMap", {}).get("defaultMode", 0o640)
        paths = {item["key"]: item["path"] for item in volume.get("configMap", {}).get("items", ())}
        for name, content in self._files(volume).items():
            if paths and name not in paths:
                continue
            file = folder / paths.get(name, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
            file.chmod(mode)
        if os.geteuid() == 0:
            owner = self._security["runAsUser"] if "emptyDir" in volume else 0
            for path in (folder, *folder.rglob("*")):
                os.chown(path, owner, self._security["fsGroup"])
        return folder

    def _files(self, volume: Mapping[str, Any]) -> Mapping[str, str]:
        if "configMap" in volume:
            return self._stack.config_map(self.namespace, volume["configMap"]["name"])
        if "secret" in volume:
            return self._stack.secret(self.namespace, volume["secret"]["secretName"])
        assert "emptyDir" in volume, f"a volume that no test knows: {volume}"
        return {}

    def _render(self, container: Mapping[str, Any], rendered: set[str]) -> None:
        """Replace the addresses in the files that a container reads, once for several containers."""
        for one in container["volumeMounts"]:
            if one["name"] in rendered:
                continue
            rendered.add(one["name"])
            for file in self._volumes[one["name"]].iterdir():
                if file.is_file() and file.suffix in TEXTS:
                    file.write_text(self._here(container, file.read_text()))

    def _here(self, container: Mapping[str, Any], text: str) -> str:
        for there, here in self._place.addresses.items():
            text = text.replace(there, here)
        mounts = {one["mountPath"]: str(self._volumes[one["name"]]) for one in container["volumeMounts"]}
        if not mounts:
            return text
        paths = "|".join(map(re.escape, sorted(mounts, key=len, reverse=True)))
        return re.sub(rf"(?<![\w./-])({paths})(?=/|\W|$)", lambda path: mounts[path[1]], text)

    def add_environment(self, values: Mapping[str, str]) -> None:
        """Add environment variables for this pod only."""
        self._added.update(values)

    def environment(self, container: Mapping[str, Any]) -> dict[str, str]:
        """Return the rendered variables with their values, and those of the image and the machine."""
        programs = [*self._place.images.get(container["image"], ()), *self._place.programs]
        given = {
            "PATH": ":".join([*map(str, programs), "/usr/bin", "/bin"]),
            **self._place.environment,
            **self._added,
        }
        for item in container["env"]:
            # A value can refer to variables before it.
            value = self._value(container, item)
            given[item["name"]] = re.sub(r"\$\((\w+)\)", lambda name: given.get(name[1], name[0]), value)
        # Variables that programs expect, with folders that are volumes in the pod.
        given["TMPDIR"] = self._here(container, "/tmp")  # noqa: S108, its own volume
        return given

    def _value(self, container: Mapping[str, Any], item: Mapping[str, Any]) -> str:
        if "value" in item:
            return self._port(container, self._here(container, item["value"]))
        if "fieldRef" in item["valueFrom"]:
            return self.fields[item["valueFrom"]["fieldRef"]["fieldPath"]]
        reference = item["valueFrom"]["secretKeyRef"]
        value = self._stack.secret(self.namespace, reference["name"])[reference["key"]]
        return self._port(container, self._here(container, value))

    def _port(self, container: Mapping[str, Any], text: str) -> str:
        """Return a text with replaced ports, because all pods share one address."""
        for port in container.get("ports", ()):
            if text == str(port["containerPort"]):
                return str(self.ports[port["name"]])
        return self._place.values.get(text, text)

    def start(self, name: str) -> Program:
        """Start a container."""
        command, environment = self._prepared(name)
        program = start(name, command, self._place.folder, environment=environment)
        self.running.append(program)
        return program

    def execute(self, name: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command in a container, as probes and hooks do."""
        given, environment = self._prepared(name, command)
        return subprocess.run(given, env=environment, capture_output=True, text=True, check=False, timeout=60)

    def _prepared(self, name: str, command: Sequence[str] = ()) -> tuple[list[str], dict[str, str]]:
        """Return a command of a container, by default its own, and its environment."""
        container = next(one for one in self._all() if one["name"] == name)
        environment = self.environment(container)
        own = [*container["command"], *container.get("args", ())]
        given = [
            re.sub(r"\$\((\w+)\)", lambda name: environment.get(name[1], name[0]), one)
            for one in (self._port(container, self._here(container, text)) for text in command or own)
        ]
        if isolated():
            environment["WRITABLE"] = " ".join(str(self._volumes[one]) for one in self._writable(container))
            if self._place.hosts is not None:
                environment["HOSTS"] = str(self._place.hosts)
            given = [*self._namespaces(container), *given]
            proven("containers run by their own user on a read-only file system")
        return given, environment

    def _writable(self, container: Mapping[str, Any]) -> list[str]:
        empty = {volume["name"] for volume in self._declared if "emptyDir" in volume}
        return [one["name"] for one in container["volumeMounts"] if one["name"] in empty]

    def _namespaces(self, container: Mapping[str, Any]) -> list[str]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        user = [f"--reuid={self._security['runAsUser']}", f"--regid={self._security['runAsGroup']}"]
        # All users can read the files of an image, unlike parts in root's home.
        reading = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        return [
            # Containers have no terminal.
            *("setsid", "unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"),
            *("sh", "-euc", f'{HOSTS}{READ_ONLY}; exec "$@"', "sh"),
            *(
                "setpriv",
                *user,
                f"--groups={self._security['fsGroup']}",
                *reading,
                "--no-new-privs",
                "--pdeathsig=KILL",
                "--",
            ),
        ]

    def run(self) -> str:
        """Run a Job's pod to its end, one container after the other, and return its output."""
        return "".join(self.step(container["name"]) for container in self._all())

    def step(self, name: str) -> str:
        """Run a container to its end and return its output.

        Raises:
            FailedError: its exit status is not 0.
        """
        program = self.start(name)
        status = program.process.wait(timeout=LONGEST_SECONDS)
        if status:
            raise FailedError(status, program.log.read_text())
        return program.log.read_text()

    def terminate(self) -> float:
        """Stop every container as the kubelet does, and return the seconds that it took, within the grace period."""
        grace: float = self.spec["terminationGracePeriodSeconds"]
        started = time.monotonic()
        for program in self.running:
            os.kill(_first_process(program), signal.SIGTERM)
        for program in self.running:
            program.process.wait(timeout=grace - (time.monotonic() - started))
        self.running.clear()
        return time.monotonic() - started

    def stop(self) -> None:
        """Stop all running containers."""
        for program in self.running:
            if isolated():
                program.process.kill()
            # Without a PID namespace, the server's child processes only end if it is terminated gracefully.
            program.stop(seconds=20)


def _claimed(resource: Resource) -> list[Mapping[str, Any]]:
    """Return the volumes that a StatefulSet claims for its pod: folders that are kept with the pod."""
    named = {volume["name"] for volume in pod_spec(resource)["volumes"]}
    claims = [claim["metadata"]["name"] for claim in resource.inputs["spec"].get("volumeClaimTemplates", ())]
    return [{"name": name, "emptyDir": {}} for name in claims if name not in named]


def _first_process(program: Program) -> int:
    """Return the process of a container's command, which is a child of `unshare`."""
    own = program.process.pid
    if not isolated():
        return own
    return int(Path(f"/proc/{own}/task/{own}/children").read_text().split()[0])
