"""Namespaces that Kubeflow's pages show to a user."""

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import quote

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.sharing.tenants.kubeflow_names import DIRECTORY, DIRECTORY_PODS, DIRECTORY_PORT, NAMESPACE
from components.sharing.tenants.names import labels
from config.tenants import Tenant


class KubeflowDirectory(Component):
    """Responses to the dashboard's request for a user's namespaces, and read-only access to KFAM.

    The dashboard requests the namespaces from KFAM, which knows them by the names of Profiles: it would return those
    that Kubeflow's controller created, in which nothing runs. So the dashboard's proxy returns the tenant's namespace,
    and forwards all other requests to KFAM.

    KFAM does not check permissions: through the dashboard any user could create a Profile, whose namespace would have
    neither quota nor network policy, or delete its own Profile. So KFAM's proxy allows GET only.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:KubeflowDirectory"

    def __init__(self, name: str, *, tenants: Sequence[Tenant], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._object(
            f"{name}-read-only",
            "security.istio.io/v1",
            "AuthorizationPolicy",
            {
                "action": "DENY",
                "selector": {"matchLabels": DIRECTORY_PODS},
                "rules": [{"to": [{"operation": {"ports": [str(DIRECTORY_PORT)], "notMethods": ["GET"]}}]}],
            },
        )
        self._object(
            f"{name}-namespaces",
            "networking.istio.io/v1",
            "VirtualService",
            {
                "hosts": [DIRECTORY],
                "gateways": ["mesh"],
                # Only Kubeflow's own namespace has pages that send this request.
                "exportTo": ["."],
                "http": [
                    *map(_answer, tenants),
                    {"route": [{"destination": {"host": DIRECTORY, "port": {"number": DIRECTORY_PORT}}}]},
                ],
            },
        )
        self.finish()

    def _object(self, name: str, api_version: str, kind: str, spec: dict[str, Any]) -> None:
        kubernetes.apiextensions.CustomResource(
            name,
            api_version=api_version,
            kind=kind,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=NAMESPACE, labels=labels("tenants")),
            spec=spec,
            opts=self.child(),
        )


def _answer(tenant: Tenant) -> dict[str, Any]:
    """Return KFAM's response: `admin` is the role that the pages show as owner."""
    entry = {
        "user": {"kind": "User", "name": tenant.email},
        "referredNamespace": tenant.namespace,
        "RoleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
    }
    return {
        "match": [
            {
                "uri": {"exact": "/kfam/v1/bindings"},
                "method": {"exact": "GET"},
                "queryParams": {"user": {"regex": email_pattern(tenant.email)}},
            }
        ],
        "directResponse": {"status": 200, "body": {"string": json.dumps({"bindings": [entry]})}},
        "headers": {"response": {"set": {"content-type": "application/json"}}},
    }


def email_pattern(email: str) -> str:
    """Return a pattern for an e-mail address in a query: `@` or `%40`, because the proxy decodes nothing."""
    return "".join(
        re.escape(letter) if quote(letter, safe="") == letter else f"({re.escape(letter)}|{quote(letter, safe='')})"
        for letter in email
    )
