"""Syncs the secrets of one workload from Secrets Manager to its namespace, with an IAM role that reads no others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.identity.access import secret_statement
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity

API_VERSION = "external-secrets.io/v1"
REFRESH = "1h"
VERSION_ANNOTATION = "ai-platform/secret-version"


@dataclass(frozen=True)
class SyncedSecret:
    """A Kubernetes Secret that External Secrets manages."""

    name: pulumi.Input[str]
    resource: pulumi.Resource
    version: pulumi.Output[str] | None = None
    """Version of a secret with a fixed name. Pods have it as an annotation, so that they restart when it changes."""

    def all_keys(self) -> kubernetes.core.v1.EnvFromSourceArgs:
        """Return a source that sets every key as an environment variable of the same name."""
        return kubernetes.core.v1.EnvFromSourceArgs(
            secret_ref=kubernetes.core.v1.SecretEnvSourceArgs(name=self.name),
        )

    def environment(self, keys: Mapping[str, str]) -> list[kubernetes.core.v1.EnvVarArgs]:
        """Return environment variables from the secret. `keys` maps the name of a variable to a key."""
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
            # The operator authenticates to AWS with a token of this service account: only an OIDC provider accepts it.
            provider=replace(provider, mode="irsa"),
            statements=[secret_statement("ReadOwnSecrets", *secret_arns)],
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
            # The store needs its IAM role from its creation until the last secret is deleted.
            opts=self.child(depends_on=self.identity.ready, waits=False),
        )
        self.finish(role_arn=self.identity.role_arn)

    def external_secret(
        self, secret_name: str, keys: Mapping[str, tuple[pulumi.Input[str], str]], *, version: pulumi.Input[str]
    ) -> SyncedSecret:
        """Create a Kubernetes Secret whose keys each come from one property of a secret in Secrets Manager.

        `keys` maps a key to the secret's name or ARN and the property of its JSON value. The name ends in a digest of
        `version`. After a rotation the pod template references a new name, so pods restart. They wait until the Secret
        with the new value exists and never start with the old value.
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
        """Create a Kubernetes Secret like `external_secret`, but with the fixed name `secret_name`.

        Users and programs refer to this name. A digest of `version` is an annotation instead. External Secrets reacts
        to a changed annotation immediately: https://external-secrets.io/latest/introduction/faq/. The pods must have
        the same annotation. A pod that starts before the sync finishes uses the old value once.

        A `template` defines the keys of the Secret, computed from `keys`:
        https://external-secrets.io/latest/guides/templating/. `labels` are the labels that programs select it by.
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
