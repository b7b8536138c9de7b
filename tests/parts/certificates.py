"""A certificate authority of the tests, and the key pair that signs service account tokens."""

import functools
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """PEM files in a folder."""

    authority: Path
    server: Path
    server_key: Path
    signing_key: Path
    signing_public: Path


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> Path:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    path.chmod(0o600)
    return path


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
    )


def _files(folder: Path, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, names: Sequence[str]) -> None:
    """Write a server's key and a certificate that `key` signs."""
    server_key = ec.generate_private_key(ec.SECP256R1())
    known = [x509.DNSName(name) for name in ("localhost", *names)]
    server = (
        _builder(names[0] if names else "localhost", "tests", server_key)
        .add_extension(
            x509.SubjectAlternativeName([*known, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    for name, certificate in (("ca.crt", authority), ("server.crt", server)):
        (folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    _write_key(folder / "server.key", server_key)


@dataclass(frozen=True)
class Authority:
    """An authority that signs several certificates."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def issue(self, folder: Path, *names: str) -> None:
        """Write `ca.crt`, `server.crt` and `server.key`; the certificate is valid for one day."""
        _files(folder, self.key, self.certificate(), names)

    @functools.cache  # noqa: B019, as long as a test
    def certificate(self) -> x509.Certificate:
        """Return its own certificate."""
        return (
            _builder("tests", "tests", self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )


def make_certificates(folder: Path, *names: str) -> Certificates:
    """Create certificates for a server at 127.0.0.1 with these names, which are valid for one day."""
    Authority().issue(folder, *names)
    signing_key = ec.generate_private_key(ec.SECP256R1())
    public = folder / "signing.pub"
    public.write_bytes(
        signing_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return Certificates(
        authority=folder / "ca.crt",
        server=folder / "server.crt",
        server_key=folder / "server.key",
        signing_key=_write_key(folder / "signing.key", signing_key),
        signing_public=public,
    )
