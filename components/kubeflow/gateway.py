"""Authentication at the mesh's gateway: valid tokens only, with the user's name from the token."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubeflow.names import (
    CLIENT_ID,
    DEX_HOST,
    DEX_NAMESPACE,
    DEX_PORT,
    GATEWAY_NAMESPACE,
    GATEWAY_PODS,
    ISSUER,
    OPEN_PATHS,
    PROXY,
    PROXY_NAMESPACE,
    PROXY_PORT,
    ROUTES,
)
from components.kubernetes.pods import labels

_SECURITY, _NETWORKING = "security.istio.io/v1", "networking.istio.io/v1"


class GatewayLogin(Component):
    """The gateway sends each request without a token to oauth2-proxy, and denies requests without a valid token.

    As in the community's common/oauth2-proxy: the headers kubeflow-userid and kubeflow-groups, which identify the user
    in all of Kubeflow, are set from the token's claims and replace the client's headers.
    """

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:GatewayLogin"

    def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        gateway = {"selector": {"matchLabels": GATEWAY_PODS}}
        elsewhere = [{"operation": {"notPaths": list(OPEN_PATHS)}}]
        self.made: list[pulumi.Resource] = [
            self._object(
                "token",
                "RequestAuthentication",
                _SECURITY,
                {
                    **gateway,
                    "jwtRules": [
                        {
                            "issuer": ISSUER,
                            "jwksUri": f"{ISSUER}/keys",
                            "audiences": [CLIENT_ID],
                            "forwardOriginalToken": True,
                            "fromHeaders": [{"name": "Authorization", "prefix": "Bearer "}],
                            "outputClaimToHeaders": [
                                {"header": "kubeflow-userid", "claim": "email"},
                                {"header": "kubeflow-groups", "claim": "groups"},
                            ],
                        }
                    ],
                },
            ),
            self._object(
                "ask",
                "AuthorizationPolicy",
                _SECURITY,
                {
                    **gateway,
                    "action": "CUSTOM",
                    "provider": {"name": PROXY},
                    # API clients send their own token, which the policy below validates.
                    "rules": [
                        {"to": elsewhere, "when": [{"key": "request.headers[authorization]", "notValues": ["*"]}]}
                    ],
                },
            ),
            self._object(
                "deny",
                "AuthorizationPolicy",
                _SECURITY,
                {
                    **gateway,
                    "action": "DENY",
                    "rules": [{"from": [{"source": {"notRequestPrincipals": ["*"]}}], "to": elsewhere}],
                },
            ),
            self._route("dex", DEX_NAMESPACE, "/dex/", DEX_HOST, DEX_PORT),
            self._route(
                "oauth2-proxy",
                PROXY_NAMESPACE,
                "/oauth2/",
                f"{PROXY}.{PROXY_NAMESPACE}.svc.cluster.local",
                PROXY_PORT,
            ),
        ]
        self.finish()

    def _object(
        self, name: str, kind: str, api_version: str, spec: dict[str, Any], namespace: str = GATEWAY_NAMESPACE
    ) -> kubernetes.apiextensions.CustomResource:
        return kubernetes.apiextensions.CustomResource(
            f"{self.name}-{name}",
            api_version=api_version,
            kind=kind,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=f"kubeflow-login-{name}", namespace=namespace, labels=labels("kubeflow", "login")
            ),
            spec=spec,
            opts=self.child(),
        )

    def _route(
        self, name: str, namespace: str, prefix: str, host: str, port: int
    ) -> kubernetes.apiextensions.CustomResource:
        spec = {
            "gateways": [ROUTES],
            "hosts": ["*"],
            "http": [
                {
                    "match": [{"uri": {"prefix": prefix}}],
                    "route": [{"destination": {"host": host, "port": {"number": port}}}],
                }
            ],
        }
        return self._object(name, "VirtualService", _NETWORKING, spec, namespace)
