"""Checks of StatefulSets that require a majority."""

from collections.abc import Iterator

from aiplatform.verify.ask import APPS
from aiplatform.verify.model import Outcome, Subject, failed, passed
from config.settings import Settings


def wanted(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """Yield namespace, name and number of pods of each StatefulSet that requires a majority."""
    for workload in settings.workloads.wanted():
        for name, count in workload.settings.quorums().items():
            yield workload.settings.own_namespace(), name, count


def there(settings: Settings) -> bool:
    """Return whether a stack has such StatefulSets."""
    return any(True for _ in wanted(settings))


def members(subject: Subject) -> Outcome:
    """Check that every member is ready: with one missing, another failure can lose the majority."""
    found = []
    for namespace, name, count in wanted(subject.settings):
        hint = f"kubectl -n {namespace} describe statefulset {name}; kubectl -n {namespace} get pods"
        one = subject.cluster.get(f"{APPS}/{namespace}/statefulsets/{name}")
        if one is None:
            return failed(f"there is no StatefulSet {name} in {namespace}", "apply the stack again: `pulumi up`")
        ready = int(one.get("status", {}).get("readyReplicas", 0))
        if ready < count:
            return failed(f"{ready} of {count} pods of {name} in {namespace} are ready", hint)
        found.append(f"{name} {ready}/{count}")
    return passed(", ".join(found))
