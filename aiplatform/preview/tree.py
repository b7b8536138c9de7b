"""Show a plan on the terminal."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from aiplatform.preview.manifests import object_name
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Json, Plan, Resource

_STACK = "pulumi:pulumi:Stack"
_INDENT = 4
_COMPONENT = "bold cyan"
_Children = dict[str | None, list[Resource]]
_Key = TypeVar("_Key")


def tree(plan: Plan, width: int) -> Tree:
    """Return the tree of components and their resources, in lines of about `width` characters."""
    children: _Children = {}
    for resource in plan.resources:
        children.setdefault(resource.parent, []).append(resource)
    root = Tree(_line(plan.stack, plan.project, "bold"))
    # Components that a test records alone can have no stack as parent.
    for top in children.get(None, []):
        _grow(root, [top] if top.type != _STACK else children.get(top.urn, []), children, width - _INDENT)
    return root


def render(plan: Plan, console: Console) -> None:
    """Print the tree, a summary and the outputs. Lines are not wrapped."""
    console.print(tree(plan, console.width))
    width = max((len(name) for name in plan.outputs), default=0)
    outputs = [
        f"  {name:{width}}  {_value(plan.outputs[name])}{' (known after up)' if name in plan.after_up else ''}"
        for name in sorted(plan.outputs)
    ]
    # A value that is cut off cannot be copied: a narrow terminal wraps the lines itself.
    for line in (_text(summary(plan), "bold"), *([_text("Outputs", "bold")] if outputs else []), *map(_text, outputs)):
        console.print(line, soft_wrap=True)


def summary(plan: Plan) -> str:
    """Return the numbers of resources, components and Kubernetes objects."""
    resources = sum(resource.custom for resource in plan.resources)
    components = sum(not resource.custom and resource.type != _STACK for resource in plan.resources)
    objects = sum(_is_object(resource) for resource in plan.resources)
    counts = ((resources, "resource"), (components, "component"), (objects, "Kubernetes object"))
    parts = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts]
    return ", ".join([*parts, *([f"{len(plan.reads)} existing"] if plan.reads else [])])


def _grow(branch: Tree, resources: Sequence[Resource], children: _Children, width: int) -> None:
    leaves = [resource for resource in resources if resource.urn not in children]
    for kind, members in _grouped(leaves):
        branch.add(_line(_counted(kind, members), _names(members)))
    # Siblings with the same content, such as the secrets of ten users, are combined into one line.
    parents = [resource for resource in resources if resource.urn in children]
    groups = _by(lambda resource: (_kind(resource), _held(resource, children) or resource.urn), parents)
    for (kind, held), members in sorted(groups.items(), key=lambda group: (group[0][0].lower(), _names(group[1]))):
        if len(members) > 1:
            branch.add(_line(_counted(kind, members), f"({held})  {_names(members)}", _COMPONENT))
        else:
            _add(branch, members[0], children, width)


def _add(branch: Tree, resource: Resource, children: _Children, width: int) -> None:
    style = "" if resource.custom else _COMPONENT
    kind, name = _kind(resource), _name(resource)
    held = _held(resource, children, with_names=True)
    if held and len(f"{kind}  {name}  ({held})") <= width:
        branch.add(_line(kind, f"{name}  ({held})", style))
    else:
        inside = branch.add(_line(kind, name, style))
        repeating = [child for child in children[resource.urn] if _repeats(child, resource, children)]
        if repeating:
            inside.add(_paragraph([_counted(kind, members) for kind, members in _grouped(repeating)], width - _INDENT))
        others = [child for child in children[resource.urn] if not _repeats(child, resource, children)]
        _grow(inside, others, children, width - _INDENT)


def _repeats(resource: Resource, parent: Resource, children: _Children) -> bool:
    """Return whether the name of a component's child adds nothing to the component's name."""
    return resource.urn not in children and not _is_object(resource) and not _has_own_name(resource, parent)


def _has_own_name(resource: Resource, parent: Resource) -> bool:
    """Return whether a component is not named after its parent, such as the add-ons of pulumi-eks."""
    return not resource.custom and not resource.name.startswith(parent.name)


def _paragraph(words: Sequence[str], width: int) -> Text:
    lines = [""]
    for word in (*(f"{word}, " for word in words[:-1]), words[-1]):
        if lines[-1] and len(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return Text("\n".join(line.rstrip() for line in lines), no_wrap=True, overflow="ellipsis")


def _held(resource: Resource, children: _Children, *, with_names: bool = False) -> str:
    """Return the resources of a component if none of them has children."""
    inside = children[resource.urn]
    if any(child.urn in children or _has_own_name(child, resource) for child in inside):
        return ""
    return ", ".join(
        f"{_counted(kind, members)} {_name(members[0])}"
        if with_names and len(members) == 1 and _is_object(members[0])
        else _counted(kind, members)
        for kind, members in _grouped(inside)
    )


def _grouped(resources: Iterable[Resource]) -> list[tuple[str, list[Resource]]]:
    return sorted(_by(_kind, resources).items(), key=lambda group: group[0].lower())


def _by(key: Callable[[Resource], _Key], resources: Iterable[Resource]) -> dict[_Key, list[Resource]]:
    groups: dict[_Key, list[Resource]] = {}
    for resource in resources:
        groups.setdefault(key(resource), []).append(resource)
    return groups


def _counted(kind: str, members: Sequence[Resource]) -> str:
    return f"{kind} x{len(members)}" if len(members) > 1 else kind


def _names(members: Iterable[Resource]) -> str:
    return ", ".join(sorted(map(_name, members)))


def _is_object(resource: Resource) -> bool:
    return is_object(resource.type, resource.inputs)


def _kind(resource: Resource) -> str:
    if _is_object(resource):
        return str(resource.inputs["kind"])
    short = resource.type.rpartition(":")[2]
    return f"{short} provider" if resource.type.startswith("pulumi:providers:") else short


def _name(resource: Resource) -> str:
    return object_name(resource.inputs) if _is_object(resource) else resource.name


def _value(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(kind: str, name: str, style: str = "") -> Text:
    line = _text(kind, style)
    line.append(f"  {name}", "dim" if not style else "")
    return line


def _text(text: str, style: str = "") -> Text:
    # Not markup: `[secret]` is printed unchanged.
    return Text(text.replace("\n", " "), style=style, no_wrap=True, overflow="ellipsis")
