"""Outputs of the provider `tls`: keys and certificates, of which a preview only knows the form."""

from collections.abc import Mapping

from aiplatform.preview.plan import Json
from catalog.aws.aws_type import Context, fingerprint

_FORMS = {
    "PrivateKey": {"privateKeyPem": "EC PRIVATE KEY", "privateKeyPemPkcs8": "PRIVATE KEY"},
    "SelfSignedCert": {"certPem": "CERTIFICATE"},
    "CertRequest": {"certRequestPem": "CERTIFICATE REQUEST"},
    "LocallySignedCert": {"certPem": "CERTIFICATE"},
}


def tls_answer(
    type_: str, logical: str, inputs: Mapping[str, Json], context: Context
) -> tuple[str, dict[str, Json]] | None:
    """Return the id and the outputs of a resource of the provider; None for another type."""
    del inputs
    if not type_.startswith("tls:"):
        return None
    digest = fingerprint(context.urn or f"{type_}::{logical}")
    forms = _FORMS.get(type_.rpartition(":")[2], {})
    return digest, {name: f"-----BEGIN {form}-----\n{digest}\n-----END {form}-----\n" for name, form in forms.items()}
