"""Kubeflow: dependencies of its parts, login, nodes and namespaces."""

from collections.abc import Iterator

from catalog.instance_types import instance_kind
from catalog.kubeflow_pods import asked
from catalog.quantities import CPU, MEMORY, PODS, shown
from catalog.reading.problems import Path, Problem, show
from catalog.versions import KUBEFLOW
from config.capacity import offered
from config.kubeflow import KATIB_DATABASE, NEEDS, Kubeflow, KubeflowPart
from config.nodes import NodeGroup, Nodes
from config.reach import most_nodes
from config.rules.nodes import all_nodes
from config.rules.stack import Rule, Stack

_HERE: Path = ("kubeflow",)
_STORED: dict[KubeflowPart, str] = {"pipelines": "Kubeflow Pipelines", "katib": "Katib"}
"""Parts with volume claims that name no StorageClass, by what people call them."""

_NODES: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), ("addons",))


def parts(stack: Stack) -> Iterator[Problem]:
    """Each part is listed once, with the parts and the storage that it requires."""
    section = stack.settings.kubeflow
    if section is None:
        return
    for index, part in enumerate(section.parts):
        path = (*_HERE, "parts", index)
        if part in section.parts[:index]:
            yield Problem(path, f"duplicate part {part}")
            continue
        missing = [one for one in NEEDS[part] if one not in section.parts]
        if missing:
            yield Problem(
                path,
                f"{part} requires {', '.join(missing)}; add what is missing, or remove {part}",
                because=((*_HERE, "parts"),),
            )
    if section.version != KUBEFLOW:
        yield Problem(
            (*_HERE, "version"),
            f"{section.version} is not {KUBEFLOW}, the only supported version; remove it",
        )
    culling, here = section.culling, (*_HERE, "culling")
    if "culling" in section.model_fields_set and not section.has("notebooks"):
        yield Problem(
            here, "has no effect without notebooks in kubeflow.parts; remove it", because=((*_HERE, "parts"),)
        )
    if culling.check_minutes > culling.idle_minutes:
        yield Problem(
            (*here, "checkMinutes"),
            f"{culling.check_minutes} is more than idleMinutes, so a notebook stays idle for longer; set at most "
            f"{culling.idle_minutes}",
            because=((*here, "idleMinutes"),),
        )
    storage = stack.settings.addons.ebs_csi
    stored = [part for part in _STORED if section.has(part)]
    if stored and storage.enabled and not storage.default_storage_class:
        yield Problem(
            ("addons", "ebsCsi", "defaultStorageClass"),
            f"{' and '.join(map(_STORED.__getitem__, stored))} {'require' if stored[1:] else 'requires'} a default "
            f"StorageClass; set true, or remove {' and '.join(stored)} from kubeflow.parts",
            because=((*_HERE, "parts"),),
        )


def people(stack: Stack) -> Iterator[Problem]:
    """A public host requires a login and a dashboard, and a login requires users."""
    section = stack.settings.kubeflow
    if section is None:
        return
    because = ((*_HERE, "parts"),)
    if section.host is not None and not section.has("login"):
        yield Problem(
            (*_HERE, "host"),
            "gives access without authentication; add login to kubeflow.parts, or remove the host",
            because=because,
        )
    elif section.host is not None and not section.has("dashboard"):
        yield Problem(
            (*_HERE, "host"),
            "requires the part dashboard; add it to kubeflow.parts, or remove the host",
            because=because,
        )
    if section.has("login") and "tenants" not in stack.sections:
        yield Problem(
            _HERE,
            "has no users that can log in; add the section tenants, or remove login from kubeflow.parts",
            severity="warning",
            because=because,
        )


def _can_run(nodes: Nodes) -> bool:
    """Return whether Kubeflow's pods run on the nodes: they tolerate no taint, and many images are x86-64 only."""
    return not [taint for taint in nodes.all_taints() if taint.effect != "PreferNoSchedule"] and all(
        instance_kind(one).architecture == "x86_64" for one in nodes.instance_types
    )


def nodes(stack: Stack) -> Iterator[Problem]:
    """There are nodes that Kubeflow's pods can run on, with enough maximum capacity."""
    section = stack.settings.kubeflow
    if section is None:
        return
    usable = [one for _, one in all_nodes(stack) if _can_run(one)]
    if not usable:
        yield Problem(
            _HERE,
            "no node group can run Kubeflow's pods, which require x86-64 instances without taints; "
            "add one, for example {instanceTypes: [m7i.xlarge]}",
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
                f"its pods request {shown(resource, wanted[resource])}, but the maximum capacity of nodes that can run "
                f"them is {shown(resource, there)}; increase it, or remove parts",
                because=_NODES,
            )
            return


def apart(stack: Stack) -> Iterator[Problem]:
    """Kubeflow's namespaces and secret names are not used by others; tenants.profiles checks those of tenants."""
    settings, section = stack.settings, stack.settings.kubeflow
    if section is None:
        return
    own = section.namespaces()
    for key in settings.environments:
        if settings.namespace(key) in own:
            path: Path = ("environments", key, "namespace")
            yield Problem(path, f"{settings.namespace(key)} is already a namespace of Kubeflow; choose another")
    for workload in settings.workloads.wanted():
        name = workload.settings.own_namespace()
        if name in own:
            yield Problem((*workload.path, "namespace"), f"{name} is already a namespace of Kubeflow; choose another")
    place = f"{settings.project.name}/kubeflow/"
    for key in settings.secrets:
        name = settings.secret_name(key)
        if name.startswith(place):
            yield Problem(
                ("secrets", key), f"{name} begins with {place}, which is reserved for {show(_HERE)}; rename it"
            )
        elif section.has("katib") and name == f"{settings.project.name}/{KATIB_DATABASE}":
            yield Problem(("secrets", key), f"{name} is reserved for the database of Katib; rename it")


def source(stack: Stack) -> Iterator[Problem]:
    """Only a directory has a digest, and images in the stack's registry."""
    section, registry = stack.settings.kubeflow, stack.settings.images.registry
    if section is None or not section.is_remote():
        return
    path: Path = (*_HERE, "source")
    if section.sha256 is not None:
        yield Problem(
            (*_HERE, "sha256"),
            "has no effect with a Git repository; set kubeflow.source to a directory, or remove it",
            because=(path,),
        )
    if registry is not None:
        yield Problem(
            path,
            "manifests in Git have images of other registries than images.registry; write a directory with "
            f"`aiplatform manifests --out manifests --registry {registry}`, and set source and sha256",
            because=(("images", "registry"),),
        )


RULES: tuple[Rule, ...] = (parts, people, source, nodes, apart)
