"""EC2 instances: placement, containers and inbound rules."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from catalog.reading.problems import Path, Problem, did_you_mean
from config.instances import SSH_PORT, Container, Opening, Server
from config.rules.exposure import opened
from config.rules.nodes import known_type
from config.rules.stack import Rule, Stack

USER_DATA_ROOM = 6000
"""Maximum number of characters of commands and environment variables of a server: EC2 accepts 16 KB of user data, of
which the platform uses less than 10."""


def _servers(stack: Stack) -> Iterator[tuple[Path, str, Server]]:
    for key, server in stack.settings.instances.items():
        yield ("instances", key), key, server


def types(stack: Stack) -> Iterator[Problem]:
    """EC2 offers the instance type."""
    for path, _, server in _servers(stack):
        yield from known_type((*path, "instanceType"), server.instance_type)


def capacity(stack: Stack) -> Iterator[Problem]:
    """Only a Spot instance has an interruption, a schedule can stop it, and production does not depend on it unseen."""
    for path, key, server in _servers(stack):
        if not server.is_spot():
            if server.interruption is not None:
                yield Problem(
                    (*path, "interruption"),
                    "has no effect on an On-Demand instance; set capacity: spot, or remove it",
                    because=((*path, "capacity"),),
                )
            continue
        if server.schedule is not None and server.on_interruption() == "terminate":
            yield Problem(
                (*path, "schedule"),
                "cannot stop a Spot instance of a one-time request; set interruption: stop, or remove the schedule",
                because=((*path, "interruption"),),
            )
        if stack.settings.project.is_production():
            yield Problem(
                (*path, "capacity"),
                f"EC2 can interrupt {key} with two minutes' notice, until there is capacity for "
                f"{server.instance_type} in {' or '.join(dict.fromkeys(server.zones))} again; use onDemand for what "
                "users wait for",
                severity="warning",
            )


def placement(stack: Stack) -> Iterator[Problem]:
    """An instance is in a zone with a subnet of its tier, and a bastion in a public subnet."""
    try:
        tiers = stack.settings.network.tiers()
    except ValueError:
        return
    for path, _, server in _servers(stack):
        if server.is_bastion() and server.tier == "private":
            yield Problem((*path, "tier"), "a bastion must be reachable; set public, or remove it")
        kind = server.stands_in()
        zones = tuple(dict.fromkeys(subnet.zone for subnet in (tiers.public if kind == "public" else tiers.private)))
        for index, zone in enumerate(server.zones):
            if zone not in zones:
                yield Problem(
                    (*path, "zones", index),
                    f"{zone} has no {kind} subnet{did_you_mean(zone, zones)}",
                    because=(("network",), (*path, "tier")),
                )


def names(stack: Stack) -> Iterator[Problem]:
    """Instance names, numbered ones included, are unique, and the private domain does not hide the public one."""
    first: dict[str, str] = {}
    for path, key, server in _servers(stack):
        for name in dict.fromkeys((key, *server.names(key))):
            if name in first:
                yield Problem(path, f"{name} is already the name of an instance of {first[name]}; rename one of them")
            first.setdefault(name, key)
    domain, public = stack.settings.private_domain(), stack.settings.ingress.domain
    if first and public is not None and f".{public}".endswith(f".{domain}"):
        yield Problem(
            ("network", "privateDomain"),
            f"{domain} would hide {public} in the VPC; choose another domain",
            because=(("ingress", "domain"),),
        )


# --- inbound rules ---


def openings(stack: Stack) -> Iterator[Problem]:
    """Each inbound rule has sources, no port is opened twice to a source, and none to the internet."""
    for path, _, server in _servers(stack):
        for index, opening in enumerate(server.allow_from):
            yield from _opening((*path, "allowFrom", index), opening)
        for (one, opening), (two, other) in combinations(enumerate(server.allow_from), 2):
            shared = sorted(set(_sources(opening)) & set(_sources(other)))
            if shared and opening.port <= other.last() and other.port <= opening.last():
                yield Problem(
                    (*path, "allowFrom", two),
                    f"opens a port to {shared[0]} that allowFrom[{one}] already opens; remove one of them",
                )
        if server.is_bastion() and not any(
            opening.port <= SSH_PORT <= opening.last() and opening.cidrs for opening in server.allow_from
        ):
            yield Problem(
                (*path, "allowFrom"),
                f"the bastion has no inbound rule for SSH; set your networks: {{port: {SSH_PORT}, cidrs: [...]}}",
            )


def _sources(opening: Opening) -> tuple[str, ...]:
    return (*(["the nodes"] if opening.nodes else []), *opening.instances, *map(str, opening.cidrs))


def _opening(path: Path, opening: Opening) -> Iterator[Problem]:
    if not _sources(opening):
        yield Problem(path, "the rule has no source; set nodes, instances or cidrs")
    if opening.last() < opening.port:
        yield Problem((*path, "toPort"), f"{opening.last()} is below port, {opening.port}; swap them")
    yield from opened((*path, "cidrs"), f"port {opening.port}", opening.cidrs)
    if len(set(opening.instances)) < len(opening.instances):
        yield Problem((*path, "instances"), "has a duplicate entry; remove one")


# --- containers ---


def containers(stack: Stack) -> Iterator[Problem]:
    """Each container has one image, unique host ports, and the GPUs and volumes that it requests exist."""
    for path, _, server in _servers(stack):
        published: dict[int, str] = {}
        for name, container in server.containers.items():
            here: Path = (*path, "containers", name)
            yield from _image(here, container)
            yield from _ports(here, name, container, published)
            if container.gpus and not server.has_gpus():
                yield Problem(
                    (*here, "gpus"),
                    f"requests GPUs, but {server.instance_type} has none; use a type such as g5.xlarge, or remove it",
                    because=((*path, "instanceType"),),
                )
            if container.mounts and server.data is None:
                yield Problem(
                    (*here, "mounts"),
                    f"requires a data volume; set instances.{path[1]}.data",
                    because=((*path, "data"),),
                )
            for variable in container.secrets:
                if variable in container.environment:
                    yield Problem(
                        (*here, "secrets", variable), f"{variable} is also set in environment; remove one of them"
                    )
        room = sum(map(_length, server.containers.values()))
        if room > USER_DATA_ROOM:
            yield Problem(
                (*path, "containers"),
                f"has commands and environment variables of {room} characters, but EC2 user data has room for "
                f"{USER_DATA_ROOM}; move long values to a file of the image, or to secrets",
            )


def _length(container: Container) -> int:
    texts: Mapping[str, str] = container.environment
    return sum(map(len, container.command)) + sum(len(key) + len(value) for key, value in texts.items())


def _image(path: Path, container: Container) -> Iterator[Problem]:
    if (container.image is None) == (container.repository is None):
        said = "neither image nor repository" if container.image is None else "both image and repository"
        yield Problem(path, f"has {said}; set one of them", because=((*path, "image"), (*path, "repository")))
    elif (container.repository is None) != (container.tag is None):
        fix = "repository requires tag; set it" if container.tag is None else "tag has no effect with image; remove it"
        yield Problem(path, fix, because=((*path, "tag"),))


def _ports(path: Path, name: str, container: Container, published: dict[int, str]) -> Iterator[Problem]:
    for index, port in enumerate(container.ports):
        if port.host in published:
            other = published[port.host]
            where = "this container" if other == name else f"container {other}"
            yield Problem((*path, "ports", index, "host"), f"{port.host} is already a port of {where}; choose another")
        elif port.host == SSH_PORT:
            yield Problem(
                (*path, "ports", index, "host"), f"{SSH_PORT} is the SSH port of the instance; choose another"
            )
        published.setdefault(port.host, name)


RULES: tuple[Rule, ...] = (types, capacity, placement, names, openings, containers)
