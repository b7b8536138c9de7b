"""What the parts of Kubeflow call each other: the community's names, which its manifests rely on."""

import json

SYSTEM_NAMESPACE = "kubeflow"
"""Where most of it runs."""

GATEWAY_NAMESPACE = "istio-system"
GATEWAY = "istio-ingressgateway"
"""The Deployment and the Service that all requests of people come through."""

GATEWAY_PODS = {"app": GATEWAY}
GATEWAY_SERVICE_PORT, GATEWAY_POD_PORT = 80, 8080
STATUS_PORT, STATUS_PATH = 15021, "/healthz/ready"
"""Where a proxy says whether it is ready: https://istio.io/latest/docs/ops/deployment/application-requirements/"""

ISTIOD_PODS = {"app": "istiod"}
ROUTES = "kubeflow/kubeflow-gateway"
"""The Gateway that VirtualServices for people name."""

DEX_NAMESPACE, DEX, DEX_PORT = "auth", "dex", 5556
DEX_HOST = f"{DEX}.{DEX_NAMESPACE}.svc.cluster.local"
ISSUER = f"http://{DEX_HOST}:{DEX_PORT}/dex"
"""What Dex calls itself in every token, and where only the cluster reaches it; browsers are sent to /dex/."""

PROXY_NAMESPACE, PROXY = "oauth2-proxy", "oauth2-proxy"
PROXY_PORT, PROXY_POD_PORT = 80, 4180
"""The community's mesh asks oauth2-proxy.oauth2-proxy.svc.cluster.local:80 about each request."""

CALLBACK = "/oauth2/callback"
CLIENT_ID = "kubeflow"
OPEN_PATHS = ("/dex/*", "/dex/**", "/oauth2/*")
"""What is reached without having logged in: the login itself."""


def login_folder(project: str) -> str:
    """Where all secrets of the login are in Secrets Manager."""
    return f"{project}/kubeflow"


def login_secret(project: str, tenant: str) -> str:
    """The secret in Secrets Manager with a tenant's password for Kubeflow."""
    return f"{login_folder(project)}/{tenant}"


def document(value: object) -> str:
    """A configuration file; JSON is YAML."""
    return json.dumps(value, indent=1)
