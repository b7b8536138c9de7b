"""What the parts of a tenant call each other, and what people, tools and rules find them by."""

from collections.abc import Iterable

EDITOR = "default-editor"
VIEWER = "default-viewer"
"""Kubeflow's names: https://www.kubeflow.org/docs/components/central-dash/profiles/"""

QUOTA = "kf-resource-quota"
"""The name that Kubeflow's profile controller gives it."""

OWNER_BINDING = "namespaceAdmin"
"""Same."""

TENANTS_GROUP = "tenants"
"""The Kubernetes group of every tenant's person."""

INSTRUCTORS_GROUP = "tenant-instructors"
"""The Kubernetes group of those who look into every tenant; a tenant's own group ends in a digit."""

PIPELINE_ARTIFACTS = "kubeflow-pipeline-artifacts/"
ARTIFACTS = ("mlflow-artifacts/", PIPELINE_ARTIFACTS)
"""Folders that each bucket has from the start: `aws s3 ls` fails on one that holds nothing."""


def group(tenant: str) -> str:
    """The Kubernetes group that is one person's alone."""
    return f"tenant-{tenant}"


def labels(tenant: str) -> dict[str, str]:
    """Labels of a tenant's objects."""
    return {
        "app.kubernetes.io/name": tenant,
        "app.kubernetes.io/component": "tenant",
        "app.kubernetes.io/part-of": "ai-platform",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def any_of(prefix: str, numbers: Iterable[str]) -> list[str]:
    """A pattern of IAM for the names of all tenants: a question mark is one character, and numbers have 2 to 4."""
    return [f"{prefix}{'?' * digits}" for digits in sorted({len(number) for number in numbers})]
