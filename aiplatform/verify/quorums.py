"""Whether all members are there of what agrees among several."""

from collections.abc import Iterator

from aiplatform.verify.ask import APPS
from aiplatform.verify.model import Outcome, Subject, failed, passed
from config.settings import Settings


def wanted(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """Yield namespace and name of each StatefulSet of which a majority has to agree, and how many pods it has."""
    for workload in settings.workloads.wanted():
        for name, count in workload.settings.quorums().items():
            yield workload.settings.own_namespace(), name, count


def there(settings: Settings) -> bool:
    """Whether a stack has any."""
    return any(True for _ in wanted(settings))


def members(subject: Subject) -> Outcome:
    """Every member is ready: one that is not is the last that may fail."""
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
