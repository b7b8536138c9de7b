"""The load balancer's reach, zone and certificate."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, show
from config.applications import Service
from config.rules.stack import Rule, Stack
from config.walk import each

_DOMAIN: Path = ("ingress", "domain")


def zone(stack: Stack) -> Iterator[Problem]:
    """A domain has one zone: made here, looked up, or given."""
    ingress = stack.settings.ingress
    chosen = [
        name
        for name, value in (("create", ingress.zone.create), ("id", ingress.zone.id), ("lookup", ingress.zone.lookup))
        if value
    ]
    if ingress.domain is not None and len(chosen) != 1:
        found = " and ".join(chosen) if chosen else "nothing"
        yield Problem(("ingress", "zone"), f"says {found}; write one of create: true, lookup: true or id: Z...")
    if ingress.domain is None and "zone" in stack.names("ingress"):
        yield Problem(
            ("ingress", "zone"),
            "belongs to a domain, and ingress.domain is missing; add it, or remove the zone",
            because=(_DOMAIN,),
        )


def reach(stack: Stack) -> Iterator[Problem]:
    """An internet-facing load balancer says who may connect, and stands in two public subnets."""
    ingress = stack.settings.ingress
    if not ingress.internet_facing:
        return
    if not ingress.inbound_cidrs:
        yield Problem(
            ("ingress", "inboundCidrs"),
            "is missing for a load balancer that faces the internet; write 0.0.0.0/0 for everybody, or your networks, "
            "or public: false",
            because=(("ingress", "public"),),
        )
    subnets = stack.settings.network.subnets
    if subnets is not None and len({subnet.zone for subnet in subnets.public}) < 2:
        yield Problem(
            ("ingress", "public"),
            "needs public subnets in two zones; add one to network.subnets.public, or write public: false",
            because=(("network", "subnets"),),
        )


def certificate(stack: Stack) -> Iterator[Problem]:
    """A certificate belongs to a domain and to the region of its load balancer."""
    ingress, region = stack.settings.ingress, stack.settings.project.region
    if ingress.certificate_arn is None:
        return
    path = ("ingress", "certificateArn")
    if ingress.domain is None:
        yield Problem(path, "needs ingress.domain; add it, or remove the certificate", because=(_DOMAIN,))
    parts = ingress.certificate_arn.split(":")
    if parts[2] != "acm":
        yield Problem(path, f"names a resource of {parts[2]}; write the ARN of an ACM certificate")
    elif parts[3] != region:
        yield Problem(
            path,
            f"is a certificate of {parts[3]}; the load balancer in {region} needs one there",
            because=(("project", "region"),),
        )


def targets(stack: Stack) -> Iterator[Problem]:
    """Ports of nodes are opened for servers whose pods this program makes."""
    settings = stack.settings
    path: Path = ("ingress", "targets")
    if settings.ingress.targets == "ip":
        return
    if settings.ingress.owner == "controller":
        yield Problem(
            path,
            "instance needs a load balancer that Pulumi owns; write ip, or owner: pulumi",
            because=(("ingress", "owner"),),
        )
    charts = {
        "monitoring.host": settings.monitoring is not None and settings.monitoring.host is not None,
        "gitops.host": settings.gitops is not None and settings.gitops.host is not None,
        "kubeflow": settings.kubeflow is not None,
    }
    for name, wanted in charts.items():
        if wanted:
            yield Problem(
                path,
                f"instance does not reach {name}, whose Service is a chart's own; write ip, or remove {name}",
                because=((name.partition(".")[0],),),
            )


def public_hosts(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    """Every public name, where it is set, and the paths below it that it stands for."""
    settings = stack.settings
    for workload in settings.workloads.wanted():
        for host in workload.settings.hosts():
            yield (*workload.path, *host.path), host.name, host.below
    for name, section in (
        ("monitoring", settings.monitoring),
        ("gitops", settings.gitops),
        ("kubeflow", settings.kubeflow),
    ):
        if section is not None and section.host is not None:
            yield (name, "host"), section.host, "/"
    for path, service in each(settings, Service):
        if service.host is not None:
            yield (*path, "host"), service.host, service.path


def hosts(stack: Stack) -> Iterator[Problem]:
    """Public names lie in the domain whose zone and certificate the platform has, and each leads to one place."""
    domain, by_controller = stack.settings.ingress.domain, stack.settings.ingress.owner == "controller"
    first: dict[tuple[str, str], Path] = {}
    for path, host, below in public_hosts(stack):
        if domain is None:
            yield Problem(path, "needs ingress.domain; add it, or remove the host", because=(_DOMAIN,))
        elif host != domain and not host.endswith(f".{domain}"):
            yield Problem(path, f"{host} is not in ingress.domain, {domain}; write a name below it", because=(_DOMAIN,))
        elif host == domain and by_controller:
            yield Problem(
                path,
                f"{host} is the domain itself, which cannot lead to a controller's load balancer; write a name "
                "below it, or ingress.owner: pulumi",
                because=(_DOMAIN, ("ingress", "owner")),
            )
        other = first.setdefault((host, below), path)
        if other != path:
            where = host if below == "/" else f"{host}{below}"
            yield Problem(
                path,
                f"{where} leads to {show(other[:-1])} too; choose another host or path",
                because=((*path[:-1], "path"), (*other[:-1], "path")),
            )


RULES: tuple[Rule, ...] = (zone, reach, certificate, targets, hosts)
