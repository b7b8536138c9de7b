"""Names of Argo CD's chart that other modules use."""

import config.gitops
from components.kubernetes.pods import APP_LABEL

NAMESPACE = config.gitops.NAMESPACE
FULL_NAME = "argocd"
SERVER = f"{FULL_NAME}-server"
REPO_SERVER = f"{FULL_NAME}-repo-server"
CONTROLLER = f"{FULL_NAME}-application-controller"
APPLICATION_SETS = f"{FULL_NAME}-applicationset-controller"
NOTIFICATIONS = f"{FULL_NAME}-notifications-controller"
REDIS = f"{FULL_NAME}-redis"
IMAGE_UPDATER = "argocd-image-updater"
REDIS_SECRET = f"{FULL_NAME}-redis-secret-init"

NOTIFICATIONS_SECRET = "argocd-notifications-secret"
"""https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/overview/"""

SLACK_TOKEN_KEY = "slack-token"
REPOSITORY_SECRET = "releases-repository"
RELEASE_ACCOUNT = "release"
LOCAL_CLUSTER = "https://kubernetes.default.svc"

SERVER_PORT = 8080
REPO_SERVER_PORT = 8081
REDIS_PORT = 6379
METRICS_PORTS = {f"{FULL_NAME}-{part}": port for part, port in config.gitops.METRICS_PORTS.items()}


def pods_of(part: str) -> dict[str, str]:
    """Return the label of the pods of a part of the chart."""
    return {APP_LABEL: part}
