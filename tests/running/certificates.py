"""Certificates of a stack's recording as the provider `tls` would issue them: real keys for the rendered names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import serialization

from components.data.certificates import AUTHORITY, CERTIFICATE, FILES, KEY, KEYSTORE
from tests.components.base import Recording
from tests.parts.certificates import Authority

EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
REQUEST = "tls:index/certRequest:CertRequest"


@dataclass(frozen=True)
class Issued:
    """The Secrets of a stack with certificates."""

    recording: Recording
    authority: Authority = field(default_factory=Authority)
    known: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, namespace: str) -> Mapping[str, str] | None:
        """Return the files of a namespace's servers, the same each time; None without a certificate."""
        requests = {item.name: item.inputs for item in self.recording.all(REQUEST)}
        found = requests.get(f"{namespace}-certificate")
        if found is not None and namespace not in self.known:
            self.known[namespace] = _issue(self.authority, found["dnsNames"])
        return self.known.get(namespace)

    def renew(self, namespace: str) -> Mapping[str, str] | None:
        """Return the files with another certificate of the same authority."""
        self.known.pop(namespace, None)
        return self.of(namespace)

    def secret(self, namespace: str, name: str) -> Mapping[str, str] | None:
        """Return the files of a Secret; None if it is another Secret."""
        for item in self.recording.all(EXTERNAL_SECRET):
            spec = item.inputs["spec"]
            if (item.inputs["metadata"]["namespace"], spec["target"]["name"]) == (namespace, name):
                keys = {one["secretKey"]: one["remoteRef"]["property"] for one in spec["data"]}
                return self.of(namespace) if keys == FILES else None
        return None


def _issue(authority: Authority, names: list[str]) -> Mapping[str, str]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        authority.issue(folder, *names)
        read = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        key, certificate = read.private_bytes(*form).decode(), (folder / "server.crt").read_text()
        return {
            AUTHORITY: (folder / "ca.crt").read_text(),
            CERTIFICATE: certificate,
            KEY: key,
            KEYSTORE: key + certificate,
        }
