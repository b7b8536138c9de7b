"""Find the smallest change with which pending pods fit; every change is simulated before it is suggested."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aiplatform.fit.cluster import Cluster
from aiplatform.fit.nodes import Group, Scale
from aiplatform.fit.placement import Placement, place
from aiplatform.fit.reasons import Reason, reason
from aiplatform.fit.selectors import Taint, Toleration
from aiplatform.fit.sizes import large_enough, with_gpus
from aiplatform.fit.workloads import Level, Workload
from catalog.quantities import CPU, DISK, GPU, MEMORY, MIB, PODS, quantity
from config.nodes import GPU_LABEL

MOST_NODES = 450
"""Maximum nodes of a node group: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"""

MOST_STEPS = 3
"""Maximum number of additional changes for a workload."""

TRIED = 20
"""Maximum number of workloads with different reasons for which changes are simulated."""


@dataclass(frozen=True)
class Advice:
    """A change: its text, and the changed groups and workload."""

    text: str
    groups: tuple[Group, ...] = ()
    """The changed groups."""

    workload: Workload | None = None
    """The changed workload; None if it does not change."""

    def apply(self, groups: Sequence[Group], workloads: Sequence[Workload]) -> tuple[list[Group], list[Workload]]:
        """Return groups and workloads with the change applied."""
        changed = {group.name: group for group in self.groups}
        identity = self.workload.identity if self.workload else ""
        new = [group for name, group in changed.items() if name not in {one.name for one in groups}]
        return (
            [*(changed.get(group.name, group) for group in groups), *new],
            [self.workload if self.workload and one.identity == identity else one for one in workloads],
        )


@dataclass(frozen=True)
class _Case:
    """A pending workload with the groups, workloads and cluster that it was placed with."""

    groups: Sequence[Group]
    workloads: Sequence[Workload]
    level: Level
    cluster: Cluster
    workload: Workload
    why: Reason

    @property
    def group(self) -> Group | None:
        return next((group for group in self.groups if group.name == self.why.group), None)


def advise(
    groups: Sequence[Group], workloads: Sequence[Workload], most: Placement, always: Placement
) -> dict[str, Advice]:
    """Return changes for workloads that are pending with every group at its maximum, by identity."""
    found: dict[str, Advice] = {}
    known: dict[object, Advice | None] = {}
    levels: tuple[tuple[Level, Placement], ...] = (("expected", always), ("maximum", most))
    for level, placement in levels:
        for one in placement.pending():
            workload = one.workload
            why = reason(workload, placement.cluster)
            # Pods that ask for the same and wait for the same are helped by the same.
            alike = (level, why.kind, why.group, why.resource, workload.requests, workload.where)
            if workload.identity in found or (alike not in known and len(known) >= TRIED):
                continue
            if alike not in known:
                known[alike] = _advice(_Case(groups, workloads, level, placement.cluster, workload, why))
            if (advice := known[alike]) is not None:
                found[workload.identity] = advice
    return found


def _advice(case: _Case) -> Advice | None:
    """Return the first change that works, with a text of up to two alternatives; None if none works."""
    working = [one for one in (_completed(case, change) for change in _changes(case)) if one is not None]
    if not working:
        return None
    texts = dict.fromkeys(one.text for one in working)
    return replace(working[0], text=", or ".join(list(texts)[:2]))


def _changes(case: _Case) -> Iterator[Advice]:
    if case.why.alone:
        yield from _ALONE.get(case.why.kind, _nothing)(case)
        return
    yield Advice("")
    if case.workload.spread:
        loose = replace(case.workload, spread=())
        yield Advice("set whenUnsatisfiable: ScheduleAnyway in its topology spread", workload=loose)


def _nothing(_: _Case) -> Iterator[Advice]:
    yield from ()


def _completed(case: _Case, change: Advice, steps: int = MOST_STEPS) -> Advice | None:
    """Return a change with the additional changes or nodes that it requires; None if it does not help."""
    groups, workloads = change.apply(case.groups, case.workloads)
    placement = place(groups, workloads, case.level, "maximum")
    left = [one.workload for one in placement.pending() if one.workload.identity == case.workload.identity]
    if not left:
        return change if change.text else None
    why = reason(left[0], placement.cluster)
    changed = _Case(groups, workloads, case.level, placement.cluster, left[0], why)
    if not why.alone:
        more = _more_nodes(changed)
        return None if more is None else _both(change, more)
    if not change.text or not steps:
        return None
    further = (_completed(changed, one, steps - 1) for one in _changes(changed))
    return next((_both(change, one) for one in further if one is not None), None)


def _both(first: Advice, second: Advice) -> Advice:
    """Return the combination of two changes."""
    groups = {group.name: group for group in (*first.groups, *second.groups)}
    texts = [one.text for one in (first, second) if one.text]
    return Advice(" and ".join(texts), tuple(groups.values()), second.workload or first.workload)


def _more_nodes(case: _Case) -> Advice | None:
    """Return the increase of maximum nodes with which the workload fits; None if no number of nodes helps."""
    room = [
        replace(group, scale=replace(group.scale, minimum=group.scale.maximum, maximum=MOST_NODES))
        for group in case.groups
    ]
    grown = place(room, case.workloads, case.level, "minimum", grow=True).node_counts()
    for more in range(3):
        larger = [_raised(group, grown[group.name], more) for group in case.groups]
        if not _waits(case, larger):
            changed = [new for new, old in zip(larger, case.groups, strict=True) if new.scale != old.scale]
            raises = [f"increase {new.path}.scaling.{new.limit} to {new.scale.maximum}" for new in changed]
            return Advice(" and ".join(raises), tuple(changed))
    return None


def _raised(group: Group, nodes: int, more: int) -> Group:
    return group if nodes <= group.scale.maximum else group.with_maximum(min(nodes + more, MOST_NODES))


def _waits(case: _Case, groups: Sequence[Group]) -> bool:
    outcomes = place(groups, case.workloads, case.level, "maximum").pending()
    return any(one.workload.identity == case.workload.identity for one in outcomes)


def _smaller_or_larger(case: _Case) -> Iterator[Advice]:
    group = case.group
    if group is None or group.settings is None:
        return
    if case.why.resource == GPU and not group.offered.get(GPU):
        yield from _gpu_group(case)
        return
    yield from _lower_request(case, group)
    settings = group.settings
    if case.why.resource == DISK and settings.instance_store is None:
        missing = case.workload.asks(DISK) - case.cluster.fresh(case.cluster.kinds[group.name][0])[0][DISK]
        size = -(-(settings.root_disk().size_gib + missing / MIB / 1024 / 0.9) // 10) * 10
        disk = settings.root_disk().model_copy(update={"size_gib": int(size)})
        larger = group.with_settings(settings.model_copy(update={"disk": disk}))
        yield Advice(f"set {group.path}.disk.sizeGib to {int(size)}", groups=(larger,))
    elif case.why.resource == PODS:
        larger = group.with_settings(settings.model_copy(update={"max_pods": 110}))
        yield Advice(f"set {group.path}.maxPods to 110", groups=(larger,))
    else:
        yield from _larger_type(case, group)


def _larger_type(case: _Case, group: Group) -> Iterator[Advice]:
    kind = case.cluster.kinds[group.name][0]
    _, _, carried, refused = case.cluster.fresh(kind)
    daemons = [*carried, *(one for one in refused if one.identity != case.workload.identity)]
    types = large_enough(group, case.workload, daemons)
    if types is not None and types != group.instance_types and group.settings is not None:
        larger = group.with_settings(group.settings.model_copy(update={"instance_types": types}))
        yield Advice(f"use {' and '.join(types)} in {group.path}.instanceTypes", groups=(larger,))


def _lower_request(case: _Case, group: Group) -> Iterator[Advice]:
    free, _, _, _ = case.cluster.fresh(case.cluster.kinds[group.name][0])
    lowered = {
        name: _rounded(name, free.get(name, 0)) for name, asked in case.workload.requests if asked > free.get(name, 0)
    }
    if lowered and all(lowered.values()) and not case.workload.everywhere:
        requests = tuple((name, lowered.get(name, asked)) for name, asked in case.workload.requests)
        texts = " and ".join(f"{name} to {quantity(name, value)}" for name, value in lowered.items())
        yield Advice(f"decrease its request of {texts}", workload=replace(case.workload, requests=requests))


def _rounded(resource: str, value: int) -> int:
    """Return the value rounded down to a usual figure."""
    if resource == CPU:
        step = 100 if value >= 1000 else 10
    elif resource in (MEMORY, DISK):
        step = 256 * MIB if value >= 1024 * MIB else 16 * MIB
    else:
        step = 1
    return value // step * step


def _gpu_group(case: _Case) -> Iterator[Advice]:
    """Yield changes for a pod without a usable GPU group: a toleration, or a new group."""
    for group in case.groups:
        if group.offered.get(GPU, 0) >= case.workload.asks(GPU):
            yield from _tolerate(replace(case, why=replace(case.why, group=group.name)))
            return
    wanted = with_gpus(case.workload)
    template = case.group
    if wanted is None or template is None or template.settings is None:
        return
    settings = template.settings.model_copy(update={"instance_types": (wanted,), "disk": None})
    plain = replace(template.with_settings(settings), name=_free_name(case.groups), scale=Scale(0, 0, 1))
    new = replace(plain, taints=(Taint(GPU, "true", "NoSchedule"),), labels={**plain.labels, GPU_LABEL: "true"})
    tolerating = next(_tolerate_all(case.workload, new), None)
    text = f"add a node group with GPUs, for example {new.path}: {{instanceTypes: [{wanted}]}}"
    if tolerating is None:
        yield Advice(text, groups=(new,))
    else:
        yield Advice(f"{text}, and add a toleration of {GPU} to the pods", groups=(new,), workload=tolerating)


def _free_name(groups: Sequence[Group]) -> str:
    taken = {group.name for group in groups}
    return next(name for number in range(len(taken) + 1) if (name := f"gpu-{number}" if number else "gpu") not in taken)


def _tolerate_all(workload: Workload, group: Group) -> Iterator[Workload]:
    """Yield the workload with tolerations of all taints of a group; nothing if it has them."""
    where = workload.where
    added: list[Toleration] = []
    while (taint := replace(where, tolerations=(*where.tolerations, *added)).untolerated(group.taints)) is not None:
        added.append(Toleration(taint.key, "Exists", "", taint.effect))
    if added:
        yield replace(workload, where=replace(where, tolerations=(*where.tolerations, *added)))


def _tolerate(case: _Case) -> Iterator[Advice]:
    group = case.group
    if group is None:
        return
    for changed in _tolerate_all(case.workload, group):
        added = changed.where.tolerations[len(case.workload.where.tolerations) :]
        keys = " and ".join(one.key for one in added)
        yield Advice(f"add a toleration of {keys} (operator Exists) to use group {group.name}", workload=changed)


def _label(case: _Case) -> Iterator[Advice]:
    group, where = case.group, case.workload.where
    if group is None or group.settings is None:
        return
    lines = [*where.selector, *(where.affinity[0] if where.affinity else ())]
    labels = {
        one.key: one.values[0] if one.values else "true"
        for one in lines
        if one.operator in ("In", "Exists") and not one.matches(group.labels)
    }
    # A stack file cannot set labels that AWS and Kubernetes set.
    if not labels or any("kubernetes.io/" in key or "amazonaws.com/" in key for key in labels):
        return
    settings = group.settings.model_copy(update={"labels": {**group.settings.labels, **labels}})
    shown = ", ".join(f"{key}: {value}" for key, value in labels.items())
    yield Advice(f"add {{{shown}}} to {group.path}.labels", groups=(group.with_settings(settings),))


def _zone(case: _Case) -> Iterator[Advice]:
    group, zones = case.group, case.workload.where.zones
    if group is None or group.settings is None or not zones:
        return
    all_zones = (*group.zones, sorted(zones)[0])
    settings = group.settings.model_copy(update={"zones": all_zones})
    yield Advice(f"add {sorted(zones)[0]} to {group.path}.zones", groups=(group.with_settings(settings),))


_ALONE: Mapping[str, Callable[[_Case], Iterator[Advice]]] = {
    "resource": _smaller_or_larger,
    "taint": _tolerate,
    "affinity": _label,
    "volume": _zone,
}
