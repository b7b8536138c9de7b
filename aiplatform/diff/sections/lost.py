"""What is replaced, deleted or restarted: why, what data goes, how long it is away, and what protects it."""

from collections.abc import Iterator, Mapping, Sequence

from aiplatform.diff.fields import Field, fields, inputs_of
from aiplatform.diff.kept import KEPT
from aiplatform.diff.line import Described, Line, Pair, Side, is_real, pairs, resource_of, subject
from aiplatform.diff.replaced import CLUSTER, Replaced, replaced
from aiplatform.finding import Severity
from aiplatform.first_up import creation_time, first_up
from aiplatform.preview.plan import Plan
from catalog.aws.aws_type import Json
from catalog.creation_times import creation_times
from catalog.interruptions import INTERRUPTIONS, Interruption
from catalog.refused_edits import at

TITLE = "Lost or interrupted"
ORDER = 10

_WORTH = 20
"""Seconds of an absence that is a warning."""

_RUNS_AGAIN = "kubernetes:batch/v1:Job"


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return what is replaced, deleted and restarted."""
    if before is None:
        return []
    if after is None:
        return [_stack_gone(before)]
    gone = [pair.before for pair in pairs(before, after) if pair.before and pair.after is None and is_real(pair.before)]
    found = replaced(before, after)
    clusters = {one["urn"] for one in gone if one["type"] == CLUSTER}
    clusters |= {urn for urn, one in found.items() if one.pair.one["type"] == CLUSTER}
    result = [*_deleted(gone, before, within=bool(clusters)), *_replaced(found, before, after, within=bool(clusters))]
    if clusters:
        result += _objects(before, found, sorted(clusters)[0])
    result += _chain(found, after)
    return [*result, *_restarted(before, after, found)]


def _stack_gone(before: Side) -> Line:
    real = sum(is_real(one) for one in before.resources.values())
    return Line(
        str(before.plan["stack"]),
        f"the stack is no longer in the repository: its {real} resources stay, and cost, until they are destroyed",
        "warning",
        fix=f"run pulumi destroy --stack {before.plan['stack']} from the revision before",
    )


def _deleted(gone: Sequence[Described], before: Side, *, within: bool) -> Iterator[Line]:
    for one in gone:
        keeps = KEPT.get(str(one["type"]))
        if keeps is None or (within and _is_object(one)):
            continue
        if one.get("retainOnDelete") is True:
            text = f"leaves the stack and stays in the account with its {keeps.what}, which no stack knows any more"
            yield Line(subject(one), text, "warning", one["urn"])
        elif keeps.what == "data":
            text = f"deleted; data lost: {keeps.why}{_protection(one, before)}"
            yield Line(subject(one), text, "error", one["urn"], _fix(one))
        else:
            yield Line(subject(one), f"deleted{_protection(one, before)}", "info", one["urn"], _fix(one))


def _replaced(found: Mapping[str, Replaced], before: Side, after: Side, *, within: bool) -> Iterator[Line]:
    small: list[str] = []
    for one in found.values():
        resource = one.pair.one
        if not is_real(resource) or (within and _is_object(resource)):
            continue
        old = one.pair.before or resource
        name = subject(old)
        cause = _cause(one, after)
        if one.refused or one.by_hand:
            # What has no data of its own follows without a word.
            if one.refused or _holds_data(resource):
                fix = one.refused.fix if one.refused else "move or back up its data first"
                text = f"has to be replaced by hand: {cause}{_loss(one)}"
                yield Line(name, text, "error", one.urn, fix)
        elif resource["type"] == _RUNS_AGAIN:
            yield Line(name, f"runs again: {cause}", "info", one.urn)
        elif _severity(one) == "info":
            small.append(name)
        else:
            text = f"replaced: {cause}{_loss(one)}{_away(one)}{_protection(old, before)}"
            yield Line(name, text, _severity(one), one.urn, _fix(old))
    if small:
        yield Line(
            "parts without data", f"replaced in less than {_WORTH} seconds each: {', '.join(sorted(small))}", "info"
        )


def _cause(one: Replaced, after: Side) -> str:
    names = " and ".join(one.inputs)
    if one.because:
        other = after.resources[one.because]
        return f"{names} refers to {subject(other)}, which is replaced"
    changed = _of(fields(*inputs_of(one.pair)), one.inputs)
    return "; ".join(map(str, changed)) or f"{names} changes"


def _of(changed: Sequence[Field], paths: Sequence[str]) -> list[Field]:
    """Return the fields at or below the paths."""
    return [
        one
        for one in changed
        if any(one.path == path or one.path.startswith((f"{path}.", f"{path}[")) for path in paths)
    ]


def _loss(one: Replaced) -> str:
    keeps = KEPT.get(str(one.pair.one["type"]))
    stays = one.pair.before is not None and one.pair.before.get("retainOnDelete") is True
    if keeps is None or keeps.why.startswith("see "):
        return ""
    return (
        f"; the old one stays in the account with its {keeps.what}" if stays else f"; {_loses(keeps.what, keeps.why)}"
    )


def _loses(what: str, why: str) -> str:
    return f"data lost: {why}" if what == "data" else f"lost with it: {why}"


def _severity(one: Replaced) -> Severity:
    keeps = KEPT.get(str(one.pair.one["type"]))
    stays = one.pair.before is not None and one.pair.before.get("retainOnDelete") is True
    if keeps is not None:
        return "error" if keeps.what == "data" and not stays else "warning"
    return "warning" if one.is_first_deleted() and _seconds(one) >= _WORTH else "info"


def _seconds(one: Replaced) -> int:
    return creation_time(resource_of(one.pair.one), creation_times()).seconds


def _away(one: Replaced) -> str:
    duration = _duration(_seconds(one))
    if one.is_first_deleted():
        return f"; deleted first, away for its deletion and about {duration} of its creation"
    return f"; the new one is made first, about {duration}"


def _duration(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"


def _protection(resource: Described, side: Side) -> str:
    """Return what protects a resource; of one that holds data, also that nothing does."""
    found = "; ".join(_protections(resource, side))
    return f"; {found}" if found else "; nothing protects it" if _holds_data(resource) else ""


def _holds_data(resource: Described) -> bool:
    keeps = KEPT.get(str(resource["type"]))
    return keeps is not None and keeps.what == "data"


def _protections(resource: Described, side: Side) -> Iterator[str]:
    inputs = resource["inputs"]
    if resource.get("protect") is True:
        yield "Pulumi refuses: protected"
    if any(
        inputs.get(name) is True
        for name in ("deletionProtection", "enableDeletionProtection", "deletionProtectionEnabled")
    ):
        yield "AWS refuses its deletion: deletion protection"
    if inputs.get("skipFinalSnapshot") is not True and inputs.get("finalSnapshotIdentifier"):
        yield f"a final snapshot keeps the data: {inputs['finalSnapshotIdentifier']}"
    if inputs.get("deleteAutomatedBackups") is False:
        yield "its automated backups stay"
    if resource["type"] == "aws:s3/bucket:Bucket" and inputs.get("forceDestroy") is not True:
        yield "AWS refuses to delete a bucket with objects"
    for name in ("recoveryWindowInDays", "deletionWindowInDays"):
        if inputs.get(name):
            yield f"can be restored for {inputs[name]} days"
    if resource["type"] == "kubernetes:core/v1:PersistentVolumeClaim" and _is_retained(inputs, side):
        yield "its volume stays: reclaimPolicy Retain"


def _is_retained(inputs: Mapping[str, Json], side: Side) -> bool:
    name, volume = at(inputs, "spec.storageClassName"), at(inputs, "spec.volumeName")
    for one in side.resources.values():
        given = one["inputs"]
        if (
            one["type"].endswith(":StorageClass")
            and at(given, "metadata.name") == name
            and given.get("reclaimPolicy") == "Retain"
        ):
            return True
        if one["type"].endswith(":PersistentVolume") and volume and at(given, "metadata.name") == volume:
            return bool(at(given, "spec.persistentVolumeReclaimPolicy") == "Retain")
    return False


def _fix(resource: Described) -> str:
    if resource.get("protect") is True:
        return f"if it is wanted: aiplatform unprotect --only {resource['name']}"
    return "move or back up its data first" if _holds_data(resource) else ""


def _is_object(resource: Described) -> bool:
    return str(resource["type"]).startswith("kubernetes:") or resource["type"] == "eks:index:Addon"


def _objects(before: Side, found: Mapping[str, Replaced], cluster: str) -> Iterator[Line]:
    """Return what is lost with a cluster."""
    count = sum(str(one["type"]).startswith("kubernetes:") for one in before.resources.values())
    name = subject(before.resources.get(cluster) or found[cluster].pair.one)
    again = any(one.pair.one["type"] == "pulumi:providers:kubernetes" for one in found.values())
    text = f"{count} Kubernetes objects are deleted with {name}, with their volumes where a claim is not retained"
    if not again and cluster in found:
        text += "; their provider stays the same, and pulumi up does not make them again before pulumi refresh"
    yield Line(f"objects of {name}", text, "error", cluster, "move the workloads to a second cluster first")


def _chain(found: Mapping[str, Replaced], after: Side) -> Iterator[Line]:
    """Return the time until everything that is replaced is there again."""
    resources = [resource_of(one.pair.one) for one in found.values() if is_real(one.pair.one)]
    if len(resources) < 2:
        return
    ordered = tuple(sorted(resources, key=lambda one: one.urn))
    lasts = first_up(Plan(str(after.plan["project"]), str(after.plan["stack"]), ordered, {}))
    chain = ", ".join(f"{link.type.rpartition(':')[2]} {link.name}" for link in lasts.chain)
    yield Line(
        "in all",
        f"{len(resources)} resources are replaced; the longest chain takes about {_duration(lasts.seconds)}: {chain}",
        "info",
    )


def _restarted(before: Side, after: Side, found: Mapping[str, Replaced]) -> Iterator[Line]:
    for pair in pairs(before, after):
        if not (pair.before and pair.after) or pair.one["urn"] in found:
            continue
        old, new = inputs_of(pair)
        if old == new:
            continue
        changed = fields(old, new)
        rows = INTERRUPTIONS.get(str(pair.one["type"]), {})
        for row in dict.fromkeys(rows.values()):
            if matching := _of(changed, [path for path, other in rows.items() if other == row]):
                yield _interruption(pair, matching, row)
        yield from _pods(pair, changed, old, new)


def _interruption(pair: Pair, changed: Sequence[Field], row: Interruption) -> Line:
    inputs = pair.one["inputs"]
    away = f", about {_duration(row.seconds)}" if row.seconds else ""
    when = ""
    if row.waits and inputs.get("applyImmediately") is not True:
        window = inputs.get("maintenanceWindow") or inputs.get("preferredMaintenanceWindow")
        when = f"; it waits for the maintenance window {window or 'of AWS'}"
    cause = "; ".join(map(str, changed))
    text = f"{row.text}{away}{when}: {cause}"
    return Line(subject(pair.one), text, "warning" if row.seconds else "info", pair.one["urn"], source=row.source)


def _pods(pair: Pair, changed: Sequence[Field], old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Line]:
    """Yield the workload that serves nothing while its pods are replaced, or has none any more."""
    type_ = str(pair.one["type"])
    if type_ not in {"kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"}:
        return
    name, urn = subject(pair.one), pair.one["urn"]
    count = at(new, "spec.replicas")
    if count == 0 and at(old, "spec.replicas") != 0:
        yield Line(name, "has no pod any more: spec.replicas is 0", "warning", urn)
        return
    template = _of(changed, ["spec.template"])
    if not template:
        return
    cause = "; ".join(map(str, template[:3])) + (f"; and {len(template) - 3} more" if len(template) > 3 else "")
    usual = _duration(creation_time(resource_of(pair.one), creation_times()).seconds)
    if type_.endswith(":Deployment") and at(new, "spec.strategy.type") == "Recreate":
        yield Line(name, f"stops all pods before the new ones start, usually {usual}: {cause}", "warning", urn)
    elif type_.endswith(":Deployment") and _without_surge(new):
        yield Line(
            name, f"has fewer pods during the rollout (maxSurge 0), usually {usual} each: {cause}", "warning", urn
        )
    elif type_.endswith(":StatefulSet"):
        single = count in {None, 1}
        text = "its only pod restarts" if single else f"its {count} pods restart one after the other"
        yield Line(
            name, f"{text}, usually {usual}{'' if single else ' each'}: {cause}", "warning" if single else "info", urn
        )
    else:
        yield Line(name, f"its pods are replaced while the old ones serve: {cause}", "info", urn)


def _without_surge(inputs: Mapping[str, Json]) -> bool:
    return at(inputs, "spec.strategy.rollingUpdate.maxSurge") in {0, "0", "0%"}
