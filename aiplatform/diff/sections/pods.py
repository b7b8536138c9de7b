"""Pods that no longer fit, rollouts that need room, and budgets that stop the drains that a change causes."""

from collections.abc import Iterator, Sequence

from aiplatform.diff.line import Line, Side, in_order, pairs, resource_of
from aiplatform.fit.fit import Fit, fit_objects
from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import Group, groups
from aiplatform.fit.pods import Sourced, objects
from aiplatform.fit.rollout import Surge, blocking_budgets, identity_of, surges
from aiplatform.preview.plan import Plan
from config.settings import Settings

TITLE = "Pods"
ORDER = 50

_DRAINED = ("eks:index:ManagedNodeGroup", "eks:index:NodeGroupV2", "aws:ec2/launchTemplate:LaunchTemplate")
_KARPENTER = ("EC2NodeClass", "NodePool")
_NOT_DRAINED = frozenset({"scalingConfig", "tags", "tagSpecifications", "ignoreScalingChanges", "updateConfig"})
"""Inputs that change no node that runs."""


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return pods that wait for room after a change, and what its rollouts and drains meet."""
    if before is None or after is None or after.settings is None:
        return []
    was, is_ = _sourced(before), _sourced(after)
    on = _nodes(is_, after.settings)
    known = fit_objects(was, _nodes(was, before.settings)) if before.settings is not None else None
    placed = fit_objects(is_, on)
    pending = {one.workload.identity for one in placed.levels["maximum"].pending()}
    rollouts = [one for one in surges(is_, on, _changed_pods(was, is_)) if one.workload.identity not in pending]
    found = [*_unplaced(known, placed), *map(_surge, rollouts), *_drains(before, after, was, is_)]
    return list(in_order(found))


def _sourced(side: Side) -> list[Sourced]:
    resources = tuple(resource_of(one) for one in side.resources.values())
    return objects(Plan(str(side.plan["project"]), str(side.plan["stack"]), resources, {}))


def _nodes(sourced: Sequence[Sourced], settings: Settings) -> list[Group]:
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    return [*groups(settings), *pools(sourced, zones)]


def _unplaced(known: Fit | None, placed: Fit) -> Iterator[Line]:
    earlier = {one.workload.identity: one for one in known.levels["maximum"].workloads} if known else {}
    text = {(one.rule, one.urn): one for one in placed.findings}
    pending = {one.workload.identity: one for one in placed.levels["maximum"].pending()}
    for identity, one in pending.items():
        previous = earlier.get(identity)
        if previous is not None and previous.pending >= one.pending:
            continue
        why = one.reason.text if one.reason is not None else "no node has room"
        count = f"{one.pending} of its {one.wanted} pods" if one.wanted > 1 else "its pod"
        finding = next((text[rule, one.workload.urn] for rule in _RULES if (rule, one.workload.urn) in text), None)
        verb = (
            ("no longer fit" if previous is not None else "do not fit")
            if one.wanted > 1
            else ("no longer fits" if previous is not None else "does not fit")
        )
        yield Line(
            identity,
            f"{count} {verb} with all node groups at their maximum: {why}",
            finding.severity if finding is not None else "warning",
            one.workload.urn,
            finding.fix if finding is not None else "",
        )
    for identity, one in earlier.items():
        if one.pending and identity not in pending:
            yield Line(identity, "all of its pods fit again", "info", one.workload.urn)


_RULES = ("fit-pending", "fit-autoscaling")


def _changed_pods(was: Sequence[Sourced], is_: Sequence[Sourced]) -> Iterator[Sourced]:
    """Yield what is there on both sides with other pods, so that these are replaced."""
    earlier = {identity_of(one.object): (one.object.get("spec") or {}).get("template") for one in was}
    for one in is_:
        template = (one.object.get("spec") or {}).get("template")
        if earlier.get(identity_of(one.object)) not in (None, template):
            yield one


def _surge(one: Surge) -> Line:
    name, urn = one.workload.identity, one.workload.urn
    asks = ", ".join(f"{one.workload.asks_text(resource)} {resource}" for resource, _ in one.workload.requests)
    more = f"its rollout adds {one.pods} pod{'' if one.pods == 1 else 's'} ({asks} each)"
    if one.fits:
        return Line(name, f"{more}; the nodes have room for them", "info", urn)
    if one.fits_at_maximum:
        return Line(name, f"{more}, which wait until autoscaling adds a node", "info", urn)
    if one.unavailable:
        return Line(name, f"{more}, for which there is no room; it replaces {one.unavailable} at a time", "info", urn)
    return Line(
        name,
        f"{more}, for which there is no room with all node groups at their maximum, and no pod may be missing: the "
        "rollout does not proceed",
        "warning",
        urn,
        "increase the maximum of its node group",
    )


def _drains(before: Side, after: Side, was: Sequence[Sourced], is_: Sequence[Sourced]) -> Iterator[Line]:
    drained = sorted(set(_drained(before, after)))
    known = {one.name for one in blocking_budgets(was)}
    for one in blocking_budgets(is_):
        if not drained and one.name in known:
            continue
        text = f"allows no eviction of {one.workload.identity} ({one.why})"
        text += f", so that the drain of {', '.join(drained)} waits for it" if drained else ": a drain waits for it"
        fix = "run one replica more, or allow maxUnavailable 1"
        yield Line(f"PodDisruptionBudget {one.name}", text, "warning", one.urn, fix)


def _drained(before: Side, after: Side) -> Iterator[str]:
    """Yield what has its nodes replaced, and drained first."""
    for pair in pairs(before, after):
        kind, name = str(pair.one["type"]), str(pair.one["name"])
        if kind not in _DRAINED and not (kind.startswith("kubernetes:karpenter") and kind.endswith(_KARPENTER)):
            continue
        if pair.after is None or (pair.before is not None and _changed(pair.before["inputs"], pair.after["inputs"])):
            yield name


def _changed(old: dict[str, object], new: dict[str, object]) -> bool:
    keys = {*old, *new} - _NOT_DRAINED
    return any(old.get(key) != new.get(key) for key in keys)
