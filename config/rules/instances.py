"""EC2 instances: where they stand, what runs on them, and who gets in."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from catalog.reading.problems import Path, Problem, did_you_mean
from config.instances import SSH_PORT, Container, Opening, Server
from config.rules.nodes import known_type
from config.rules.stack import Rule, Stack

WIDEST = 8
"""The largest network that one organization has: two halves of the world are the world, too."""

USER_DATA_ROOM = 6000
"""Characters that commands and environments of a server may have: EC2 takes 16 KB of user data, and what the platform
writes there itself is below 10."""

IOPS_PER_MIBPS = 4
"""https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"""


def _servers(stack: Stack) -> Iterator[tuple[Path, str, Server]]:
    for key, server in stack.settings.instances.items():
        yield ("instances", key), key, server


def types(stack: Stack) -> Iterator[Problem]:
    """The type is on sale."""
    for path, _, server in _servers(stack):
        yield from known_type((*path, "instanceType"), server.instance_type)


def placement(stack: Stack) -> Iterator[Problem]:
    """An instance stands in a zone with a subnet of its kind, and people reach a bastion from outside."""
    try:
        tiers = stack.settings.network.tiers()
    except ValueError:
        return
    for path, _, server in _servers(stack):
        if server.is_bastion() and server.tier == "private":
            yield Problem((*path, "tier"), "private keeps people out of a bastion; write public, or remove it")
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
    """Several instances of one kind are numbered, and their names are nobody else's."""
    first: dict[str, str] = {}
    for path, key, server in _servers(stack):
        for name in dict.fromkeys((key, *server.names(key))):
            if name in first:
                yield Problem(path, f"{name} is the name of an instance of {first[name]} too; rename one")
            first.setdefault(name, key)
    domain, public = stack.settings.private_domain(), stack.settings.ingress.domain
    if first and public is not None and f".{public}".endswith(f".{domain}"):
        yield Problem(
            ("network", "privateDomain"),
            f"{domain} would hide {public} from the VPC; choose another",
            because=(("ingress", "domain"),),
        )


# --- who gets in ---


def openings(stack: Stack) -> Iterator[Problem]:
    """Ports open to somebody, each once, and never to the world."""
    for path, _, server in _servers(stack):
        for index, opening in enumerate(server.allow_from):
            yield from _opening((*path, "allowFrom", index), opening)
        for (one, opening), (two, other) in combinations(enumerate(server.allow_from), 2):
            shared = sorted(set(_sources(opening)) & set(_sources(other)))
            if shared and opening.port <= other.last() and other.port <= opening.last():
                yield Problem(
                    (*path, "allowFrom", two),
                    f"opens a port to {shared[0]} that allowFrom[{one}] opens already; write each once",
                )
        if server.is_bastion() and not any(
            opening.port <= SSH_PORT <= opening.last() and opening.cidrs for opening in server.allow_from
        ):
            yield Problem(
                (*path, "allowFrom"),
                f"lets nobody in at the bastion; write the networks of your people: {{port: {SSH_PORT}, cidrs: [...]}}",
            )


def _sources(opening: Opening) -> tuple[str, ...]:
    return (*(["the nodes"] if opening.nodes else []), *opening.instances, *map(str, opening.cidrs))


def _opening(path: Path, opening: Opening) -> Iterator[Problem]:
    if not _sources(opening):
        yield Problem(path, "opens a port to nobody; write nodes: true, instances or cidrs")
    if opening.last() < opening.port:
        yield Problem((*path, "toPort"), f"{opening.last()} is below port, {opening.port}; swap them")
    for index, cidr in enumerate(opening.cidrs):
        if cidr.prefixlen < WIDEST:
            yield Problem(
                (*path, "cidrs", index),
                f"{cidr} opens port {opening.port} to the world; name the networks that need it",
            )
    for name, values in (("instances", opening.instances), ("cidrs", opening.cidrs)):
        if len(set(values)) < len(values):
            yield Problem((*path, name), "names one of them twice; keep one")


# --- what runs there ---


def containers(stack: Stack) -> Iterator[Problem]:
    """Each container has one image, ports of its own, and what it asks for is there."""
    for path, _, server in _servers(stack):
        published: dict[int, str] = {}
        for name, container in server.containers.items():
            here: Path = (*path, "containers", name)
            yield from _image(here, container)
            yield from _ports(here, name, container, published)
            if container.gpus and not server.has_gpus():
                yield Problem(
                    (*here, "gpus"),
                    f"asks for GPUs, and {server.instance_type} has none; take one such as g5.xlarge, or remove it",
                    because=((*path, "instanceType"),),
                )
            if container.mounts and server.data is None:
                yield Problem(
                    (*here, "mounts"), f"needs a data volume; add data to {path[1]}", because=((*path, "data"),)
                )
            for variable in container.secrets:
                if variable in container.environment:
                    yield Problem(
                        (*here, "secrets", variable), f"{variable} stands in environment too; keep one of them"
                    )
        room = sum(map(_length, server.containers.values()))
        if room > USER_DATA_ROOM:
            yield Problem(
                (*path, "containers"),
                f"has commands and environments of {room} characters, and EC2's user data takes {USER_DATA_ROOM}; "
                "put long values into a file of the image, or into secrets",
            )


def _length(container: Container) -> int:
    texts: Mapping[str, str] = container.environment
    return sum(map(len, container.command)) + sum(len(key) + len(value) for key, value in texts.items())


def _image(path: Path, container: Container) -> Iterator[Problem]:
    if (container.image is None) == (container.repository is None):
        said = "neither image nor repository" if container.image is None else "both image and repository"
        yield Problem(path, f"has {said}; write one of them", because=((*path, "image"), (*path, "repository")))
    elif (container.repository is None) != (container.tag is None):
        fix = (
            "tag is missing beside repository; add it" if container.tag is None else "has a tag beside image; remove it"
        )
        yield Problem(path, fix, because=((*path, "tag"),))


def _ports(path: Path, name: str, container: Container, published: dict[int, str]) -> Iterator[Problem]:
    for index, port in enumerate(container.ports):
        if port.host in published:
            other = published[port.host]
            where = "here" if other == name else f"by {other}"
            yield Problem((*path, "ports", index, "host"), f"{port.host} is taken {where} already; choose another")
        elif port.host == SSH_PORT:
            yield Problem(
                (*path, "ports", index, "host"), f"{SSH_PORT} is the port of the server's own SSH; choose another"
            )
        published.setdefault(port.host, name)


def volumes(stack: Stack) -> Iterator[Problem]:
    """A volume's speed is one that EBS sells."""
    for path, _, server in _servers(stack):
        data = server.data
        if data is not None and data.throughput * IOPS_PER_MIBPS > data.iops:
            yield Problem(
                (*path, "data", "throughput"),
                f"{data.throughput} MiB/s need {data.throughput * IOPS_PER_MIBPS} iops; raise iops, {data.iops}",
                because=((*path, "data", "iops"),),
            )


RULES: tuple[Rule, ...] = (types, placement, names, openings, containers, volumes)
