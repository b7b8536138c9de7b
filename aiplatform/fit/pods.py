"""Convert Kubernetes objects to workloads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from aiplatform.fit.constraints import apart, spread, together
from aiplatform.fit.requests import limit_range_defaults, pod_requests
from aiplatform.fit.selectors import where
from aiplatform.fit.system_pods import bundle
from aiplatform.fit.volumes import Volumes
from aiplatform.fit.workloads import Replicas, Workload
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan

Object = Mapping[str, Any]
SYSTEM_PRIORITIES = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
"""https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/"""

KEDA_MAXIMUM = 100
"""https://keda.sh/docs/latest/reference/scaledobject-spec/#maxreplicacount"""


class Sourced(NamedTuple):
    """A Kubernetes object and the URN of the resource that creates it."""

    urn: str
    object: Object


class Bounds(NamedTuple):
    """Minimum and maximum replicas of an autoscaler."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Neighbours:
    """Other objects that affect the pods of a workload."""

    autoscalers: Mapping[tuple[str, str, str], Bounds]
    """Autoscalers by namespace, kind and name of their target."""

    priorities: Mapping[str, int]
    defaults: Mapping[str, Mapping[str, int]]
    """Default requests of containers by namespace."""

    namespaces: Mapping[str, Mapping[str, str]]
    """Labels by namespace."""


def objects(plan: Plan) -> list[Sourced]:
    """Return the Kubernetes objects of a plan, those of its add-ons and charts included, if they are known."""
    found = [Sourced(one.urn, one.inputs) for one in plan.resources if is_object(one.type, one.inputs)]
    for one in plan.resources:
        brought = bundle(one)
        if brought is not None:
            found.extend(Sourced(one.urn, pods.as_object()) for pods in brought.pods or ())
    return found


def workloads(given: Iterable[Sourced]) -> list[Workload]:
    """Return the workloads among the objects, in the same order."""
    sourced = list(given)
    near = neighbours([one.object for one in sourced])
    found = [workload for one in sourced for workload in _of(one, near)]
    volumes = Volumes.of([one.object for one in sourced])
    return [volumes.place(one) for one in found]


def neighbours(given: Sequence[Object]) -> Neighbours:
    """Return the autoscalers, priority classes, LimitRange defaults and namespaces among the objects."""
    by_kind: dict[str, list[Object]] = {}
    for one in given:
        by_kind.setdefault(str(one["kind"]), []).append(one)
    ranges: dict[str, list[Object]] = {}
    for one in by_kind.get("LimitRange", ()):
        ranges.setdefault(namespace_of(one), []).append(one)
    scaled = [
        *map(_horizontal, by_kind.get("HorizontalPodAutoscaler", ())),
        *map(_keda, by_kind.get("ScaledObject", ())),
    ]
    classes = {name_of(one): number(one.get("value"), 0) for one in by_kind.get("PriorityClass", ())}
    default = [name_of(one) for one in by_kind.get("PriorityClass", ()) if one.get("globalDefault") is True]
    return Neighbours(
        dict(scaled),
        {**SYSTEM_PRIORITIES, **classes, "": classes[default[0]] if default else 0},
        {namespace: limit_range_defaults(items) for namespace, items in ranges.items()},
        {
            name_of(one): {"kubernetes.io/metadata.name": name_of(one), **labels_of(one)}
            for one in by_kind.get("Namespace", ())
        },
    )


def name_of(item: Object) -> str:
    """Return the name of an object."""
    return str((item.get("metadata") or {}).get("name", ""))


def namespace_of(item: Object) -> str:
    """Return the namespace of an object; `default` if it has none."""
    return str((item.get("metadata") or {}).get("namespace") or "default")


def labels_of(item: Object) -> dict[str, str]:
    """Return the labels of an object."""
    return {key: str(value) for key, value in ((item.get("metadata") or {}).get("labels") or {}).items()}


def number(value: object, default: int) -> int:
    """Return a count, or the default if it is missing or unknown."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def group_kind(item: Object) -> str:
    """Return group and kind of an object: `apps/Deployment`, or `Pod` of the core group."""
    group, slash, _ = str(item.get("apiVersion", "")).rpartition("/")
    return f"{group}{slash}{item.get('kind')}"


def _horizontal(item: Object) -> tuple[tuple[str, str, str], Bounds]:
    spec = item["spec"]
    least = number(spec.get("minReplicas"), 1)
    return _target(item, spec["scaleTargetRef"]), Bounds(least, number(spec.get("maxReplicas"), least))


def _keda(item: Object) -> tuple[tuple[str, str, str], Bounds]:
    spec = item["spec"]
    least = number(spec.get("minReplicaCount"), 0)
    return _target(item, spec["scaleTargetRef"]), Bounds(least, number(spec.get("maxReplicaCount"), KEDA_MAXIMUM))


def _target(item: Object, reference: Object) -> tuple[str, str, str]:
    return namespace_of(item), str(reference.get("kind", "Deployment")), str(reference["name"])


def _of(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    reader = READERS.get(group_kind(sourced.object))
    if reader is not None:
        yield from reader(sourced, near)


def _scaled(item: Object, near: Neighbours) -> Replicas:
    given = (item.get("spec") or {}).get("replicas")
    bounds = near.autoscalers.get((namespace_of(item), str(item["kind"]), name_of(item)))
    if bounds is None:
        return Replicas(*[number(given, 1)] * 3)
    return Replicas(
        bounds.minimum, min(max(number(given, bounds.minimum), bounds.minimum), bounds.maximum), bounds.maximum
    )


def _workload(sourced: Sourced, near: Neighbours, template: Object, replicas: Replicas, *, part: str = "") -> Workload:
    item, spec = sourced.object, template.get("spec") or {}
    namespace, labels = namespace_of(item), labels_of(template)
    plain = Workload(
        str(item["kind"]),
        namespace,
        name_of(item),
        replicas,
        tuple(sorted(pod_requests(spec, near.defaults.get(namespace, {})).items())),
        where(spec),
        labels,
        priority=number(spec.get("priority"), near.priorities.get(str(spec.get("priorityClassName") or ""), 0)),
        part=part,
        urn=sourced.urn,
        claims=tuple(_claims(spec)),
        classes=tuple(_classes(item)),
    )
    return replace(
        plain,
        spread=spread(spec, plain),
        apart=apart(spec, plain, near.namespaces),
        together=together(spec, plain, near.namespaces),
    )


def _classes(item: Object) -> Iterator[str]:
    for claim in (item.get("spec") or {}).get("volumeClaimTemplates") or ():
        yield str((claim.get("spec") or {}).get("storageClassName") or "")


def _claims(spec: Object) -> Iterator[str]:
    for volume in spec.get("volumes") or ():
        claim = volume.get("persistentVolumeClaim")
        if claim:
            yield str(claim.get("claimName", ""))


def _replicated(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    spec = sourced.object.get("spec") or {}
    yield _workload(sourced, near, spec.get("template") or {}, _scaled(sourced.object, near))


def _daemon_set(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    spec = sourced.object.get("spec") or {}
    yield _workload(sourced, near, spec.get("template") or {}, Replicas(0, 0, 0))


def _pod(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    yield _workload(sourced, near, sourced.object, Replicas(1, 1, 1))


def _job(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    yield from _run(sourced, near, sourced.object.get("spec") or {})


def _cron_job(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    template = (sourced.object.get("spec") or {}).get("jobTemplate") or {}
    yield from _run(sourced, near, template.get("spec") or {})


def _run(sourced: Sourced, near: Neighbours, spec: Object) -> Iterator[Workload]:
    at_once = number(spec.get("parallelism"), 1)
    completions = number(spec.get("completions"), at_once)
    count = 0 if spec.get("suspend") is True else min(at_once, completions)
    yield _workload(sourced, near, spec.get("template") or {}, Replicas(count, count, count))


def _leader_worker_set(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    """Yield the leaders and workers of a LeaderWorkerSet: https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/"""
    group = (sourced.object.get("spec") or {}).get("leaderWorkerTemplate") or {}
    groups, workers = _scaled(sourced.object, near), group.get("workerTemplate") or {}
    size = number(group.get("size"), 1)
    yield _workload(sourced, near, group.get("leaderTemplate") or workers, groups, part="leader")
    if size > 1:
        yield _workload(sourced, near, workers, Replicas(*(count * (size - 1) for count in groups)), part="worker")


def _training_job(sourced: Sourced, near: Neighbours) -> Iterator[Workload]:
    """Yield the roles of Kubeflow's PyTorchJob, TFJob and MPIJob, which have a template each."""
    for key, roles in (sourced.object.get("spec") or {}).items():
        if not key.endswith("ReplicaSpecs") or not isinstance(roles, Mapping):
            continue
        for role, given in roles.items():
            count = number(given.get("replicas"), 1)
            template = given.get("template") or {}
            yield _workload(sourced, near, template, Replicas(count, count, count), part=str(role).lower())


READERS: Mapping[str, Callable[[Sourced, Neighbours], Iterator[Workload]]] = {
    "apps/Deployment": _replicated,
    "apps/StatefulSet": _replicated,
    "apps/ReplicaSet": _replicated,
    "apps/DaemonSet": _daemon_set,
    "Pod": _pod,
    "batch/Job": _job,
    "batch/CronJob": _cron_job,
    "leaderworkerset.x-k8s.io/LeaderWorkerSet": _leader_worker_set,
    "kubeflow.org/PyTorchJob": _training_job,
    "kubeflow.org/TFJob": _training_job,
    "kubeflow.org/MPIJob": _training_job,
}
"""Readers of the kinds that run pods, by group and kind."""
