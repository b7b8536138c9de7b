"""The certificate authority of the stores in the cluster, and certificates of their servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import TLS_PROVIDER
from components.base.component import UNREPORTED, Component
from components.data.secret import Secret
from components.identity.secret_access import SecretAccess
from components.identity.workload_identity import IdentityProvider
from components.kubernetes.pods import mount, volume
from config.tls import Tls

AUTHORITY_DAYS = 30 * 365
"""More than the longest validity of servers' certificates."""

DAY_HOURS = 24
MOUNT = "/certificate"
"""Mount path of a server's certificate."""

CERTIFICATE, KEY, AUTHORITY, KEYSTORE = "tls.crt", "tls.key", "ca.crt", "keystore.pem"
FILES = {CERTIFICATE: "certificate", KEY: "key", AUTHORITY: "authority", KEYSTORE: "keystore"}
"""Files of a server's certificate, and the property of its secret that each has. `keystore.pem` has the key and the
certificate, as Java expects them."""


class _Tls(pulumi.CustomResource):
    """A resource of the provider `tls`, without its SDK.

    Pulumi downloads the plugin of every SDK that is installed, for stacks too that have no resource of it. Without one
    it downloads the plugin with the provider of the first resource, in the provider's version.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        inputs: dict[str, Any],
        *,
        provider: pulumi.ProviderResource,
        outputs: Sequence[str],
        secret: bool = False,
        opts: pulumi.ResourceOptions,
    ) -> None:
        own = pulumi.ResourceOptions(provider=provider, additional_secret_outputs=list(outputs) if secret else None)
        super().__init__(
            f"tls:index/{kind[0].lower()}{kind[1:]}:{kind}",
            name,
            {**inputs, **dict.fromkeys(outputs)},
            pulumi.ResourceOptions.merge(opts, own),
        )

    def output(self, name: str) -> pulumi.Output[str]:
        """Return an output."""
        found: pulumi.Output[str | None] = self.__dict__[name]
        return found.apply(lambda value: value or UNREPORTED)


def _key(name: str, provider: pulumi.ProviderResource, opts: pulumi.ResourceOptions) -> _Tls:
    return _Tls(
        "PrivateKey",
        name,
        {"algorithm": "ECDSA", "ecdsaCurve": "P256"},
        provider=provider,
        outputs=("privateKeyPem", "privateKeyPemPkcs8"),
        secret=True,
        opts=opts,
    )


class Authority(Component):
    """A private certificate authority, whose key is only in the state of the stack, encrypted as every secret.

    It is valid for as long as a platform is: clients have a copy of its certificate.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Authority"

    def __init__(self, name: str, settings: Tls, *, project: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.settings = settings
        version = pulumi.ResourceOptions(version=TLS_PROVIDER.removeprefix("v"))
        self.provider = pulumi.ProviderResource("tls", name, {}, pulumi.ResourceOptions.merge(self.child(), version))
        key = _key(name, self.provider, self.child())
        self.key = key.output("privateKeyPem")
        signed = _Tls(
            "SelfSignedCert",
            name,
            {
                "privateKeyPem": self.key,
                "subject": {"commonName": f"{project} stores", "organization": project},
                "isCaCertificate": True,
                "setSubjectKeyId": True,
                "allowedUses": ["cert_signing", "crl_signing"],
                "validityPeriodHours": AUTHORITY_DAYS * DAY_HOURS,
            },
            provider=self.provider,
            outputs=("certPem",),
            opts=self.child(),
        )
        self.certificate = signed.output("certPem")
        """PEM, for clients; it is not confidential."""

        self.finish(certificate=self.certificate)


class ServerCertificate(Component):
    """A key and a certificate of a store's servers, in Secrets Manager and a Secret of their namespace.

    The Secret has another name after a renewal: pods restart one by one, and those with the former certificate and
    those with the new one trust each other.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:ServerCertificate"

    def __init__(
        self,
        name: str,
        *,
        authority: Authority,
        names: Sequence[str],
        namespace: str,
        project: str,
        region: str,
        provider: IdentityProvider,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the certificate for these DNS names, of which a leftmost label may be `*`."""
        super().__init__(name, opts)
        certificate, key = self._signed(authority, names, namespace)
        secret = Secret(
            name,
            secret_name=f"{project}/{namespace}/certificate",
            description=f"Key and certificate of {namespace}",
            fixed={
                "authority": authority.certificate,
                "certificate": certificate,
                "key": key,
                "keystore": pulumi.Output.concat(key, certificate),
            },
            opts=self.child(waits=False),
        )
        access = SecretAccess(
            name,
            role_name=f"{project}-{namespace}-certificate",
            namespace=namespace,
            region=region,
            provider=provider,
            secret_arns=[secret.arn],
            labels=labels,
            opts=self.child(),
        )
        self.synced = access.external_secret(
            f"{namespace}-certificate",
            {file: (secret.arn, part) for file, part in FILES.items()},
            version=secret.version_id(),
        )
        self.finish()

    def _signed(
        self, authority: Authority, names: Sequence[str], common_name: str
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """Return the certificate and its key."""
        day = authority.settings.renewed
        provider = authority.provider
        key = _key(self.name, provider, self.child(waits=False))
        request = _Tls(
            "CertRequest",
            self.name,
            {
                "privateKeyPem": key.output("privateKeyPem"),
                # Clients only read the DNS names. Another date makes another request, and so another certificate:
                # Pulumi does not renew by `earlyRenewalHours`, https://github.com/pulumi/pulumi-tls/issues/39.
                "subject": {"commonName": common_name, **({"organizationalUnit": f"renewed {day}"} if day else {})},
                "dnsNames": list(names),
            },
            provider=provider,
            outputs=("certRequestPem",),
            opts=self.child(waits=False),
        )
        signed = _Tls(
            "LocallySignedCert",
            self.name,
            {
                "certRequestPem": request.output("certRequestPem"),
                "caPrivateKeyPem": authority.key,
                "caCertPem": authority.certificate,
                # Servers are clients of each other.
                "allowedUses": ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
                "validityPeriodHours": authority.settings.days * DAY_HOURS,
            },
            provider=provider,
            outputs=("certPem",),
            opts=self.child(waits=False),
        )
        return signed.output("certPem"), key.output("privateKeyPemPkcs8")

    def volume(self) -> kubernetes.core.v1.VolumeArgs:
        """Return the volume of a pod with the files."""
        return volume("certificate", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=self.synced.name))


def certificate_mount() -> kubernetes.core.v1.VolumeMountArgs:
    """Return the mount of the volume."""
    return mount("certificate", MOUNT, read_only=True)
