"""oauth2-proxy: authentication of browsers, and the redirect to the login."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import OAUTH2_PROXY_IMAGE
from components.base.component import Component
from components.identity.secret_access import SyncedSecret
from components.kubeflow.names import (
    CALLBACK,
    CLIENT_ID,
    ISSUER,
    PROXY,
    PROXY_NAMESPACE,
    PROXY_POD_PORT,
    PROXY_PORT,
)
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    labels,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    volume,
)
from components.kubernetes.scaling import disruption_budget, spread
from components.kubernetes.services import service_for
from config.workloads.resources import Amounts, Resources

LABELS = labels(PROXY, "login")
FOLDER, FILE = "/etc/oauth2-proxy", "oauth2_proxy.cfg"
USER_ID = 65532
"""User ID of the image, `nonroot` of distroless:
https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.14.3/Dockerfile
"""

SIZE = Resources(requests=Amounts(cpu="10m", memory="32Mi"), limits=Amounts(memory="128Mi"))
REPLICAS = 2
"""All of Kubeflow's requests depend on it."""


def configuration(*, encrypted: bool) -> dict[str, Any]:
    """Return oauth2-proxy's configuration, with the community's settings.

    `encrypted` is for users who connect by HTTPS: browsers then send the cookie over HTTPS only.
    https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview
    """
    return {
        "http_address": f"0.0.0.0:{PROXY_POD_PORT}",
        "provider": "oidc",
        "client_id": CLIENT_ID,
        # The issuer's name resolves in the cluster only. Browsers get relative addresses, so discovery is disabled.
        "oidc_issuer_url": ISSUER,
        "skip_oidc_discovery": True,
        "login_url": "/dex/auth",
        "redeem_url": f"{ISSUER}/token",
        "oidc_jwks_url": f"{ISSUER}/keys",
        "redirect_url": CALLBACK,
        "relative_redirect_url": True,
        "scope": "openid profile email groups",
        "code_challenge_method": "S256",
        # The tenants are Dex's only users.
        "email_domains": ["*"],
        # It answers the mesh's authorization check, and never forwards a request.
        "upstreams": ["static://200"],
        "skip_auth_routes": ["^/dex/"],
        # Requests of the pages' scripts get a 401 instead of a login page: each page would start its own login.
        "api_routes": ["/api/", "/apis/", "^/ml_metadata"],
        "skip_provider_button": False,
        "provider_display_name": "Kubeflow",
        "banner": "-",
        "footer": "-",
        # The default would make Dex request the password each time: https://github.com/dexidp/dex/pull/3086
        "prompt": "none",
        # The token is forwarded to the gateway, which validates it; API clients send their own token.
        "set_authorization_header": True,
        "set_xauthrequest": True,
        "skip_jwt_bearer_tokens": True,
        "cookie_name": "oauth2_proxy_kubeflow",
        "cookie_secure": encrypted,
        "cookie_httponly": True,
        "cookie_samesite": "lax",
        # The lifetime of Dex's tokens.
        "cookie_expire": "24h",
        "cookie_refresh": "0",
    }


class Oauth2Proxy(Component):
    """oauth2-proxy, which is stateless: a session is an encrypted cookie."""

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:Oauth2Proxy"

    def __init__(
        self,
        name: str,
        *,
        secrets: SyncedSecret,
        encrypted: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        # TOML values have the same syntax as JSON values.
        lines = [f"{key} = {json.dumps(value)}" for key, value in configuration(encrypted=encrypted).items()]
        data = {FILE: "\n".join((*lines, ""))}
        config = kubernetes.core.v1.ConfigMap(name, metadata=_metadata(), data=data, opts=self.child())
        deployment = self._deployment(secrets, configuration_hash(data), [config, secrets.resource])
        disruption_budget(name, metadata=_metadata(), labels=LABELS, opts=self.child())
        service = service_for(
            name,
            metadata=_metadata(),
            labels=LABELS,
            ports={"http": PROXY_PORT},
            opts=self.child(),
        )
        self.ready: list[pulumi.Resource] = [deployment, service]
        self.finish()

    def _deployment(
        self, secrets: SyncedSecret, digest: pulumi.Output[str], after: list[pulumi.Resource]
    ) -> kubernetes.apps.v1.Deployment:
        container = kubernetes.core.v1.ContainerArgs(
            name=PROXY,
            image=OAUTH2_PROXY_IMAGE,
            args=[f"--config={FOLDER}/{FILE}"],
            env=secrets.environment(
                {"OAUTH2_PROXY_CLIENT_SECRET": "client-secret", "OAUTH2_PROXY_COOKIE_SECRET": "cookie-secret"}
            ),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PROXY_POD_PORT)],
            resources=resources(SIZE),
            startup_probe=probe("/ready", period=5, failures=24),
            readiness_probe=probe("/ready", period=10, failures=3),
            liveness_probe=probe("/ping", period=30, failures=3),
            security_context=container_security(),
            volume_mounts=[mount("config", FOLDER, read_only=True)],
        )
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=_metadata(),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=REPLICAS,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(LABELS)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(
                        labels=LABELS, annotations={CONFIGURATION_ANNOTATION: digest}
                    ),
                    spec=kubernetes.core.v1.PodSpecArgs(
                        automount_service_account_token=False,
                        enable_service_links=False,
                        security_context=pod_security(USER_ID),
                        topology_spread_constraints=spread(LABELS, strict=False),
                        containers=[container],
                        volumes=[volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=PROXY))],
                    ),
                ),
            ),
            opts=self.child(depends_on=after),
        )


def _metadata() -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(name=PROXY, namespace=PROXY_NAMESPACE, labels=LABELS)
