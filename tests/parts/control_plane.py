"""A Kubernetes control plane without nodes: etcd, API server, controllers, scheduler, and kwok for nodes and pods."""

import contextlib
import functools
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from tests.parts.certificates import Certificates, make_certificates
from tests.parts.go import program
from tests.parts.process import Program, free_port, listens, start

DATA = "etcd"
STAGES = Path(__file__).parent / "stages.yaml"


@dataclass
class ControlPlane:
    """A running control plane. `admin_token` has all permissions; impersonate a user for others."""

    folder: Path
    port: int
    certificates: Certificates
    admin_token: str
    programs: list[Program] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the URL of its API."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def kubeconfig(self) -> Path:
        """Return a kubeconfig of the administrator."""
        return self.folder / "kubeconfig"

    def stop(self) -> None:
        """Stop every program, in reverse order."""
        for one in reversed(self.programs):
            one.stop()

    def log(self, name: str) -> Path:
        """Return the path of a program's log."""
        return self.folder / f"{name}.log"


@contextlib.contextmanager
def running_control_plane(
    folder: Path, *, webhooks: bool = False, arguments: Sequence[str] = (), data: Path | None = None
) -> Iterator[ControlPlane]:
    """Run a control plane in an empty folder; `arguments` are additional ones of the API server, and `data` is what an
    etcd left, of which this one has a copy.

    Admission webhooks are disabled by default, because their pods are only simulated.

    Raises:
        MissingPartError: a program is not installed.
        NotReadyError: a program did not start.
    """
    found = {
        name: program(name) for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
    }
    control_plane = ControlPlane(
        folder, free_port(), make_certificates(folder, "kubernetes", "kubernetes.default.svc"), secrets.token_hex(16)
    )
    _write_access(control_plane)
    if data is not None:
        shutil.copytree(data, folder / DATA)
    try:
        etcd = _start_etcd(control_plane, found["etcd"])
        _start_api_server(control_plane, found["kube-apiserver"], etcd, webhooks=webhooks, more=arguments)
        _start_controllers(control_plane, found)
        yield control_plane
    finally:
        control_plane.stop()


def _write_access(control_plane: ControlPlane) -> None:
    # The group system:masters decides, not the user name: RBAC allows it everything.
    tokens = control_plane.folder / "tokens.csv"
    tokens.write_text(f'{control_plane.admin_token},tests,tests,"system:masters"\n')
    tokens.chmod(0o600)
    cluster = {"server": control_plane.url, "certificate-authority": str(control_plane.certificates.authority)}
    control_plane.kubeconfig.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "tests", "cluster": cluster}],
                "users": [{"name": "tests", "user": {"token": control_plane.admin_token}}],
                "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
                "current-context": "tests",
            }
        )
    )
    control_plane.kubeconfig.chmod(0o600)


def _start_etcd(control_plane: ControlPlane, path: Path) -> str:
    client, peer = (f"http://127.0.0.1:{port}" for port in (free_port(), free_port()))
    etcd = start(
        "etcd",
        [
            path,
            f"--data-dir={control_plane.folder / DATA}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            # Durability is not required: the data is deleted with the test.
            "--unsafe-no-fsync",
        ],
        control_plane.folder,
    )
    control_plane.programs.append(etcd)
    etcd.wait_until(lambda: listens(int(client.rsplit(":", 1)[1])), seconds=30)
    return client


def _start_api_server(
    control_plane: ControlPlane, path: Path, etcd: str, *, webhooks: bool, more: Sequence[str]
) -> None:
    files = control_plane.certificates
    disabled = [] if webhooks else ["MutatingAdmissionWebhook", "ValidatingAdmissionWebhook"]
    api_server = start(
        "kube-apiserver",
        [
            path,
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={control_plane.port}",
            f"--tls-cert-file={files.server}",
            f"--tls-private-key-file={files.server_key}",
            f"--client-ca-file={files.authority}",
            f"--token-auth-file={control_plane.folder / 'tokens.csv'}",
            f"--service-account-key-file={files.signing_public}",
            f"--service-account-signing-key-file={files.signing_key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=172.20.0.0/16",
            "--authorization-mode=Node,RBAC",
            "--allow-privileged=true",
            *([f"--disable-admission-plugins={','.join(disabled)}"] if disabled else []),
            *more,
        ],
        control_plane.folder,
    )
    control_plane.programs.append(api_server)
    api_server.wait_until(lambda: _answers(control_plane), seconds=60)


def _answers(control_plane: ControlPlane) -> bool:
    with urllib3.PoolManager(ca_certs=str(control_plane.certificates.authority), retries=False) as pool:
        headers = {"Authorization": f"Bearer {control_plane.admin_token}"}
        try:
            return pool.request("GET", f"{control_plane.url}/readyz", headers=headers, timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False


def _start_controllers(control_plane: ControlPlane, found: dict[str, Path]) -> None:
    """Start the controllers in parallel; each is ready when its port is open."""
    files, kubeconfig = control_plane.certificates, f"--kubeconfig={control_plane.kubeconfig}"
    ports = {name: free_port() for name in ("kube-controller-manager", "kube-scheduler", "kwok")}
    serving = {
        name: [f"--secure-port={port}", "--bind-address=127.0.0.1", f"--cert-dir={control_plane.folder / name}"]
        for name, port in ports.items()
    }
    arguments = {
        "kube-controller-manager": [
            *serving["kube-controller-manager"],
            "--leader-elect=false",
            "--use-service-account-credentials=true",
            # Namespaces are deleted as fast as the API server allows.
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            "--concurrent-namespace-syncs=20",
            f"--service-account-private-key-file={files.signing_key}",
            f"--root-ca-file={files.authority}",
        ],
        "kube-scheduler": [*serving["kube-scheduler"], "--leader-elect=false"],
        "kwok": ["--manage-all-nodes", f"--server-address=127.0.0.1:{ports['kwok']}", f"--config={STAGES}"],
    }
    started = [start(name, [found[name], kubeconfig, *more], control_plane.folder) for name, more in arguments.items()]
    control_plane.programs.extend(started)
    for one in started:
        one.wait_until(functools.partial(listens, ports[one.name]), seconds=30)
