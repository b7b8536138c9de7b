"""Names that Argo CD's chart gives and others refer to."""

from components.kubernetes.pods import APP_LABEL

NAMESPACE = "argocd"
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
METRICS_PORTS = {CONTROLLER: 8082, SERVER: 8083, REPO_SERVER: 8084, APPLICATION_SETS: 8080, NOTIFICATIONS: 9001}
"""Where each part shows its metrics: the chart's own ports."""


def pods_of(part: str) -> dict[str, str]:
    """The label by which the chart's pods are found."""
    return {APP_LABEL: part}
