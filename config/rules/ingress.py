"""The load balancer: scheme, inbound networks, hosted zone, certificate and targets."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, did_you_mean, show
from catalog.tls_policies import AS_OF as TLS_AS_OF
from catalog.tls_policies import TLS_POLICIES
from config.applications import Service
from config.rules.stack import Rule, Stack
from config.walk import each

_DOMAIN: Path = ("ingress", "domain")


def zone(stack: Stack) -> Iterator[Problem]:
    """A domain has one hosted zone: created, looked up, or given by id."""
    ingress = stack.settings.ingress
    chosen = [
        name
        for name, value in (("create", ingress.zone.create), ("id", ingress.zone.id), ("lookup", ingress.zone.lookup))
        if value
    ]
    if ingress.domain is not None and len(chosen) != 1:
        found = f"sets {' and '.join(chosen)}" if chosen else "is missing"
        yield Problem(("ingress", "zone"), f"{found}; set one of create: true, lookup: true or id: Z...")
    if ingress.domain is None and "zone" in stack.names("ingress"):
        yield Problem(
            ("ingress", "zone"),
            "requires ingress.domain; set it, or remove the zone",
            because=(_DOMAIN,),
        )


def reach(stack: Stack) -> Iterator[Problem]:
    """An internet-facing load balancer has inbound networks and public subnets in two zones."""
    ingress = stack.settings.ingress
    if not ingress.internet_facing:
        return
    if not ingress.inbound_cidrs:
        yield Problem(
            ("ingress", "inboundCidrs"),
            "is missing for an internet-facing load balancer; set your networks, 0.0.0.0/0 for the internet, "
            "or public: false",
            because=(("ingress", "public"),),
        )
    subnets = stack.settings.network.subnets
    if subnets is not None and len({subnet.zone for subnet in subnets.public}) < 2:
        yield Problem(
            ("ingress", "public"),
            "requires public subnets in two zones; add one to network.subnets.public, or set public: false",
            because=(("network", "subnets"),),
        )


def target_zones(stack: Stack) -> Iterator[Problem]:
    """The load balancer has a subnet in each zone with pods: it does not route to targets in other zones.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones
    """
    subnets = stack.settings.network.subnets
    if subnets is None or not stack.settings.ingress.internet_facing:
        return
    covered = {subnet.zone for subnet in subnets.public}
    missing = sorted({subnet.zone for subnet in subnets.private} - covered)
    if len(covered) > 1 and missing:
        yield Problem(
            ("network", "subnets", "public"),
            f"has no subnet in {', '.join(missing)}, where pods can run, and the load balancer does not route to "
            "targets there; add one for each zone of the private tier",
            severity="warning" if covered & {subnet.zone for subnet in subnets.private} else "error",
            because=(("ingress", "public"),),
        )


def tls_policy(stack: Stack) -> Iterator[Problem]:
    """Elastic Load Balancing has the TLS policy; one that the table lacks can be newer."""
    policy = stack.settings.ingress.tls_policy
    if policy not in TLS_POLICIES:
        yield Problem(
            ("ingress", "tlsPolicy"),
            f"{policy} is not in the table of TLS policies of {TLS_AS_OF}; check with `aws elbv2 describe-ssl-policies`"
            f"{did_you_mean(policy, TLS_POLICIES)}",
            severity="warning",
        )


def certificate(stack: Stack) -> Iterator[Problem]:
    """A certificate has a domain."""
    ingress = stack.settings.ingress
    if ingress.certificate_arn is not None and ingress.domain is None:
        path = ("ingress", "certificateArn")
        yield Problem(path, "requires ingress.domain; set it, or remove the certificate", because=(_DOMAIN,))


def targets(stack: Stack) -> Iterator[Problem]:
    """Targets of type instance have NodePort Services of this program."""
    settings = stack.settings
    path: Path = ("ingress", "targets")
    if settings.ingress.targets == "ip":
        return
    if settings.ingress.owner == "controller":
        yield Problem(
            path,
            "instance requires owner: pulumi; set it, or targets: ip",
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
                f"instance cannot reach {name}, whose Service has no node port; set targets: ip, or remove {name}",
                because=((name.partition(".")[0],),),
            )


def public_hosts(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    """Yield the path of each setting with a public host, the host, and the URL path that it serves."""
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
    """Public hosts are in the platform's domain, and each host and path has one target."""
    domain, by_controller = stack.settings.ingress.domain, stack.settings.ingress.owner == "controller"
    first: dict[tuple[str, str], Path] = {}
    for path, host, below in public_hosts(stack):
        if domain is None:
            yield Problem(path, "requires ingress.domain; set it, or remove the host", because=(_DOMAIN,))
        elif host != domain and not host.endswith(f".{domain}"):
            yield Problem(path, f"{host} is not in ingress.domain, {domain}; use a name below it", because=(_DOMAIN,))
        elif host == domain and by_controller:
            yield Problem(
                path,
                f"{host} is the domain itself, which cannot be an alias of a controller's load balancer; use a name "
                "below it, or set ingress.owner: pulumi",
                because=(_DOMAIN, ("ingress", "owner")),
            )
        other = first.setdefault((host, below), path)
        if other != path:
            where = host if below == "/" else f"{host}{below}"
            yield Problem(
                path,
                f"{where} is already the address of {show(other[:-1])}; choose another host or path",
                because=((*path[:-1], "path"), (*other[:-1], "path")),
            )


RULES: tuple[Rule, ...] = (zone, reach, target_zones, tls_policy, certificate, targets, hosts)
