"""Secrets of one workload: from Secrets Manager into its namespace, by an identity that can read no others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.identity.policy import Statement
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity

READ_SECRET = ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret")
API_VERSION = "external-secrets.io/v1"
REFRESH = "1h"
VERSION_ANNOTATION = "ai-platform/secret-version"


@dataclass(frozen=True)
class SyncedSecret:
    """A Kubernetes secret that External Secrets keeps."""

    name: pulumi.Input[str]
    resource: pulumi.Resource
    version: pulumi.Output[str] | None = None
    """Of a secret with a fixed name: what pods carry as an annotation, so that they restart with a new value."""

    def all_keys(self) -> kubernetes.core.v1.EnvFromSourceArgs:
        """Every key as the environment variable of its name."""
        return kubernetes.core.v1.EnvFromSourceArgs(
            secret_ref=kubernetes.core.v1.SecretEnvSourceArgs(name=self.name),
        )

    def environment(self, keys: Mapping[str, str]) -> list[kubernetes.core.v1.EnvVarArgs]:
        """Environment variables from it; `keys` maps a variable to its key."""
        return [
            kubernetes.core.v1.EnvVarArgs(
                name=variable,
                value_from=kubernetes.core.v1.EnvVarSourceArgs(
                    secret_key_ref=kubernetes.core.v1.SecretKeySelectorArgs(name=self.name, key=key)
                ),
            )
            for variable, key in keys.items()
        ]


class SecretAccess(Component):
    """A SecretStore whose service account's role reads exactly the named secrets."""

    TOKEN: ClassVar[str] = "ai-platform:identity:SecretAccess"

    def __init__(
        self,
        name: str,
        *,
        role_name: str,
        namespace: str,
        region: str,
        provider: IdentityProvider,
        secret_arns: Sequence[pulumi.Input[str]],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.namespace = namespace
        self.store = name
        self._labels = dict(labels)
        self.identity = WorkloadIdentity(
            name,
            role_name=role_name,
            account=ServiceAccount(namespace, name),
            # The operator asks AWS in the name of this account by a token of it, which only an OIDC provider accepts.
            provider=replace(provider, mode="irsa"),
            statements=[Statement("ReadOwnSecrets", READ_SECRET, tuple(secret_arns))],
            labels=labels,
            opts=self.child(),
        )
        self._secret_store = kubernetes.apiextensions.CustomResource(
            name,
            api_version=API_VERSION,
            kind="SecretStore",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=self.store, namespace=namespace, labels=self._labels),
            spec={
                "provider": {
                    "aws": {
                        "service": "SecretsManager",
                        "region": region,
                        "auth": {"jwt": {"serviceAccountRef": {"name": name}}},
                    }
                }
            },
            # It asks AWS as soon as it is there, and until the last secret is gone.
            opts=self.child(depends_on=self.identity.ready, waits=False),
        )
        self.finish(role_arn=self.identity.role_arn)

    def external_secret(
        self, secret_name: str, keys: Mapping[str, tuple[pulumi.Input[str], str]], *, version: pulumi.Input[str]
    ) -> SyncedSecret:
        """A Kubernetes secret whose keys each come from one property of a secret in Secrets Manager.

        `keys` maps a key to the secret's name or ARN and the property of its JSON value. The name ends in a digest of
        `version`: after a rotation pods ask for a secret that is not there before the new value is, instead of starting
        with the old one; and because their own description has changed, they restart.
        """
        name: pulumi.Output[str] = pulumi.Output.format(
            "{0}-{1}", secret_name, pulumi.Output.from_input(version).apply(_digest)
        )
        return SyncedSecret(name, self._synced(secret_name, name, keys))

    def fixed_secret(
        self,
        secret_name: str,
        keys: Mapping[str, tuple[pulumi.Input[str], str]],
        *,
        version: pulumi.Input[str],
        template: Mapping[str, pulumi.Input[str]] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> SyncedSecret:
        """A Kubernetes secret as above, whose name people and programs know: exactly `secret_name`.

        `version` stands among the annotations instead, of which External Secrets notices a change at once, and has to
        stand in those of its pods: https://external-secrets.io/latest/introduction/faq/. A pod that is faster than the
        new value starts with the old one once. With a `template` the secret has its keys, made from `keys`:
        https://external-secrets.io/latest/guides/templating/. `labels` are those by which programs find the secret.
        """
        digest = pulumi.Output.from_input(version).apply(_digest)
        shape: dict[str, Any] = {"data": dict(template)} if template else {}
        if labels:
            shape["metadata"] = {"labels": dict(labels)}
        target = {"template": {"engineVersion": "v2", **shape}} if shape else {}
        resource = self._synced(secret_name, secret_name, keys, target=target, annotations={VERSION_ANNOTATION: digest})
        return SyncedSecret(secret_name, resource, digest)

    def _synced(
        self,
        secret_name: str,
        name: pulumi.Input[str],
        keys: Mapping[str, tuple[pulumi.Input[str], str]],
        *,
        target: Mapping[str, Any] | None = None,
        annotations: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> pulumi.Resource:
        data: list[dict[str, Any]] = [
            {"secretKey": key, "remoteRef": {"key": secret, "property": field}} for key, (secret, field) in keys.items()
        ]
        return kubernetes.apiextensions.CustomResource(
            f"{self.name}-{secret_name}",
            api_version=API_VERSION,
            kind="ExternalSecret",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name, namespace=self.namespace, labels=self._labels, annotations=annotations
            ),
            spec={
                "refreshInterval": REFRESH,
                "secretStoreRef": {"kind": "SecretStore", "name": self.store},
                "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain", **(target or {})},
                "data": data,
            },
            opts=self.child(depends_on=[self._secret_store], waits=False),
        )


def _digest(version: str | None) -> str:
    return hashlib.sha256((version or "").encode()).hexdigest()[:8]
