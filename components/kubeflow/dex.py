"""Dex: the identity provider, with e-mail addresses and passwords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import DEX_IMAGE
from components.base.component import Component
from components.identity.secret_access import VERSION_ANNOTATION, SyncedSecret
from components.kubeflow.names import CALLBACK, CLIENT_ID, DEX, DEX_NAMESPACE, DEX_PORT, ISSUER, document
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    in_order,
    labels,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    volume,
)
from components.kubernetes.services import service_for
from config.tenants import Tenant
from config.workloads.resources import Amounts, Resources

LABELS = {"app": DEX, **labels(DEX, "login")}
FOLDER, FILE = "/etc/dex/cfg", "config.yaml"
USER_ID = 1001
"""User ID of the image: https://github.com/dexidp/dex/blob/v2.45.0/Dockerfile"""

SECRET_VARIABLE = "OIDC_CLIENT_SECRET"
SIZE = Resources(requests=Amounts(cpu="10m", memory="64Mi"), limits=Amounts(memory="256Mi"))
GROUP = "dex.coreos.com"
KINDS = {
    "authcodes": ("authcode", "AuthCode"),
    "authrequests": ("authrequest", "AuthRequest"),
    "oauth2clients": ("oauth2client", "OAuth2Client"),
    "signingkeies": ("signingkey", "SigningKey"),
    "refreshtokens": ("refreshtoken", "RefreshToken"),
    "passwords": ("password", "Password"),
    "offlinesessionses": ("offlinesessions", "OfflineSessions"),
    "connectors": ("connector", "Connector"),
    "devicerequests": ("devicerequest", "DeviceRequest"),
    "devicetokens": ("devicetoken", "DeviceToken"),
}
"""Custom resources that Dex stores: https://github.com/dexidp/dex/blob/v2.45.0/storage/kubernetes/types.go"""


def password_variable(tenant: Tenant) -> str:
    """Return the variable with the hash of a tenant's password."""
    return f"PASSWORD_{tenant.number}"


def configuration(tenants: Sequence[Tenant]) -> dict[str, Any]:
    """Return Dex's configuration, with the tenants as its only users. It contains no password and no hash.

    https://dexidp.io/docs/
    """
    return {
        "issuer": ISSUER,
        # Signing keys are kept when the pod is replaced: the mesh reads new keys minutes later.
        "storage": {"type": "kubernetes", "config": {"inCluster": True, "crdHandling": "check"}},
        "web": {"http": f"0.0.0.0:{DEX_PORT}"},
        "logger": {"level": "info", "format": "json"},
        "oauth2": {"skipApprovalScreen": True},
        "enablePasswordDB": True,
        "staticPasswords": [
            {
                "email": tenant.email,
                "hashFromEnv": password_variable(tenant),
                "username": tenant.name,
                "userID": tenant.name,
            }
            for tenant in tenants
        ],
        "staticClients": [
            {
                "id": CLIENT_ID,
                "name": "Kubeflow",
                # A relative path, valid for any host name: https://github.com/dexidp/dex/pull/1664
                "redirectURIs": [CALLBACK],
                "secretEnv": SECRET_VARIABLE,
            }
        ],
    }


class Dex(Component):
    """Dex, with the tenants as its only users, and with its storage in its own namespace of the Kubernetes API.

    This component creates Dex's custom resource definitions, so Dex requires no permission outside its namespace.
    Passwords are bcrypt hashes in environment variables, which Dex reads at startup: a new tenant or a new password
    restarts it.
    """

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:Dex"

    def __init__(
        self,
        name: str,
        *,
        tenants: Sequence[Tenant],
        client: SyncedSecret,
        passwords: SyncedSecret | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        after = [*self._definitions(), *self._rights()]
        data = {FILE: document(configuration(tenants))}
        after.append(
            kubernetes.core.v1.ConfigMap(name, metadata=_metadata(), data=data, opts=self.child()),
        )
        annotations: dict[str, pulumi.Input[str]] = {CONFIGURATION_ANNOTATION: configuration_hash(data)}
        if passwords is not None:
            after.append(passwords.resource)
            if passwords.version is not None:
                annotations[VERSION_ANNOTATION] = passwords.version
        deployment = self._deployment(client, passwords, annotations, [*after, client.resource])
        service = service_for(
            name,
            metadata=_metadata(),
            labels=LABELS,
            ports={"http": DEX_PORT},
            opts=self.child(),
        )
        self.ready: list[pulumi.Resource] = [deployment, service]
        self.finish()

    def _definitions(self) -> list[pulumi.Resource]:
        # In the API server's spelling: the typed argument has underscores, which only Pulumi's plugin converts.
        anything: Any = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        return [
            kubernetes.apiextensions.v1.CustomResourceDefinition(
                f"{self.name}-{plural}",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(name=f"{plural}.{GROUP}", labels=LABELS),
                spec=kubernetes.apiextensions.v1.CustomResourceDefinitionSpecArgs(
                    group=GROUP,
                    scope="Namespaced",
                    names=kubernetes.apiextensions.v1.CustomResourceDefinitionNamesArgs(
                        plural=plural, singular=singular, kind=kind, list_kind=f"{kind}List"
                    ),
                    versions=[
                        kubernetes.apiextensions.v1.CustomResourceDefinitionVersionArgs(
                            name="v1",
                            served=True,
                            storage=True,
                            schema=kubernetes.apiextensions.v1.CustomResourceValidationArgs(open_apiv3_schema=anything),
                        )
                    ],
                ),
                opts=self.child(),
            )
            for plural, (singular, kind) in KINDS.items()
        ]

    def _rights(self) -> list[pulumi.Resource]:
        account = kubernetes.core.v1.ServiceAccount(
            self.name, metadata=_metadata(), automount_service_account_token=False, opts=self.child()
        )
        role = kubernetes.rbac.v1.Role(
            self.name,
            metadata=_metadata(),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(
                    api_groups=[GROUP],
                    resources=list(KINDS),
                    verbs=["get", "list", "create", "update", "delete"],
                )
            ],
            opts=self.child(),
        )
        binding = kubernetes.rbac.v1.RoleBinding(
            self.name,
            metadata=_metadata(),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=DEX),
            subjects=[kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=DEX, namespace=DEX_NAMESPACE)],
            opts=self.child(depends_on=[role, account]),
        )
        return [account, role, binding]

    def _deployment(
        self,
        client: SyncedSecret,
        passwords: SyncedSecret | None,
        annotations: Mapping[str, pulumi.Input[str]],
        after: list[pulumi.Resource],
    ) -> kubernetes.apps.v1.Deployment:
        container = kubernetes.core.v1.ContainerArgs(
            name=DEX,
            image=DEX_IMAGE,
            # Without the image's entry point, which would process the configuration as a template.
            command=["dex", "serve", f"{FOLDER}/{FILE}"],
            env=in_order(
                [
                    kubernetes.core.v1.EnvVarArgs(
                        name="KUBERNETES_POD_NAMESPACE",
                        value_from=kubernetes.core.v1.EnvVarSourceArgs(
                            field_ref=kubernetes.core.v1.ObjectFieldSelectorArgs(field_path="metadata.namespace")
                        ),
                    ),
                    *client.environment({SECRET_VARIABLE: "client-secret"}),
                ]
            ),
            env_from=[passwords.all_keys()] if passwords else None,
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=DEX_PORT)],
            resources=resources(SIZE),
            startup_probe=probe("/dex/healthz", period=5, failures=24),
            readiness_probe=probe("/dex/healthz", period=10, failures=3),
            liveness_probe=probe("/dex/healthz", period=30, failures=3),
            security_context=container_security(),
            volume_mounts=[mount("config", FOLDER, read_only=True)],
        )
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=_metadata(),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(LABELS)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=LABELS, annotations=dict(annotations)),
                    spec=kubernetes.core.v1.PodSpecArgs(
                        service_account_name=DEX,
                        automount_service_account_token=True,
                        enable_service_links=False,
                        security_context=pod_security(USER_ID),
                        containers=[container],
                        volumes=[volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=DEX))],
                    ),
                ),
            ),
            opts=self.child(depends_on=after),
        )


def _metadata() -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(name=DEX, namespace=DEX_NAMESPACE, labels=LABELS)
