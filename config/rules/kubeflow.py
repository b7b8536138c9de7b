"""Kubeflow: parts that need each other, nodes that can run it, and people who can log in."""

from collections.abc import Iterator

from catalog.instance_types import instance_kind
from catalog.kubeflow_pods import asked
from catalog.quantities import CPU, MEMORY, PODS, shown
from catalog.reading.problems import Path, Problem, show
from catalog.versions import KUBEFLOW
from config.capacity import offered
from config.kubeflow import NEEDS, Kubeflow
from config.nodes import NodeGroup, Nodes
from config.reach import most_nodes
from config.rules.nodes import all_nodes
from config.rules.stack import Rule, Stack

_HERE: Path = ("kubeflow",)
_NODES: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), ("addons",))


def parts(stack: Stack) -> Iterator[Problem]:
    """Each part is there once, with those and with what else it needs."""
    section = stack.settings.kubeflow
    if section is None:
        return
    for index, part in enumerate(section.parts):
        path = (*_HERE, "parts", index)
        if part in section.parts[:index]:
            yield Problem(path, f"{part} stands here twice; keep one")
            continue
        missing = [one for one in NEEDS[part] if one not in section.parts]
        if missing:
            yield Problem(
                path,
                f"{part} needs {', '.join(missing)}; add what is missing, or take {part} out",
                because=((*_HERE, "parts"),),
            )
    if section.version != KUBEFLOW:
        yield Problem(
            (*_HERE, "version"),
            f"{section.version} is not {KUBEFLOW}, which the project's own folders name; leave version out",
        )
    storage = stack.settings.addons.ebs_csi
    if section.has("pipelines") and storage.enabled and not storage.default_storage_class:
        yield Problem(
            ("addons", "ebsCsi", "defaultStorageClass"),
            "false leaves the volumes of Kubeflow's pipelines without a class; write true, or leave pipelines out",
            because=((*_HERE, "parts"),),
        )


def people(stack: Stack) -> Iterator[Problem]:
    """Whoever comes by the host has to log in and sees something, and there is somebody who can."""
    section = stack.settings.kubeflow
    if section is None:
        return
    because = ((*_HERE, "parts"),)
    if section.host is not None and not section.has("login"):
        yield Problem(
            (*_HERE, "host"), "lets everybody in without the part login; add it, or remove the host", because=because
        )
    elif section.host is not None and not section.has("dashboard"):
        yield Problem(
            (*_HERE, "host"), "shows nothing without the part dashboard; add it, or remove the host", because=because
        )
    if section.has("login") and "tenants" not in stack.sections:
        yield Problem(
            _HERE,
            "nobody can log in without tenants; add that section, or leave login out of the parts",
            severity="warning",
            because=because,
        )


def _can_run(nodes: Nodes) -> bool:
    """Whether its pods go there: they tolerate no taint, and many of its images are for x86-64 alone."""
    return not [taint for taint in nodes.all_taints() if taint.effect != "PreferNoSchedule"] and all(
        instance_kind(one).architecture == "x86_64" for one in nodes.instance_types
    )


def nodes(stack: Stack) -> Iterator[Problem]:
    """There are nodes that its pods can run on, and enough of them."""
    section = stack.settings.kubeflow
    if section is None:
        return
    usable = [one for _, one in all_nodes(stack) if _can_run(one)]
    if not usable:
        yield Problem(
            _HERE,
            "has no nodes to run on: they need an x86-64 type and no taint, because some images are for no other; "
            "add a node group like {instanceTypes: [m7i.xlarge]}",
            because=_NODES,
        )
    elif all(isinstance(one, NodeGroup) for one in usable):
        yield from _room(stack, section, [one for one in usable if isinstance(one, NodeGroup)])


def _room(stack: Stack, section: Kubeflow, groups: list[NodeGroup]) -> Iterator[Problem]:
    addons, wanted = stack.settings.addons, asked(section.chosen())
    for resource in (CPU, MEMORY, PODS):
        there = sum(
            most_nodes(group, addons) * offered(group, prefixes=addons.vpc_cni.gives_prefixes())[resource]
            for group in groups
        )
        if wanted[resource] > there:
            yield Problem(
                _HERE,
                f"its own pods ask for {shown(resource, wanted[resource])}, and the nodes that they can run on grow to "
                f"{shown(resource, there)}; let those grow further, or leave parts out",
                because=_NODES,
            )
            return


def apart(stack: Stack) -> Iterator[Problem]:
    """Its namespaces and the names of its secrets are nobody else's; tenants have a rule of their own."""
    settings, section = stack.settings, stack.settings.kubeflow
    if section is None:
        return
    own = section.namespaces()
    for key in settings.environments:
        if settings.namespace(key) in own:
            path: Path = ("environments", key, "namespace")
            yield Problem(path, f"{settings.namespace(key)} is a namespace of Kubeflow; choose another")
    for workload in settings.workloads.wanted():
        name = workload.settings.own_namespace()
        if name in own:
            yield Problem((*workload.path, "namespace"), f"{name} is a namespace of Kubeflow; choose another")
    place = f"{settings.project.name}/kubeflow/"
    for key in settings.secrets:
        if settings.secret_name(key).startswith(place):
            yield Problem(
                ("secrets", key),
                f"{settings.secret_name(key)} lies below {place}, where {show(_HERE)} keeps its own; rename it",
            )


RULES: tuple[Rule, ...] = (parts, people, nodes, apart)
