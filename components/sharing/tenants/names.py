"""Names that the parts of a tenant share, and by which users, tools and rules refer to them."""

from collections.abc import Iterable

from components.base.naming import ROLE_LIMIT, fit

EDITOR = "default-editor"
VIEWER = "default-viewer"
"""Kubeflow's name: https://www.kubeflow.org/docs/components/central-dash/profiles/"""

QUOTA = "kf-resource-quota"
"""Name of the quota that Kubeflow's Profile controller creates."""

OWNER_BINDING = "namespaceAdmin"
"""Name of the RoleBinding that Kubeflow's Profile controller creates."""

TENANTS_GROUP = "tenants"
"""The Kubernetes group of the users of all tenants."""

INSTRUCTORS_GROUP = "tenant-instructors"
"""The Kubernetes group of instructors, who can view every tenant. A tenant's own group ends in a digit."""

PIPELINE_ARTIFACTS = "kubeflow-pipeline-artifacts/"
ARTIFACTS = ("mlflow-artifacts/", PIPELINE_ARTIFACTS)
"""Folders that are created in each bucket: `aws s3 ls` fails on a folder without objects."""


def default_role(project: str, tenant: str) -> str:
    """Return the default name of the IAM role of a tenant's user."""
    return fit(f"{project}-tenant-{tenant}", ROLE_LIMIT)


def group(tenant: str) -> str:
    """Return the Kubernetes group of a single user."""
    return f"tenant-{tenant}"


def labels(tenant: str) -> dict[str, str]:
    """Return the labels of a tenant's objects."""
    return {
        "app.kubernetes.io/name": tenant,
        "app.kubernetes.io/component": "tenant",
        "app.kubernetes.io/part-of": "ai-platform",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def any_of(prefix: str, numbers: Iterable[str]) -> list[str]:
    """Return IAM patterns for the names of all tenants.

    A question mark matches one character, and a tenant's number has 2 to 4 digits.
    """
    return [f"{prefix}{'?' * digits}" for digits in sorted({len(number) for number in numbers})]
