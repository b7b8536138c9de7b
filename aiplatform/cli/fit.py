"""`aiplatform fit`: requests of pods for each node group, and pending pods."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from aiplatform.cli.boundary import about
from aiplatform.cli.output import print_json
from aiplatform.cli.stacks import load_stack, record_stack
from aiplatform.finding import as_json as as_plain
from aiplatform.fit.fit import Fit, GroupFit, fit
from aiplatform.preview.plan import Json
from catalog.quantities import CPU, DISK, GIB, GPU, MEMORY, PODS

COLUMNS = {"CPU": CPU, "memory": MEMORY, "disk": DISK, "pods": PODS, "GPUs": GPU}


def show_fit(name: str, *, changed: Sequence[str], as_json: bool) -> None:
    """Print the utilization of each node group of a stack, at minimum, initial and maximum size."""
    stack = load_stack(name, changed)
    with about(name):
        found = fit(record_stack(stack), stack.settings)
    if as_json:
        print_json(document(found))
        return
    screen = Console(highlight=False, markup=False, emoji=False)
    screen.print(table(found))
    for line in (*at_least(found), *waiting(found), *(quota.message for quota in found.quotas)):
        screen.print(line, soft_wrap=True)


def document(found: Fit) -> Json:
    """Return the result for other programs: CPU in millicores, memory and disk in bytes."""
    return {
        "levels": {
            level: {
                "groups": [asdict(group) for group in at.groups],
                "pending": [
                    {
                        "kind": one.workload.kind,
                        "namespace": one.workload.namespace,
                        "name": one.workload.name,
                        "pods": one.pending,
                        "of": one.wanted,
                        "reason": one.reason.text if one.reason else None,
                    }
                    for one in at.pending()
                ],
            }
            for level, at in found.levels.items()
        },
        "findings": as_plain([*found.unknown, *found.findings, *found.quotas]),
    }


def table(found: Fit) -> Table:
    """Return a table of requested and allocatable resources, with a row for each group and size."""
    drawn = Table(box=None, pad_edge=False, header_style="")
    for name in ("group", "size", "nodes"):
        drawn.add_column(name, overflow="fold")
    for name in COLUMNS:
        drawn.add_column(name, justify="right", overflow="fold")
    for name in dict.fromkeys(group.name for level in found.levels.values() for group in level.groups):
        for level, at in found.levels.items():
            for group in at.groups:
                if group.name == name:
                    cells = [_cell(group, resource) for resource in COLUMNS.values()]
                    drawn.add_row(name, level, str(group.nodes), *cells)
    return drawn


def _cell(group: GroupFit, resource: str) -> str:
    offered = group.node_offers.get(resource, 0) * group.nodes
    if not offered:
        return "-"
    asked = group.pods if resource == PODS else group.requested.get(resource, 0)
    return f"{_short(resource, asked)}/{_short(resource, offered)}"


def _short(resource: str, amount: int) -> str:
    """Format cores and GiB of memory with one decimal, and whole GiB of disk or numbers of other resources."""
    if resource == CPU:
        return f"{amount / 1000:.1f}"
    if resource == DISK:
        return f"{amount / GIB:.0f}Gi"
    return f"{amount / GIB:.1f}Gi" if resource == MEMORY else str(amount)


def waiting(found: Fit) -> list[str]:
    """Return the pods that are pending at a size before the autoscaler adds nodes, with the reason."""
    lines = []
    for level, at in found.levels.items():
        for one in at.pending():
            why = one.reason.text if one.reason else "no node takes it"
            name = f"{one.workload.kind} {one.workload.namespace}/{one.workload.name}"
            lines.append(f"At {level} size {one.pending} of {one.wanted} pods of {name} wait: {why}")
    known = " that is known" if found.unknown else ""
    return lines or [f"Every pod{known} finds a place at every size."]


def at_least(found: Fit) -> list[str]:
    """Return the resources that the table does not contain, because their pods are unknown."""
    return [f"At least: {one.message}; {one.fix}" for one in found.unknown]
