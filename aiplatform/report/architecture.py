"""What a platform consists of, and who calls whom: a graph of the settings, for the picture of a review."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog.reading.model import Model
from config.backups import Backups
from config.settings import Settings
from config.types.references import RefersTo
from config.walk import marked
from config.workloads.workload import Workload

Place = Literal["people", "edge", "cluster", "capacity", "data", "region", "elsewhere"]
"""Where a node is: outside AWS, at the border of the VPC, in the cluster, its machines, in the subnets of data or of
servers, in the region outside the VPC, or in another region."""

_BALANCER, _API, _USERS, _OPERATORS, _TENANTS = "balancer", "api", "users", "operators", "tenants"
_STORES = ("databases", "auroraClusters", "caches", "fileSystems", "buckets")
_PARTS = {"kubeflow": "Kubeflow", "monitoring": "Prometheus and Grafana", "gitops": "Argo CD"}
_SHOWN = 3


@dataclass(frozen=True)
class Node:
    """A component of the picture."""

    key: str
    place: Place
    title: str
    text: str = ""
    region: str = ""
    """The other region; empty for that of the stack."""


@dataclass(frozen=True)
class Edge:
    """A call, or a copy."""

    source: str
    target: str
    text: str = ""


@dataclass(frozen=True)
class Architecture:
    """The picture before it is laid out."""

    stack: str
    region: str
    vpc: str
    cluster: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def architecture(settings: Settings, stack: str, *, has_ingress: bool) -> Architecture:
    """Return the components of a stack, and who calls whom."""
    actors = list(_actors(settings))
    found = [*_border(settings, has_ingress=has_ingress), *_stores(settings), *_capacity(settings)]
    found += [node for node, _, _ in actors]
    found += _elsewhere(settings)
    known = {node.key for node in found}
    edges = dict.fromkeys(edge for edge in _edges(settings, actors) if {edge.source, edge.target} <= known)
    tiers = settings.network.tiers()
    zones = sorted({one.zone for one in (*tiers.public, *tiers.private, *tiers.data, *tiers.control_plane)})
    return Architecture(
        stack,
        settings.project.region,
        f"VPC {settings.vpc_name()}, {settings.network.cidr}, zones {', '.join(zones)}",
        f"EKS {settings.cluster_name()}, Kubernetes {settings.cluster.version}",
        tuple(found),
        tuple(edges),
    )


_Actor = tuple[Node, Model, tuple[str, ...]]
"""A node in the cluster, its settings, and its hosts."""


def _actors(settings: Settings) -> Iterator[_Actor]:
    for one in settings.workloads.wanted():
        hosts = tuple(host.name for host in one.settings.hosts())
        text = ", ".join(hosts) or f"namespace {one.settings.own_namespace()}"
        yield Node(f"workloads.{one.path[1]}", "cluster", one.settings.TITLE, text), one.settings, hosts
    for key, title in _PARTS.items():
        part: Model | None = getattr(settings, key)
        if part is not None:
            host: str | None = getattr(part, "host", None)
            yield Node(key, "cluster", title, host or ""), part, (host,) if host else ()
    for key, environment in settings.environments.items():
        services = settings.services(key)
        hosts = tuple(one.host for one in environment.services.values() if one.host)
        yield Node(f"environments.{key}", "cluster", f"Environment {key}", _few(services)), environment, hosts
    if settings.tenants is not None:
        names = list(settings.tenants.all(settings.project.name))
        text = "isolated in namespaces, IAM and network"
        yield Node(_TENANTS, "cluster", f"{len(names)} tenants", text), settings.tenants, ()


def _few(names: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


def _border(settings: Settings, *, has_ingress: bool) -> Iterator[Node]:
    public, ingress = settings.cluster.endpoint, settings.ingress
    if has_ingress:
        where = "public" if ingress.internet_facing else "internal"
        who = "the internet" if ingress.internet_facing else "the VPC"
        yield Node(_USERS, "people", "Users", f"from {who}")
        yield Node(_BALANCER, "edge", f"Load balancer, {where}", ingress.domain or "HTTP without a domain")
    networks = _few([str(one) for one in public.public_cidrs])
    yield Node(_OPERATORS, "people", "Operators", f"from {networks}" if public.public else "from the VPC")
    yield Node(_API, "edge", "Kubernetes API", "public and private" if public.public and public.private else "")
    for key, server in settings.instances.items():
        count = f"{server.count} x " if server.count > 1 else ""
        yield Node(f"instances.{key}", "data", f"Server {key}", f"{count}{server.instance_type}")


def _stores(settings: Settings) -> Iterator[Node]:
    for key, database in settings.databases.items():
        zones = ", Multi-AZ" if database.multi_az else ""
        text = f"{database.engine} {database.engine_version}, {database.instance_class}{zones}"
        yield Node(f"databases.{key}", "data", f"RDS {key}", text)
    for key, aurora in settings.aurora_clusters.items():
        text = f"PostgreSQL {aurora.engine_version}, {1 + aurora.readers} instances"
        yield Node(f"auroraClusters.{key}", "data", f"Aurora {key}", text)
    for key, cache in settings.caches.items():
        text = f"{cache.engine} {cache.engine_version}, {cache.nodes} nodes"
        yield Node(f"caches.{key}", "data", f"ElastiCache {key}", text)
    for key in settings.file_systems:
        yield Node(f"fileSystems.{key}", "data", f"EFS {key}")
    for key in settings.buckets:
        yield Node(f"buckets.{key}", "region", f"S3 {key}", settings.bucket_name(key))


def _capacity(settings: Settings) -> Iterator[Node]:
    for key, group in settings.node_groups.items():
        scaling, spot = group.scaling, ", Spot" if group.capacity == "spot" else ""
        count = str(scaling.min) if scaling.min == scaling.max else f"{scaling.min} to {scaling.max}"
        yield Node(
            f"nodeGroups.{key}", "capacity", f"Node group {key}", f"{count} x {_few(group.instance_types)}{spot}"
        )
    for key, pool in settings.node_pools.items():
        yield Node(f"nodePools.{key}", "capacity", f"Karpenter {key}", _few(pool.instance_types))


def _replicas(settings: Settings) -> dict[str, tuple[str, str, str]]:
    """Return title, text and region of each copy in another region, by the key of what it is a copy of."""
    found = {
        f"buckets.{key}": (f"S3 replica of {key}", settings.replica_name(key), one.replicate_to)
        for key, one in settings.buckets.items()
    }
    found |= {
        f"databases.{key}": (f"RDS backups of {key}", "", one.replicate_to) for key, one in settings.databases.items()
    }
    return {key: (title, text, region) for key, (title, text, region) in found.items() if region is not None}


def _elsewhere(settings: Settings) -> Iterator[Node]:
    for key, (title, text, region) in _replicas(settings).items():
        yield Node(f"replica.{key}", "elsewhere", title, text, region)
    if settings.backups is not None and settings.backups.second_region is not None:
        yield Node("copies", "elsewhere", "AWS Backup", "copies of backups", settings.backups.second_region)


def _edges(settings: Settings, actors: list[_Actor]) -> Iterator[Edge]:
    yield Edge(_USERS, _BALANCER, "HTTPS")
    yield Edge(_OPERATORS, _API, "kubectl")
    for node, model, hosts in actors:
        # Without a host it is what the load balancer forwards all requests to.
        if hosts or (isinstance(model, Workload) and model.needs_ingress()):
            yield Edge(_BALANCER, node.key, _few(hosts))
        for found in marked(model, RefersTo):
            for section in found.marker.sections:
                target = section if section not in _STORES else f"{section}.{found.value}"
                # `workloads.vllm.models` is a map of a workload.
                target = ".".join(target.split(".")[:2])
                if target != node.key:
                    yield Edge(node.key, target)
    yield from _clients(settings)
    yield from (Edge(key, f"replica.{key}", "replication") for key in _replicas(settings))
    if settings.backups is not None:
        yield from _copied(settings, settings.backups)


def _clients(settings: Settings) -> Iterator[Edge]:
    """Yield the calls between workloads, and those of tenants and environments to workloads."""
    paths = {one.key: f"workloads.{one.path[1]}" for one in settings.workloads.wanted()}
    for one in settings.workloads.wanted():
        for asked in one.settings.asks():
            if asked in paths:
                yield Edge(paths[one.key], paths[asked])
        for served in one.settings.serves():
            if served.tenants:
                yield Edge(_TENANTS, paths[one.key])
            for key, environment in settings.environments.items():
                if served.reached_by(key, environment.connections):
                    yield Edge(f"environments.{key}", paths[one.key])


def _copied(settings: Settings, backups: Backups) -> Iterator[Edge]:
    if backups.second_region is not None:
        for section, stores in (("databases", settings.databases), ("auroraClusters", settings.aurora_clusters)):
            yield from (Edge(f"{section}.{key}", "copies", "backups") for key in stores)
