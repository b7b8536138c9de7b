"""Shows a plan on the terminal."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from aiplatform.preview.manifests import object_name
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Json, Plan, Resource

_STACK = "pulumi:pulumi:Stack"
_Children = dict[str | None, list[Resource]]


def render(plan: Plan, console: Console) -> None:
    """Prints the components with what they hold, a summary and the outputs. No line is broken."""
    children: _Children = {}
    for resource in plan.resources:
        children.setdefault(resource.parent, []).append(resource)
    root = Tree(_line(plan.stack, plan.project, "bold"))
    # Components that were recorded alone, in a test, may have no stack above them.
    for top in children.get(None, []):
        _grow(root, [top] if top.type != _STACK else children.get(top.urn, []), children)
    console.print(root)
    width = max((len(name) for name in plan.outputs), default=0)
    outputs = [_text(f"  {name:{width}}  {_value(plan.outputs[name])}") for name in sorted(plan.outputs)]
    heading = [_text("Outputs", "bold")] if outputs else []
    for line in (_text(summary(plan), "bold"), *heading, *outputs):
        console.print(line, no_wrap=True, overflow="ellipsis")


def summary(plan: Plan) -> str:
    """How much of what there is."""
    resources = sum(resource.custom for resource in plan.resources)
    components = sum(not resource.custom and resource.type != _STACK for resource in plan.resources)
    objects = sum(is_object(resource.type, resource.inputs) for resource in plan.resources)
    counts = ((resources, "resource"), (components, "component"), (objects, "Kubernetes object"))
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)


def _grow(branch: Tree, resources: Sequence[Resource], children: _Children) -> None:
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.urn not in children:
            groups.setdefault(_kind(resource), []).append(resource)
    for kind, members in sorted(groups.items(), key=lambda group: group[0].lower()):
        names = ", ".join(sorted(_name(member) for member in members))
        count = f" x{len(members)}" if len(members) > 1 else ""
        branch.add(_line(f"{kind}{count}", names))
    for resource in sorted((item for item in resources if item.urn in children), key=_order):
        style = "" if resource.custom else "bold cyan"
        _grow(branch.add(_line(_kind(resource), _name(resource), style)), children[resource.urn], children)


def _order(resource: Resource) -> tuple[str, str]:
    return _kind(resource).lower(), resource.name


def _kind(resource: Resource) -> str:
    if is_object(resource.type, resource.inputs):
        return str(resource.inputs["kind"])
    short = resource.type.rpartition(":")[2]
    return f"{short} provider" if resource.type.startswith("pulumi:providers:") else short


def _name(resource: Resource) -> str:
    return object_name(resource.inputs) if is_object(resource.type, resource.inputs) else resource.name


def _value(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(kind: str, name: str, style: str = "") -> Text:
    line = _text(kind, style)
    line.append(f"  {name}", "dim" if not style else "")
    return line


def _text(text: str, style: str = "") -> Text:
    # Not markup: `[secret]` is to be read as it stands.
    return Text(text.replace("\n", " "), style=style, no_wrap=True, overflow="ellipsis")
