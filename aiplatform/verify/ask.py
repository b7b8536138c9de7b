"""Requests to a cluster that several checks use."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiplatform.verify.model import Cluster, Json, Outcome, failed, passed

CORE = "/api/v1/namespaces"
APPS = "/apis/apps/v1/namespaces"


def ready_pods(cluster: Cluster, namespace: str, selector: str) -> tuple[list[Json], list[str]]:
    """Return the pods with a label, and the names of pods that are not ready."""
    found = cluster.get(f"{CORE}/{namespace}/pods", labelSelector=selector) or {}
    pods = found.get("items", [])
    return pods, [pod["metadata"]["name"] for pod in pods if not is_ready(pod)]


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Return whether a pod is running and ready."""
    return condition(pod, "Ready") and "deletionTimestamp" not in pod["metadata"]


def condition(item: Mapping[str, Any], type_: str) -> bool:
    """Return whether a condition of an object is true."""
    conditions = item.get("status", {}).get("conditions") or []
    return any(one["type"] == type_ and one["status"] == "True" for one in conditions)


def pods_outcome(cluster: Cluster, namespace: str, selector: str, *, hint: str) -> Outcome:
    """Check that there are pods with a label and all of them are ready."""
    pods, waiting = ready_pods(cluster, namespace, selector)
    if not pods:
        return failed(f"no pod in {namespace} has the label {selector}", hint)
    if waiting:
        return failed(f"not ready in {namespace}: {some(waiting)}", hint)
    return passed(f"{len(pods)} pods with {selector} are ready in {namespace}")


def deployment_outcome(cluster: Cluster, namespace: str, name: str) -> Outcome:
    """Check that a Deployment is available."""
    hint = f"kubectl -n {namespace} describe deployment {name}"
    found = cluster.get(f"{APPS}/{namespace}/deployments/{name}")
    if found is None:
        return failed(f"there is no Deployment {name} in {namespace}", hint)
    if not condition(found, "Available"):
        return failed(f"Deployment {name} in {namespace} is not available", hint)
    return passed(f"{name} is available, {found['status'].get('readyReplicas', 0)} ready")


def missing(cluster: Cluster, path: str, wanted: Iterable[str]) -> list[str]:
    """Return the names that do not exist at a path."""
    found = set(cluster.names(path) or ())
    return [name for name in wanted if name not in found]


def some(names: Iterable[str], most: int = 3) -> str:
    """Format the first names, and the number of others."""
    all_ = list(names)
    more = f" and {len(all_) - most} more" if len(all_) > most else ""
    return ", ".join(all_[:most]) + more
