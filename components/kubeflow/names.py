"""Names that the parts of Kubeflow share, as defined in the community's manifests."""

import json

SYSTEM_NAMESPACE = "kubeflow"
"""Namespace of Kubeflow's control plane."""

GATEWAY_NAMESPACE = "istio-system"
GATEWAY = "istio-ingressgateway"
"""The Deployment and the Service that receive all requests of users."""

GATEWAY_PODS = {"app": GATEWAY}
GATEWAY_SERVICE_PORT, GATEWAY_POD_PORT = 80, 8080
STATUS_PORT, STATUS_PATH = 15021, "/healthz/ready"
"""Readiness endpoint of a sidecar: https://istio.io/latest/docs/ops/deployment/application-requirements/"""

ISTIOD_PODS = {"app": "istiod"}
ROUTES = "kubeflow/kubeflow-gateway"
"""The Gateway of the VirtualServices for users."""

DEX_NAMESPACE, DEX, DEX_PORT = "auth", "dex", 5556
DEX_HOST = f"{DEX}.{DEX_NAMESPACE}.svc.cluster.local"
ISSUER = f"http://{DEX_HOST}:{DEX_PORT}/dex"
"""The issuer in every token, an address that resolves in the cluster only. Browsers are redirected to /dex/."""

PROXY_NAMESPACE, PROXY = "oauth2-proxy", "oauth2-proxy"
PROXY_PORT, PROXY_POD_PORT = 80, 4180
"""The community's mesh sends a check of each request to oauth2-proxy.oauth2-proxy.svc.cluster.local:80."""

CALLBACK = "/oauth2/callback"
CLIENT_ID = "kubeflow"
OPEN_PATHS = ("/dex/*", "/dex/**", "/oauth2/*")
"""Paths that require no login: the login itself."""


def login_folder(project: str) -> str:
    """Return the prefix of all secrets of the login in Secrets Manager."""
    return f"{project}/kubeflow"


def login_secret(project: str, tenant: str) -> str:
    """Return the secret in Secrets Manager with a tenant's password for Kubeflow."""
    return f"{login_folder(project)}/{tenant}"


def document(value: object) -> str:
    """Return a configuration file; JSON is a subset of YAML."""
    return json.dumps(value, indent=1)
